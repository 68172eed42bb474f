import type { Clock } from "@keepsake/core/base";
import type { Db, Query } from "../db/index.ts";
import type { Secrets } from "../keys/secrets.ts";
import type { Log } from "../log.ts";
import { folderFence, isBehind, type Fence, type Mark } from "./fence.ts";

/** What holds a half of the keys of guarded passwords, and counts guesses. */
export interface Guard {
  readonly db: Db;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly fence: Fence;
  /** Receipt keys of the servers whose members it answers to. */
  readonly issuers: readonly string[];
}

/** Opens the guard of a database, whose tables are there; where the fence says more than the database, it is fenced off. */
export async function openGuard(options: Omit<Guard, "fence">, fenceFolder: string): Promise<Guard> {
  const guard = { ...options, fence: await folderFence(fenceFolder) };
  await guard.db.query
    .insertInto("guardState")
    .values({ id: 1, generation: 0, count: 0 })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  const [mark, state] = [await guard.fence.highest(), await stateOf(guard.db.query)];
  const isNew = state.generation === 0 && state.count === 0;
  if (mark === undefined && isNew) await guard.fence.raise(state);
  else if (mark === undefined || isBehind(state, mark)) await fenceOff(guard, mark);
  return guard;
}

/** Counts one more use, and locks out all others until the transaction ends. */
export async function countUp(query: Query): Promise<Mark> {
  return query
    .updateTable("guardState")
    .set((row) => ({ count: row("count", "+", 1) }))
    .where("id", "=", 1)
    .returning(["generation", "count"])
    .executeTakeFirstOrThrow();
}

/** The generation that records are made in. */
export function stateOf(query: Query): Promise<Mark> {
  return query
    .selectFrom("guardState")
    .select(["generation", "count"])
    .where("id", "=", 1)
    .executeTakeFirstOrThrow();
}

/**
 * The database is an older one, or its fence is gone: guesses may be missing in it. A new generation begins, and what
 * was made in those before is answered no more.
 */
export async function fenceOff({ db, fence, log }: Guard, mark: Mark | undefined): Promise<void> {
  const begun = await db.transaction(async (query) => {
    const state = await stateOf(query);
    const next = {
      generation: Math.max(state.generation, mark?.generation ?? 0) + 1,
      count: Math.max(state.count, mark?.count ?? 0) + 1,
    };
    await query.updateTable("guardState").set(next).where("id", "=", 1).execute();
    return next;
  });
  await fence.raise(begun);
  log({ event: "guard-fenced-off", generation: begun.generation });
}
