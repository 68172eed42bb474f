import type { Query } from "../db/index.ts";
import type { Server } from "../server.ts";

/*
 * Days on which this server ran. What is removed because time has passed goes by these: a clock that jumps, and a year
 * for which the machine was off, count for nothing.
 */

const DAY_MS = 24 * 60 * 60_000;
/** A step counts for no more than this, whatever the clock says. */
const MOST_STEP_MS = 20 * 60_000;
/** Longer between two steps, or a step back, is a stop or a clock that was moved: for some days nothing begins by it. */
const MOST_GAP_MS = DAY_MS;
const SURE_AFTER_MS = 7 * DAY_MS;
const FACT = "server-days";

/** The server's own time. */
export interface ServerTime {
  /** Its day, from 1 on. */
  readonly day: number;
  /** Whether the calendar may be believed. */
  readonly isSure: boolean;
}

interface Counted {
  readonly lastMs: number;
  readonly ranMs: number;
  /** From when on the clock is believed again, by what ran. */
  readonly sureMs: number;
}

/** Counts on, and says which day it is. Asked every few minutes, by one process at a time. */
export async function countDays({ db, clock }: Pick<Server, "db" | "clock">): Promise<ServerTime> {
  const nowMs = clock.now();
  const before = await countedOf(db.query);
  const gapMs = nowMs - (before?.lastMs ?? nowMs);
  const ranMs = (before?.ranMs ?? 0) + Math.min(Math.max(0, gapMs), MOST_STEP_MS);
  const isJump = gapMs < 0 || gapMs > MOST_GAP_MS;
  const sureMs = isJump ? ranMs + SURE_AFTER_MS : (before?.sureMs ?? 0);
  const value = JSON.stringify({ lastMs: nowMs, ranMs, sureMs } satisfies Counted);
  await db.query
    .insertInto("fact")
    .values({ name: FACT, value })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
    .execute();
  return { day: dayAfter(ranMs), isSure: ranMs >= sureMs };
}

/** The server's day, as it was counted last. */
export async function serverDay(query: Query): Promise<number> {
  return dayAfter((await countedOf(query))?.ranMs ?? 0);
}

async function countedOf(query: Query): Promise<Counted | undefined> {
  const fact = await query.selectFrom("fact").select("value").where("name", "=", FACT).executeTakeFirst();
  return fact && (JSON.parse(fact.value) as Counted);
}

function dayAfter(ranMs: number): number {
  return 1 + Math.floor(ranMs / DAY_MS);
}
