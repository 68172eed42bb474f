import { KeepsakeError, throwIfAborted, type Bytes } from "@keepsake/core/base";
import { sql } from "kysely";
import type { Query } from "../db/index.ts";
import { dayOf } from "../keys/day-keys.ts";
import { seal, unseal } from "../keys/sealed.ts";
import type { Server } from "../server.ts";

/*
 * Tokens under which clients wrap what holds keys: packs of key directories, and journals. They are replaced with each
 * version, and lie here sealed under the key of a day, so that an old copy of the database opens none of them.
 */

const DAY_MS = 24 * 60 * 60_000;
/** A pack that no head names within this is left from a run that was cut off. */
const UNNAMED_MS = DAY_MS;
const BATCH = 500;
const TOKEN_BYTES = 32;

interface Place {
  readonly vault: string;
  readonly name: string;
}

/** A token as it goes into its row. */
export interface SealedToken {
  readonly day: string;
  readonly sealed: Bytes;
}

/** Seals a token under the key of today, outside of any transaction: the key is durable before a row hangs on it. */
export async function sealToken(
  { dayKeys, clock }: Server,
  place: Place,
  token: Uint8Array,
): Promise<SealedToken> {
  if (token.length !== TOKEN_BYTES)
    throw new KeepsakeError("request.invalid", { details: { where: "key-token", rule: "32 bytes" } });
  const { day, key } = await dayKeys.at(clock.now());
  return { day, sealed: seal({ sealingKey: key }, purposeOf(place), token) };
}

/** Takes a token down, in the transaction that takes its object. A pack's is kept for good once a head names it. */
export async function putToken(
  query: Query,
  nowMs: number,
  { place, token }: { readonly place: Place; readonly token: SealedToken },
): Promise<void> {
  const isKept = !place.name.startsWith("packs/") || (await isNamed(query, place));
  const untilMs = isKept ? null : nowMs + UNNAMED_MS;
  await query
    .insertInto("keyToken")
    .values({ ...place, ...token, trash: "", untilMs })
    .execute();
}

