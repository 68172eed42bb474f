import { KeepsakeError } from "@keepsake/core/base";
import { copyTo, relate, withNewerKeys, type CopyResult } from "@keepsake/core/care";
import { loadHistory, type History } from "@keepsake/core/history";
import { newestSnapshot, type Store, type Vault } from "@keepsake/core/vault";
import type { Context } from "../context.ts";
import { noteSeen, openAt } from "./open.ts";
import { noteLevel, type Profile } from "./profile.ts";
import { isReachable, openStore } from "./stores/stores.ts";

/** What became of a copy. */
export type Leveled =
  | {
      readonly place: string;
      /** `lacking`: packs are whole neither there nor here. */
      readonly outcome: "level" | "brought" | "taken" | "lacking";
      readonly result: CopyResult;
    }
  /** Not reached now, or not to be brought level: the error says why. */
  | { readonly place: string; readonly outcome: "failed"; readonly error: KeepsakeError };

/**
 * Makes all copies that this device knows of one again: what the store has and a copy has not goes there, and the other
 * way round where the copy is ahead. What both list alike is not read. A copy that cannot be reached is passed over.
 */
export async function levelCopies(
  context: Context,
  { vault, profile, place }: { readonly vault: Vault; readonly profile: Profile; readonly place: string },
): Promise<readonly Leveled[]> {
  const leveled: Leveled[] = [];
  let current = vault;
  for (const copy of Object.keys(profile.stores).filter((each) => each !== place)) {
    try {
      if (!(await isReachable(copy))) throw new KeepsakeError("store.unavailable", { retry: "later" });
      const second = await openStore(context, copy);
      current = await withKeysOf(context, second, { vault: current, place });
      const one = await levelOne(context, current, second);
      leveled.push({ place: copy, ...one });
      const snapshot = await newestSnapshot(current);
      // Two copies that are level show the same version.
      for (const each of [copy, place]) await noteSeen(context, profile, { place: each, snapshot });
      if (one.outcome !== "lacking")
        await noteLevel(context.env, profile, { place: copy, now: context.clock.now() });
    } catch (error) {
      if (!KeepsakeError.is(error) || KeepsakeError.is(error, "base.aborted")) throw error;
      leveled.push({ place: copy, outcome: "failed", error });
    }
  }
  return leveled;
}

/** The vault; opened with the keys of a copy where they were changed there. */
async function withKeysOf(
  context: Context,
  second: Store,
  { vault, place }: { readonly vault: Vault; readonly place: string },
): Promise<Vault> {
  const newest = async (store: Store): Promise<string> => {
    let found = "";
    for await (const { name } of store.list("slots/")) if (name > found) found = name;
    return found;
  };
  if ((await newest(second)) <= (await newest(vault.store))) return vault;
  const store = await withNewerKeys(vault.store, second);
  if (store === undefined) return vault;
  return { ...(await openAt(context, place, store)).vault, store: vault.store };
}

async function levelOne(
  context: Context,
  vault: Vault,
  second: Store,
): Promise<Pick<Exclude<Leveled, { outcome: "failed" }>, "outcome" | "result">> {
  const { signal, output } = context;
  const other: Vault = { ...vault, store: second };
  const options = { signal, report: output.report, reads: "missing" } as const;
  const { relation } = await relate(vault, other);
  const isBehind = relation === "behind";
  const from: History = await historyOf(isBehind ? other : vault);
  const result = await copyTo(from, (isBehind ? vault : other).store, options);
  if (result.lost.length > 0) return { outcome: "lacking", result };
  const isSame = relation === "same" && result.copiedPacks === 0;
  return { outcome: isBehind ? "taken" : isSame ? "level" : "brought", result };
}

async function historyOf(vault: Vault): Promise<History> {
  return loadHistory(vault, await newestSnapshot(vault));
}
