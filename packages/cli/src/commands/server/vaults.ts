import { eachBounded, KeepsakeError } from "@keepsake/core/base";
import { describeServer, serverStore, trashLines, type Connection } from "@keepsake/core/client";
import type { Context, Run } from "../../context.ts";
import { amendMembership, type KeptMembership } from "../../device/memberships.ts";
import { readProfiles, updateProfile } from "../../device/profile.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import * as words from "../../ui/messages/server/vaults.ts";
import type { Outcome } from "../../ui/output.ts";
import { countText, instantText, sizeText } from "../../ui/values.ts";
import { requireConsent } from "../consent.ts";

const AT_ONCE = 4;

interface Login {
  readonly connection: Connection;
  readonly membership: KeptMembership;
}

/** Lists the vaults that a member has on a server, or puts all of one into the trash there. */
export const run: Run = async (context) => {
  const { input } = context;
  const login = await connect(context, parseAddress(input.args[0] ?? "").url);
  const id = input.text("remove");
  return id === undefined ? list(context, login) : remove(context, login, id);
};

async function list({ output }: Context, { connection, membership }: Login): Promise<Outcome> {
  const { vaults, copiedMs } = await connection.call("GET /v1/vaults");
  const rows: string[][] = [];
  for (const vault of vaults) {
    const newestMs = await newestVersionMs(connection, vault);
    const isMeant = vault.id === membership.vault;
    output.event("vault", { ...vault, isMeant, ...(newestMs !== undefined && { newestMs }) });
    rows.push([
      vault.id,
      sizeText(vault.usedBytes),
      countText(vault.receipts),
      newestMs === undefined ? "" : instantText(newestMs),
      isMeant ? output.text(words.meant) : "",
    ]);
  }
  const { id, size, versions, newest, note } = words.columns;
  output.table(
    [
      { title: output.text(id) },
      { title: output.text(size), align: "right" },
      { title: output.text(versions), align: "right" },
      { title: output.text(newest) },
      { title: output.text(note) },
    ],
    rows,
  );
  if (rows.length === 0) output.say(words.none);
  if (copiedMs !== undefined) output.say(words.copied, { time: instantText(copiedMs) });
  return { data: { vaults: rows.length, ...(copiedMs !== undefined && { copiedMs }) } };
}

/** By the last receipt that the server gave. */
async function newestVersionMs(
  connection: Connection,
  { id, receipts }: { readonly id: string; readonly receipts: number },
): Promise<number | undefined> {
  if (receipts === 0) return undefined;
  const { receipts: last } = await connection.call("GET /v1/vaults/{vault}/receipts", {
    params: { vault: id },
    query: { after: String(receipts - 1) },
  });
  return last.at(-1)?.atMs;
}

async function remove(context: Context, login: Login, id: string): Promise<Outcome> {
  const { output, env } = context;
  const { connection, membership } = login;
  const { vaults } = await connection.call("GET /v1/vaults");
  const vault = vaults.find((each) => each.id === id);
  if (vault === undefined) throw new KeepsakeError("member.unknown-vault");
  const { trashDays } = await describeServer(connection);
  const address = `${membership.url}#${id}`;
  const places = membership.vault === id ? [address, membership.url] : [address];
  const values = { address, size: sizeText(vault.usedBytes), days: countText(trashDays) };
  const others = await otherCopies(env, places);
  await requireConsent(context, others.length === 0 ? words.askRemoveLast : words.askRemove, {
    ...values,
    others: others.join(", "),
  });
  const removed = await removeAll(login, id);
  await forgetPlaces(env, places);
  await amendMembership(env, membership, ({ vault: meant, ...kept }) =>
    meant === id || meant === undefined ? kept : { ...kept, vault: meant },
  );
  const sinceMs = removed === 0 ? context.clock.now() : await removedSince(connection, id, removed);
  output.say(words.removed, { ...values, n: countText(removed), since: typed(sinceMs) });
  return { data: { vault: id, removed, sinceMs } };
}

/** Heads first: who looks meanwhile finds no vault, rather than one that is damaged. */
async function removeAll({ connection }: Login, vault: string): Promise<number> {
  const store = serverStore({ connection, vault });
  let removed = 0;
  for (const folder of ["heads/", ""]) {
    const names: string[] = [];
    for await (const { name } of store.list(folder)) names.push(name);
    await eachBounded(names, AT_ONCE, (name) => store.remove(name));
    removed += names.length;
  }
  return removed;
}

/** The server's time from which on these newest lines of the trash were removed. */
async function removedSince(connection: Connection, vault: string, lines: number): Promise<number> {
  let [sinceMs, left] = [Number.MAX_SAFE_INTEGER, lines];
  for await (const { removedMs } of trashLines(connection, vault)) {
    if (left-- === 0) break;
    sinceMs = Math.min(sinceMs, removedMs);
  }
  return sinceMs;
}

/** As `--restore-since` takes it: the local time, to the second. */
function typed(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** Where else this device has seen the same vault. */
async function otherCopies(env: NodeJS.ProcessEnv, places: readonly string[]): Promise<readonly string[]> {
  const profiles = await readProfiles(env);
  const stores = profiles
    .map((profile) => Object.keys(profile.stores))
    .find((known) => known.some((place) => places.includes(place)));
  return (stores ?? []).filter((place) => !places.includes(place));
}

/** Otherwise the next backup would bring the copy level again. */
async function forgetPlaces(env: NodeJS.ProcessEnv, places: readonly string[]): Promise<void> {
  for (const profile of await readProfiles(env)) {
    if (!places.some((place) => place in profile.stores)) continue;
    await updateProfile(env, profile.vault, (kept = profile) => ({
      ...kept,
      stores: without(kept.stores, places),
      leveledAt: without(kept.leveledAt ?? {}, places),
    }));
  }
}

function without<T>(
  record: Readonly<Record<string, T>>,
  names: readonly string[],
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
