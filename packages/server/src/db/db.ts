import { KeepsakeError, timerSleep } from "@keepsake/core/base";
import { Kysely } from "kysely";
import { insideTransaction } from "./driver.ts";
import { openPostgres } from "./postgres/dialect.ts";
import { openSqlite } from "./sqlite/dialect.ts";
import type { Query, Tables } from "./tables.ts";

/** Where the data lies: a file of SQLite for one process, or a PostgreSQL for many. */
export type DbOptions =
  | { readonly sqlite: string }
  /** A connection string, and how many connections this process opens at most (10). */
  | { readonly postgres: string; readonly connections?: number };

/**
 * A database. What a statement cannot do comes as KeepsakeError: `server.database-unavailable` with retry "later"
 * while the engine is away (whether a transaction that was being committed is kept is then not known), and what
 * `isTaken` tells. Text holds no U+0000 and no half of a character (`base.invalid`); whole numbers are exact.
 */
export interface Db {
  readonly engine: "sqlite" | "postgres";
  /** Statements outside of a transaction, each all or nothing by itself. */
  readonly query: Query;
  /**
   * All or nothing, durable when it returns. `work` speaks to the database through its own `query` alone and has no
   * other effect: it is done again from the start where the engine asks for it. A failed statement ends the
   * transaction, even if `work` catches the error: what may be there already is asked by ON CONFLICT.
   *
   * Others may write between two statements of `work`: what it decides by, it locks with `forUpdate()`, or it
   * writes by a condition and looks at how many rows were changed.
   */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** Waits for what is under way, then lets go of the engine. */
  close(): Promise<void>;
}

const defaultConnections = 10;
const maxTries = 8;
const firstPauseMs = 5;

/** Files of embedded databases, for their backup. */
const files = new WeakMap<Db, string>();

/** Opens a database, whose tables `migrate` makes. Throws `server.database-in-use`, `-unavailable` or `-damaged`. */
export async function openDb(options: DbOptions): Promise<Db> {
  if ("postgres" in options) {
    const dialect = await openPostgres(options.postgres, options.connections ?? defaultConnections);
    return dbOver("postgres", new Kysely<Tables>({ dialect }));
  }
  const db = dbOver("sqlite", new Kysely<Tables>({ dialect: openSqlite(options.sqlite) }));
  files.set(db, options.sqlite);
  return db;
}

/** The file of an embedded database; undefined for another. */
export function fileOf(db: Db): string | undefined {
  return files.get(db);
}

function dbOver(engine: Db["engine"], query: Kysely<Tables>): Db {
  return {
    engine,
    query,
    transaction: (work) =>
      untilNoConflict(() =>
        query.transaction().execute((inner) => insideTransaction.run(true, () => work(inner))),
      ),
    close: () => query.destroy(),
  };
}

/** Does it again as long as the engine says that another transaction came in between. */
async function untilNoConflict<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const isConflict = KeepsakeError.is(error, "server.database-unavailable") && error.retry === "now";
      if (!isConflict || tries === maxTries) throw error;
      await timerSleep(firstPauseMs * 2 ** tries * Math.random());
    }
  }
}
