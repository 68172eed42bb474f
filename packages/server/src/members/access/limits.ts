import type { Query } from "../../db/index.ts";
import type { Server } from "../../server.ts";
import { endOldResets } from "./reset.ts";

/*
 * The days for which a session is limited, and for which a reset can be taken back, are made of time in which the server
 * ran: what passed in one step beyond its length, by a stop or a clock that jumped, is added to them. So a session is
 * full and a reset is over once a step has said so, and not by the date alone.
 */

const FACT = "limits-clock";
/** A step counts for no more than this, whatever the clock says. */
const MOST_STEP_MS = 20 * 60_000;
/** No wait is longer: what a clock that was ahead added goes once it is right again. */
const LONGEST_MS = 7 * 24 * 60 * 60_000;

/** Goes on with all waits by the time that has passed since the last step, and ends those that are over. */
export async function stepLimits(server: Server): Promise<void> {
  const nowMs = server.clock.now();
  await server.db.transaction(async (query) => {
    const lastMs = await tick(query, nowMs);
    await delay(query, { lastMs, jumpMs: nowMs - lastMs - MOST_STEP_MS });
    await bound(query, nowMs + LONGEST_MS);
    await query
      .updateTable("session")
      .set({ fullFromMs: 0 })
      .where("fullFromMs", ">", 0)
      .where("fullFromMs", "<=", nowMs)
      .execute();
  });
  await endOldResets(server, nowMs);
}

/** Takes the time of this step down, and gives that of the one before. */
async function tick(query: Query, nowMs: number): Promise<number> {
  const value = String(nowMs);
  await query
    .insertInto("fact")
    .values({ name: FACT, value })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  const last = await query
    .selectFrom("fact")
    .select("value")
    .where("name", "=", FACT)
    .forUpdate()
    .executeTakeFirstOrThrow();
  await query.updateTable("fact").set({ value }).where("name", "=", FACT).execute();
  return Number(last.value);
}

/** What began since the last step knows the time as it is now. */
async function delay(
  query: Query,
  { lastMs, jumpMs }: { readonly lastMs: number; readonly jumpMs: number },
): Promise<void> {
  if (jumpMs <= 0) return;
  await query
    .updateTable("session")
    .set((row) => ({ fullFromMs: row("fullFromMs", "+", jumpMs) }))
    .where("fullFromMs", ">", 0)
    .where("createdMs", "<=", lastMs)
    .execute();
  await query
    .updateTable("reset")
    .set((row) => ({ untilMs: row("untilMs", "+", jumpMs) }))
    .where("untilMs", ">", 0)
    .where("beganMs", "<=", lastMs)
    .execute();
}

async function bound(query: Query, latestMs: number): Promise<void> {
  await query
    .updateTable("session")
    .set({ fullFromMs: latestMs })
    .where("fullFromMs", ">", latestMs)
    .execute();
  await query.updateTable("reset").set({ untilMs: latestMs }).where("untilMs", ">", latestMs).execute();
}