/** A pack that is put back is named by the newest head already: so says the one in the trash. */
async function isNamed(query: Query, { vault, name }: Place): Promise<boolean> {
  const found = await query
    .selectFrom("keyToken")
    .select("trash")
    .where("vault", "=", vault)
    .where("name", "=", name)
    .where("untilMs", "is", null)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** The token of a row; undefined where there is none, or where no key of a day opens it any more. */
export async function openToken(
  { dayKeys }: Pick<Server, "dayKeys">,
  place: Place,
  { day, sealed }: { readonly day: string | null; readonly sealed: Uint8Array | null },
): Promise<Bytes | undefined> {
  if (day === null || sealed === null || day === "") return undefined;
  const key = await dayKeys.of(day);
  return key === undefined ? undefined : unseal({ sealingKey: key }, purposeOf(place), sealed);
}

/**
 * Takes down, with a head, in which packs its key directory lies. The tokens of all others are past their time after
 * `keepMs`: until then who reads the version before still finds its keys. Throws `server.bad-key-token` where a pack
 * came without a token.
 */
export async function nameKeyPacks(
  query: Query,
  { vault, packs, nowMs, keepMs }: { vault: string; packs: readonly string[]; nowMs: number; keepMs: number },
): Promise<void> {
  const names = packs.map((pack) => `packs/${pack}`);
  // Also what lies in the trash under these names: it may be what the head means.
  const named = await query
    .updateTable("keyToken")
    .set({ untilMs: null })
    .where("vault", "=", vault)
    .where("name", "in", names)
    .where("day", "!=", "")
    .returning("name")
    .execute();
  if (new Set(named.map(({ name }) => name)).size !== new Set(names).size)
    throw new KeepsakeError("server.bad-key-token", { details: { why: "missing" } });
  await query
    .updateTable("keyToken")
    .set({ untilMs: nowMs + keepMs })
    .where("vault", "=", vault)
    .where("name", ">=", "packs/")
    .where("name", "<", "packs/~")
    .where("name", "not in", names)
    .where("untilMs", "is", null)
    .execute();
}

/**
 * The token of an object that goes into the trash goes with it: what is put under its name has its own. A journal's
 * ends as soon as it cannot be had back any more.
 */
export async function removeToken(
  query: Query,
  { vault, name }: Place,
  { trash, untilMs }: { readonly trash: string; readonly untilMs: number },
): Promise<void> {
  await query
    .updateTable("keyToken")
    .set({ trash, ...(name.startsWith("packs/") ? {} : { untilMs }) })
    .where("vault", "=", vault)
    .where("name", "=", name)
    .where("trash", "=", "")
    .execute();
}

/** An object that comes out of the trash has its token again. */
export async function restoreToken(query: Query, { vault, name }: Place, trash: string): Promise<void> {
  await query
    .updateTable("keyToken")
    .set({ trash: "" })
    .where("vault", "=", vault)
    .where("name", "=", name)
    .where("trash", "=", trash)
    .execute();
}

/** Tokens whose time is over go; the rows say that the objects hold keys until these are gone too. */
export async function sweepTokens({ db }: Server, nowMs: number): Promise<number> {
  const { numUpdatedRows } = await db.query
    .updateTable("keyToken")
    .set({ day: "", sealed: new Uint8Array() })
    .where("untilMs", "<", nowMs)
    .where("day", "!=", "")
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** What goes from the trash for good takes its row along. */
export async function dropToken(query: Query, { vault, name }: Place, trash: string): Promise<void> {
  await query
    .deleteFrom("keyToken")
    .where("vault", "=", vault)
    .where("name", "=", name)
    .where("trash", "=", trash)
    .execute();
}

/** How long tokens outlive what took their place: as long as what was removed can be had back, but a day at least. */
export function keepMsOf({ trashDays }: Server["config"]): number {
  return Math.max(trashDays, 1) * DAY_MS;
}

/** What a round came to. */
export interface Renewed {
  readonly renewed: number;
  /** Tokens that no key of a day opens: the folder was lost, or is not the one that belongs to this database. */
  readonly lost: number;
  /** Days whose keys were destroyed. */
  readonly destroyed: number;
}

/**
 * Seals every token anew under the key of today, then destroys the keys of days that no backup needs any more: those
 * beyond the newest so many, and older than so many days. A clock that is wrong once destroys nothing.
 */
export async function renewTokens(server: Server, signal?: AbortSignal): Promise<Renewed> {
  const nowMs = server.clock.now();
  const today = await server.dayKeys.at(nowMs);
  let [renewed, lost] = [0, 0];
  let after: Held = { vault: "", name: "", trash: "" };
  for (;;) {
    throwIfAborted(signal);
    const batch = await staleTokens(server, after, today.day);
    for (const row of batch) {
      if (await renewOne(server, row)) renewed++;
      else lost++;
    }
    const last = batch.at(-1);
    if (last === undefined || batch.length < BATCH) break;
    after = last;
  }
  return { renewed, lost, destroyed: await destroyDays(server, nowMs) };
}

/** A token's place, and where its object lies. */
interface Held extends Place {
  readonly trash: string;
}

interface Row extends Held {
  readonly day: string;
  readonly sealed: Uint8Array;
}

const heldBy = ["vault", "name", "trash"] as const;

async function staleTokens({ db }: Server, after: Held, today: string): Promise<readonly Row[]> {
  const columns = sql.join(heldBy.map((column) => sql.ref(column)));
  const values = sql.join(heldBy.map((column) => sql.val(after[column])));
  return db.query
    .selectFrom("keyToken")
    .select([...heldBy, "day", "sealed"])
    .where(sql<boolean>`(${columns}) > (${values})`)
    .where("day", "not in", [today, ""])
    .orderBy("vault")
    .orderBy("name")
    .orderBy("trash")
    .limit(BATCH)
    .execute();
}

/** False where no key opens it. */
async function renewOne(server: Server, { vault, name, trash, day, sealed }: Row): Promise<boolean> {
  const token = await openToken(server, { vault, name }, { day, sealed });
  if (token === undefined) return false;
  const fresh = await sealToken(server, { vault, name }, token);
  // A token that was put meanwhile has another day.
  await server.db.query
    .updateTable("keyToken")
    .set({ ...fresh })
    .where("vault", "=", vault)
    .where("name", "=", name)
    .where("trash", "=", trash)
    .where("day", "=", day)
    .execute();
  return true;
}

async function destroyDays({ db, dayKeys, config }: Server, nowMs: number): Promise<number> {
  const days = await dayKeys.days();
  const oldest = dayOf(nowMs - config.backupDays * DAY_MS);
  const old = days.slice(0, Math.max(0, days.length - config.backupDays)).filter((day) => day < oldest);
  let destroyed = 0;
  for (const day of old) {
    const row = await db.query
      .selectFrom("keyToken")
      .select("name")
      .where("day", "=", day)
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined) continue;
    await dayKeys.destroy(day);
    destroyed++;
  }
  return destroyed;
}

function purposeOf({ vault, name }: Place): string {
  return `key-token/${vault}/${name}`;
}
