import { createHash, timingSafeEqual } from "node:crypto";
import { ristretto255_oprf as oprf } from "@noble/curves/ed25519.js";
import { hexToBytes, KeepsakeError, textToBytes, type Bytes } from "@keepsake/core/base";
import type { Query } from "../db/index.ts";
import { seal, unseal } from "../keys/sealed.ts";
import { isBehind } from "./fence.ts";
import { countUp, fenceOff, stateOf, type Guard } from "./guard.ts";
import type { GuardRecordTable } from "./tables.ts";
import { openTicket, spendTicket, type GuardTicket } from "./ticket.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const MOST_ATTEMPTS = 10;
/** How long to wait after so many evaluations: from the fourth on each takes longer. */
const delaysMs: readonly number[] = [
  0,
  0,
  0,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  24 * HOUR_MS,
  24 * HOUR_MS,
  // After the last one: so long may who found the seed take to say so, before the key is destroyed.
  10 * MINUTE_MS,
];
const MOST_RECORDS = 20;
/** Records that nobody ever proved to use make room after this. */
const UNKEPT_MS = 24 * HOUR_MS;
const PURPOSE = "guard/share";
const destroyed = new Uint8Array(0);

/** What a guard is given to keep. */
export interface NewRecord {
  readonly ticket: string;
  /** The key of the OPRF and its public key, in hex. */
  readonly share: string;
  readonly key: string;
  readonly openedHash: string;
}

/** Keeps a half of a key. The same once more is no mistake. Throws `guard.bad-ticket`, `guard.full`, `request.invalid`. */
export async function makeRecord(guard: Guard, given: NewRecord): Promise<void> {
  const nowMs = guard.clock.now();
  const ticket = openTicket(given.ticket, { issuers: guard.issuers, purpose: "make", nowMs });
  const share = hexToBytes(given.share)!;
  requirePair(share, hexToBytes(given.key)!);
  await guard.db.transaction(async (query) => {
    await spendTicket(query, ticket, nowMs);
    const { generation } = await stateOf(query);
    await requireRoom(query, ticket, nowMs);
    const { issuer, owner, record: id } = ticket;
    const { key, openedHash } = given;
    const there = await query.selectFrom("guardRecord").selectAll().where("id", "=", id).executeTakeFirst();
    if (there?.key === key && there.openedHash === openedHash && isOwn(there, ticket)) return;
    if (there !== undefined) throw new KeepsakeError("guard.bad-ticket");
    const sealed = seal(guard.secrets, PURPOSE, share);
    const fresh = { attempts: 0, nextMs: 0, generation, madeMs: nowMs, keptMs: 0 };
    await query
      .insertInto("guardRecord")
      .values({ id, issuer, owner, share: sealed, key, openedHash, ...fresh })
      .execute();
  });
}

/** An answer to a guess. */
export interface Evaluation {
  readonly evaluated: Bytes;
  /** That it was made with the key whose public half stands in the slot. */
  readonly proof: Bytes;
  /** How many more there are before the key is destroyed, and from when on. */
  readonly left: number;
  readonly nextMs: number;
}

/**
 * Evaluates a blinded guess. It is counted, in the database and in the fence, before it is answered. Throws
 * `guard.wait`, `guard.spent`, `guard.restored`, `guard.unknown-record`, `guard.bad-ticket`.
 */
export async function evaluate(
  guard: Guard,
  given: { readonly ticket: string; readonly blinded: string },
): Promise<Evaluation> {
  const nowMs = guard.clock.now();
  const ticket = openTicket(given.ticket, { issuers: guard.issuers, purpose: "use", nowMs });
  const counted = await counting(guard, async (query) => {
    await spendTicket(query, ticket, nowMs);
    const row = await requireOwn(query, ticket);
    if (row.generation !== (await stateOf(query)).generation) throw new KeepsakeError("guard.restored");
    if (row.share.length === 0) return undefined;
    if (row.attempts >= MOST_ATTEMPTS) {
      await destroy(query, [row.id]);
      return undefined;
    }
    if (nowMs < row.nextMs) {
      const details = { waitMs: row.nextMs - nowMs, left: MOST_ATTEMPTS - row.attempts };
      throw new KeepsakeError("guard.wait", { retry: "later", details });
    }
    const attempts = row.attempts + 1;
    const delayMs = delaysMs[attempts]!;
    // Without a delay no time is named: a clock that was set back holds nobody up.
    const nextMs = delayMs === 0 ? 0 : nowMs + delayMs;
    await query.updateTable("guardRecord").set({ attempts, nextMs }).where("id", "=", row.id).execute();
    return { ...row, attempts, nextMs };
  });
  if (counted === undefined) throw new KeepsakeError("guard.spent");
  const share = unseal(guard.secrets, PURPOSE, counted.share);
  if (share === undefined) throw new KeepsakeError("server.bad-secrets");
  const answer = evaluated(share, hexToBytes(counted.key)!, hexToBytes(given.blinded)!);
  return { ...answer, left: MOST_ATTEMPTS - counted.attempts, nextMs: counted.nextMs };
}

/**
 * Takes what only who found the seed can say: guesses begin from nothing again. Throws `guard.unknown-record`,
 * `guard.restored`, `guard.spent`.
 */
