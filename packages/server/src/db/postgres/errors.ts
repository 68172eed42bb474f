import { KeepsakeError } from "@keepsake/core/base";
import pg from "pg";

// SQLSTATEs (PostgreSQL's appendix A) by what they mean to us; a whole class by its two first characters.
const taken = new Set(["23505"]);
// 25P02 comes after a plan that was too old within a transaction; after another failure nothing is asked any more.
const conflict = new Set(["25P02", "40001", "40P01", "55P03"]);
const away = new Set(["08", "25006", "28", "3D", "53", "57", "58"]);
const damaged = new Set(["XX001", "XX002"]);
/** Their texts speak of names of tables only; those of others hold values of rows. */
const ofOurProgram = "42";

/** What an error of PostgreSQL, or of the way to it, means to us. */
export function postgresError(error: unknown): KeepsakeError {
  if (KeepsakeError.is(error)) return error;
  if (!(error instanceof pg.DatabaseError))
    return new KeepsakeError("server.database-unavailable", { cause: error, retry: "later" });
  const state = error.code ?? "";
  const group = state.slice(0, 2);
  const details = { engine: "postgres", error: state, constraint: error.constraint ?? "" };
  if (taken.has(state)) return new KeepsakeError("server.taken", { details });
  if (conflict.has(state)) return new KeepsakeError("server.database-unavailable", { details, retry: "now" });
  if (away.has(state) || away.has(group))
    return new KeepsakeError("server.database-unavailable", { details, retry: "later" });
  if (damaged.has(state)) return new KeepsakeError("server.database-damaged", { details });
  return new KeepsakeError("base.unexpected", {
    details,
    ...(group === ofOurProgram ? { cause: error } : {}),
  });
}

/** True if a prepared statement fails because its tables were changed since: it has to be planned anew. */
export function isOldPlan(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "0A000";
}
