import { bytesToHex, KeepsakeError, type Bytes } from "../../base/index.ts";
import { dayOf, periodOf, type Routes } from "../../protocol/index.ts";
import type { Connection } from "../connection.ts";
import { fetchTickets, pinnedTicketKey, showTickets, wantedTickets, type Ticket } from "./tickets.ts";

/** What the server says of an account that pays. */
export type AccountState = Routes["GET /v1/pay/account"]["answer"];

/**
 * A way to the server as who pays: an account of a key that is for this alone, so that nothing joins what is paid to
 * the member who stores. `seeds` are the vault's, the newest first. An account of an older one is moved to the newest;
 * where there is none, it is made if that is wanted. Undefined where there is none and none is to be made.
 */
export async function openPayer(
  connection: Connection,
  seeds: readonly Bytes[],
  { isNew }: { readonly isNew: boolean },
): Promise<Connection | undefined> {
  const [newest, ...older] = seeds;
  if (newest === undefined) return undefined;
  const found = await accountOf(connection, newest, false);
  if (found !== undefined) return found;
  for (const seed of older) {
    const before = await accountOf(connection, seed, false);
    if (before === undefined) continue;
    await before.call("PUT /v1/pay/account/key", { body: { key: await keyOf(connection, newest) } });
    return accountOf(connection, newest, false);
  }
  return isNew ? accountOf(connection, newest, true) : undefined;
}

async function accountOf(
  connection: Connection,
  seed: Bytes,
  isNew: boolean,
): Promise<Connection | undefined> {
  const asKey = connection.with({ deviceSeed: seed, token: "" });
  try {
    const body = { key: await keyOf(connection, seed), isNew };
    const { account } = await asKey.call("POST /v1/pay/account", { body });
    return connection.with({ deviceSeed: seed, token: `pay.${account}` });
  } catch (error) {
    if (KeepsakeError.is(error, "pay.no-account")) return undefined;
    throw error;
  }
}

async function keyOf({ primitives }: Connection, seed: Bytes): Promise<string> {
  return bytesToHex(await primitives.ed25519.publicKey(seed));
}

/** What a device keeps of tickets: to be kept sealed. */
export interface KeptTickets {
  /** The server's key of tickets, as it was the first time. */
  readonly key: string;
  readonly tickets: readonly Ticket[];
}

/**
 * Brings a member the room that is paid for: gets the tickets that are not there yet, and shows those of this time.
 * Throws `ticket.changed-key`, `ticket.bad-proof`.
 */
export async function bringLevel({
  member,
  ...given
}: GetOptions & { readonly member: Connection }): Promise<{
  readonly kept: KeptTickets;
  readonly level: Routes["POST /v1/level"]["answer"];
}> {
  const { cell } = await member.call("GET /v1/level");
  const kept = await getTickets({ ...given, cell });
  return { kept, level: await showTickets(member, kept.tickets, dayOf(given.now)) };
}

interface GetOptions {
  readonly payer: Connection;
  /** The oldest of the vault's seeds of who pays. */
  readonly seed: Bytes;
  readonly kept: KeptTickets | undefined;
  readonly now: number;
}

/**
 * Gets the tickets for what is paid for that are not there yet, for a member of a cell. Each device does it on each day
 * that it is on, and shows them at another time, so that nobody can put the two together. Throws as `bringLevel` does.
 */
export async function getTickets({
  payer,
  seed,
  kept,
  now,
  cell,
}: GetOptions & { readonly cell: number }): Promise<KeptTickets> {
  const key = await pinnedTicketKey(payer, kept?.key);
  const { levels } = await payer.call("GET /v1/pay/account");
  const today = dayOf(now);
  const levelOn = (day: number): number =>
    levels.find(({ fromDay, untilDay }) => fromDay <= day && day < untilDay)?.levelBytes ?? 0;
  const have = kept?.tickets ?? [];
  const wanted = wantedTickets({ today, cell, levelOn, have });
  const ask = async (tickets: Routes["POST /v1/pay/tickets"]["body"]["tickets"]) =>
    (await payer.call("POST /v1/pay/tickets", { body: { tickets } })).tickets;
  const fresh = await fetchTickets({ primitives: payer.primitives, seed, key, ask }, wanted);
  return { key, tickets: [...have.filter(({ kind, period }) => period >= periodOf(kind, today)), ...fresh] };
}