export async function proveOpened(
  { db, clock }: Guard,
  { record, token }: { readonly record: string; readonly token: string },
): Promise<void> {
  const hash = createHash("sha256").update(hexToBytes(token)!).digest();
  await db.transaction(async (query) => {
    const row = await query
      .selectFrom("guardRecord")
      .selectAll()
      .where("id", "=", record)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined || !timingSafeEqual(hash, Buffer.from(row.openedHash, "hex")))
      throw new KeepsakeError("guard.unknown-record");
    if (row.generation !== (await stateOf(query)).generation) throw new KeepsakeError("guard.restored");
    if (row.share.length === 0) throw new KeepsakeError("guard.spent");
    const keptMs = row.keptMs === 0 ? clock.now() : row.keptMs;
    await query
      .updateTable("guardRecord")
      .set({ attempts: 0, nextMs: 0, keptMs })
      .where("id", "=", record)
      .execute();
  });
}

/** Forgets a record: the slot that it belongs to opens no more. One that is not there is no mistake. */
export async function removeRecord(guard: Guard, given: { readonly ticket: string }): Promise<void> {
  const nowMs = guard.clock.now();
  const ticket = openTicket(given.ticket, { issuers: guard.issuers, purpose: "remove", nowMs });
  await counting(guard, async (query) => {
    await spendTicket(query, ticket, nowMs);
    const { issuer, owner, record } = ticket;
    const mine = query.deleteFrom("guardRecord").where("id", "=", record).where("issuer", "=", issuer);
    await mine.where("owner", "=", owner).execute();
  });
}

/** Destroys the keys whose last guess nobody has proven to be right. Says how many. */
export async function destroySpent({ db, clock }: Guard): Promise<number> {
  return db.transaction(async (query) => {
    const rows = await query
      .selectFrom("guardRecord")
      .select(["id", "share"])
      .where("attempts", ">=", MOST_ATTEMPTS)
      .where("nextMs", "<", clock.now())
      .forUpdate()
      .execute();
    const whole = rows.filter(({ share }) => share.length > 0).map(({ id }) => id);
    if (whole.length > 0) await destroy(query, whole);
    return whole.length;
  });
}

/**
 * Does what must not be undone by an older database: it is counted there and in the fence. Throws `guard.restored`
 * where the database has turned out to be an older one.
 */
async function counting<T>(guard: Guard, work: (query: Query) => Promise<T>): Promise<T> {
  const mark = await guard.fence.highest();
  const { done, state } = await guard.db.transaction(async (query) => {
    const counted = await countUp(query);
    // The mark was read before: whatever raised it since has been counted since, too.
    const isOlder = mark === undefined || isBehind({ ...counted, count: counted.count - 1 }, mark);
    return { state: counted, done: isOlder ? undefined : { value: await work(query) } };
  });
  if (done === undefined) {
    await fenceOff(guard, mark);
    throw new KeepsakeError("guard.restored");
  }
  await guard.fence.raise(state);
  return done.value;
}

async function requireOwn(query: Query, ticket: GuardTicket): Promise<GuardRecordTable> {
  const row = await query
    .selectFrom("guardRecord")
    .selectAll()
    .where("id", "=", ticket.record)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || !isOwn(row, ticket)) throw new KeepsakeError("guard.unknown-record");
  return row;
}

function isOwn(row: GuardRecordTable, { issuer, owner }: GuardTicket): boolean {
  return row.issuer === issuer && row.owner === owner;
}

async function requireRoom(query: Query, { issuer, owner }: GuardTicket, nowMs: number): Promise<void> {
  await query
    .deleteFrom("guardRecord")
    .where("issuer", "=", issuer)
    .where("owner", "=", owner)
    .where("keptMs", "=", 0)
    .where("madeMs", "<", nowMs - UNKEPT_MS)
    .execute();
  const rows = await query
    .selectFrom("guardRecord")
    .select("id")
    .where("issuer", "=", issuer)
    .where("owner", "=", owner)
    .execute();
  if (rows.length >= MOST_RECORDS) throw new KeepsakeError("guard.full");
}

async function destroy(query: Query, ids: readonly string[]): Promise<void> {
  await query.updateTable("guardRecord").set({ share: destroyed }).where("id", "in", ids).execute();
}

/** Throws `request.invalid` for what are no keys, or not two halves of one. */
function requirePair(share: Bytes, key: Bytes): void {
  const input = textToBytes("trial");
  const { blind, blinded } = oprf.voprf.blind(input);
  const { evaluated: answer, proof } = evaluated(share, key, blinded);
  try {
    oprf.voprf.finalize(input, blind, answer, blinded, key, proof);
  } catch (cause) {
    throw new KeepsakeError("request.invalid", { cause, details: { where: "/key", rule: "pair" } });
  }
}

function evaluated(share: Bytes, key: Bytes, blinded: Uint8Array): Pick<Evaluation, "evaluated" | "proof"> {
  try {
    const answer = oprf.voprf.blindEvaluate(share, key, blinded);
    return { evaluated: new Uint8Array(answer.evaluated), proof: new Uint8Array(answer.proof) };
  } catch (cause) {
    throw new KeepsakeError("request.invalid", { cause, details: { where: "/blinded", rule: "point" } });
  }
}
