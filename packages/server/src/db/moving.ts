import { KeepsakeError, systemClock } from "@keepsake/core/base";
import type { Db } from "./db.ts";
import type { Query } from "./tables.ts";

/** Stands among the migrations while the rows of another database are on their way here. No migration has this name. */
export const MOVING = "moving";

/** Whether a move to this database was begun and not ended. Its tables were made by `migrate`. */
export async function isMoving({ query }: Pick<Db, "query">): Promise<boolean> {
  const row = await query
    .selectFrom("migration")
    .select("name")
    .where("name", "=", MOVING)
    .executeTakeFirst();
  return row !== undefined;
}

export async function beginMoving({ query }: Pick<Db, "query">): Promise<void> {
  await query
    .insertInto("migration")
    .values({ name: MOVING, digest: "", doneAtMs: systemClock.now() })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
}

export async function endMoving(query: Query): Promise<void> {
  await query.deleteFrom("migration").where("name", "=", MOVING).execute();
}

/** Throws `server.half-moved` for a database that is not whole yet. */
export async function requireMoved(db: Pick<Db, "query">): Promise<void> {
  if (await isMoving(db)) throw new KeepsakeError("server.half-moved");
}
