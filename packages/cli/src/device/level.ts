import { KeepsakeError } from "@keepsake/core/base";
import { copyTo, relate, type CopyResult } from "@keepsake/core/care";
import { loadHistory, type History } from "@keepsake/core/history";
import { newestSnapshot, type Vault } from "@keepsake/core/vault";
import type { Context } from "../context.ts";
import { noteSeen } from "./open.ts";
import type { Profile } from "./profile.ts";
import { isReachable, openStore } from "./stores/stores.ts";

/** What became of a copy. */
export type Leveled =
  | { readonly place: string; readonly outcome: "level" | "brought" | "taken"; readonly result: CopyResult }
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
  let seen = profile;
  for (const copy of Object.keys(profile.stores).filter((each) => each !== place)) {
    try {
      if (!(await isReachable(copy))) throw new KeepsakeError("store.unavailable", { retry: "later" });
      const { outcome, result } = await levelOne(context, vault, copy);
      leveled.push({ place: copy, outcome, result });
      const snapshot = await newestSnapshot(vault);
      // Two copies that are level show the same version.
      for (const each of [copy, place]) seen = await noteSeen(context, seen, { place: each, snapshot });
    } catch (error) {
      if (!KeepsakeError.is(error) || KeepsakeError.is(error, "base.aborted")) throw error;
      leveled.push({ place: copy, outcome: "failed", error });
    }
  }
  return leveled;
}

async function levelOne(
  context: Context,
  vault: Vault,
  copy: string,
): Promise<{ readonly outcome: "level" | "brought" | "taken"; readonly result: CopyResult }> {
  const { signal, output } = context;
  const other: Vault = { ...vault, store: await openStore(context, copy) };
  const options = { signal, report: output.report, reads: "missing" } as const;
  const { relation } = await relate(vault, other);
  const isBehind = relation === "behind";
  const from: History = await historyOf(isBehind ? other : vault);
  const result = await copyTo(from, (isBehind ? vault : other).store, options);
  const isSame = relation === "same" && result.copiedPacks === 0;
  return { outcome: isBehind ? "taken" : isSame ? "level" : "brought", result };
}

async function historyOf(vault: Vault): Promise<History> {
  return loadHistory(vault, await newestSnapshot(vault));
}
