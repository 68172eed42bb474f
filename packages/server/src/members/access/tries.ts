import { KeepsakeError } from "@keepsake/core/base";
import { indexOf } from "../../keys/sealed.ts";
import type { Server } from "../../server.ts";

/*
 * How often something is tried, counted in the database, so that it holds across processes and restarts. Who has no
 * session may have to wait; a device that is logged in never does: a stranger locks nobody out.
 */

/** So many tries are free; from then on each waits twice as long as the one before, up to a longest wait. */
interface Rule {
  readonly free: number;
  readonly firstMs: number;
  readonly longestMs: number;
  /** After so long without a try all is forgotten. */
  readonly forgetMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The rules by what is tried. */
const rules = {
  /** Logins to one name from one address. */
  login: { free: 10, firstMs: 2_000, longestMs: 15 * MINUTE_MS, forgetMs: 24 * HOUR_MS },
  /** Logins to one name from anywhere: slow, never shut. */
  "login-name": { free: 50, firstMs: 1_000, longestMs: 30_000, forgetMs: HOUR_MS },
  /** Codes that one place has sent to one contact: each costs money, and patience. */
  "send-code": { free: 3, firstMs: 30_000, longestMs: HOUR_MS, forgetMs: 24 * HOUR_MS },
  /** Codes that are sent to one contact, whoever asks. */
  "send-to": { free: 10, firstMs: 5 * MINUTE_MS, longestMs: HOUR_MS, forgetMs: 24 * HOUR_MS },
  /** Beyond that, the first that a place asks for in a day: a stranger elsewhere does not take it from the owner. */
  "send-to-new": { free: 20, firstMs: 5 * MINUTE_MS, longestMs: HOUR_MS, forgetMs: 24 * HOUR_MS },
  /** Codes that one address has sent anywhere. */
  "send-from": { free: 100, firstMs: 30_000, longestMs: HOUR_MS, forgetMs: 24 * HOUR_MS },
  /** Codes of an authenticator for one member. */
  totp: { free: 5, firstMs: 30_000, longestMs: HOUR_MS, forgetMs: 24 * HOUR_MS },
} as const satisfies Readonly<Record<string, Rule>>;

export type Tried = keyof typeof rules;

const MOST_RACES = 20;

/**
 * Counts a try, and gives how many there are by now. Throws `request.too-many` with the time to wait where it comes too
 * soon; that one is not counted.
 */
export async function countTry(server: Server, what: Tried, whom: string): Promise<number> {
  const { db, clock } = server;
  const rule: Rule = rules[what];
  const id = idOf(server, what, whom);
  for (let races = 0; races < MOST_RACES; races += 1) {
    const nowMs = clock.now();
    const old = await db.query.selectFrom("try").selectAll().where("id", "=", id).executeTakeFirst();
    const waitMs = Math.min((old?.freeMs ?? 0) - nowMs, rule.longestMs);
    if (waitMs > 0) throw new KeepsakeError("request.too-many", { retry: "later", details: { waitMs } });
    const isForgotten = old === undefined || nowMs - old.lastMs > rule.forgetMs;
    const count = isForgotten ? 1 : old.count + 1;
    const next = { count, lastMs: nowMs, freeMs: nowMs + waitAfter(rule, count) };
    if (await write(server, { id, old, next })) return count;
  }
  throw new KeepsakeError("request.too-many", { retry: "later", details: { waitMs: rule.firstMs } });
}

/** Throws as `countTry` does, and counts nothing. */
export async function checkTry({ db, clock, ...server }: Server, what: Tried, whom: string): Promise<void> {
  const id = idOf(server, what, whom);
  const found = await db.query.selectFrom("try").select("freeMs").where("id", "=", id).executeTakeFirst();
  const waitMs = Math.min((found?.freeMs ?? 0) - clock.now(), rules[what].longestMs);
  if (waitMs > 0) throw new KeepsakeError("request.too-many", { retry: "later", details: { waitMs } });
}

/** Forgets the tries of who has shown to be in the right. */
export async function forgetTries(server: Server, what: Tried, whom: string): Promise<void> {
  await server.db.query
    .deleteFrom("try")
    .where("id", "=", idOf(server, what, whom))
    .execute();
}

/** Takes away what no rule asks about any more. */
export async function sweepTries({ db, clock }: Server): Promise<void> {
  const longest = Math.max(...Object.values(rules).map(({ forgetMs }) => forgetMs));
  await db.query
    .deleteFrom("try")
    .where("lastMs", "<", clock.now() - longest)
    .execute();
}

interface Step {
  readonly count: number;
  readonly lastMs: number;
  readonly freeMs: number;
}

/** Writes a count if nobody else did since it was read. */
async function write(
  { db }: Server,
  { id, old, next }: { readonly id: string; readonly old: Step | undefined; readonly next: Step },
): Promise<boolean> {
  if (old === undefined) {
    const made = await db.query
      .insertInto("try")
      .values({ id, ...next })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .executeTakeFirst();
    return (made.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }
  const { numUpdatedRows } = await db.query
    .updateTable("try")
    .set(next)
    .where("id", "=", id)
    .where("count", "=", old.count)
    .where("lastMs", "=", old.lastMs)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function waitAfter({ free, firstMs, longestMs }: Rule, count: number): number {
  return count < free ? 0 : Math.min(longestMs, firstMs * 2 ** Math.min(count - free, 30));
}

/** Names and addresses are kept as keyed hashes. */
function idOf({ secrets }: Pick<Server, "secrets">, what: Tried, whom: string): string {
  return indexOf(secrets, `try/${what}`, whom);
}
