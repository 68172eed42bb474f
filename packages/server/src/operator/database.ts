import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { KeepsakeError, systemClock } from "@keepsake/core/base";
import { sql } from "kysely";
import type { Config } from "../config.ts";
import {
  migrate,
  migrationStatus,
  openDb,
  type Db,
  type DbOptions,
  type MigrationStatus,
} from "../db/index.ts";
import { folderDayKeys } from "../keys/day-keys.ts";
import { adoptDayKeys, lostTokens } from "../keys/own-day-keys.ts";
import { DATABASE } from "./backup.ts";
import { recordLater } from "./log.ts";

/** The step that makes the table of jobs. */
const JOBS = "0002-jobs";

/** The database that the configuration names. */
export function databaseOptions({
  postgres,
  postgresConnections,
  data,
}: Pick<Config, "postgres" | "postgresConnections" | "data">): DbOptions {
  return postgres === "" ? { sqlite: join(data, DATABASE) } : { postgres, connections: postgresConnections };
}

/** The steps of the tables, in order, and which of them were done. Throws as `migrationStatus` does. */
export function databaseStatus(config: Config): Promise<readonly MigrationStatus[]> {
  return withDatabase(config, migrationStatus);
}

/** Does the steps up to a number: all of them unless it is given. Gives those that it did. */
export function databaseUp(config: Config, to: number | undefined): Promise<readonly MigrationStatus[]> {
  return withDatabase(config, async (db) => {
    const open = (await stepsUpTo(db, to)).filter(({ doneAtMs }) => doneAtMs === undefined);
    const last = open.at(-1);
    if (last === undefined) return open;
    await migrate(db, last.name);
    await recordSteps(db, "tables-up", open.length);
    return open;
  });
}

/**
 * Undoes the steps after a number, the last first; what their tables hold goes with them. Gives them; where it is not
 * meant, they are only told. Throws `server.database-in-use` while a server has the database.
 */
export function databaseDown(
  config: Config,
  to: number,
  { isMeant }: { readonly isMeant: boolean },
): Promise<readonly MigrationStatus[]> {
  return withDatabase(config, async (db) => {
    await requireAlone(db);
    const kept = await stepsUpTo(db, to);
    const done = (await migrationStatus(db)).slice(to).filter(({ doneAtMs }) => doneAtMs !== undefined);
    if (isMeant && done.length > 0) {
      await migrate(db, kept.at(-1)?.name ?? null);
      await recordSteps(db, "tables-down", done.length);
    }
    return done.toReversed();
  });
}

/** Tables that hold no jobs yet can leave none to the next start. */
async function recordSteps(db: Db, kind: "tables-up" | "tables-down", steps: number): Promise<void> {
  const done = (await migrationStatus(db)).filter(({ doneAtMs }) => doneAtMs !== undefined);
  const details = { steps, last: done.at(-1)?.name ?? "" };
  if (done.some(({ name }) => name === JOBS))
    await recordLater(db.query, kind, { nowMs: systemClock.now(), details });
}

/**
 * Makes the folder of day keys that the configuration names the database's own, though another was, and begins it where
 * it is empty. Gives how many tokens are lost for it; where it is not meant, that is all. Throws
 * `server.database-in-use` while a server has the database.
 */
export function renewDayKeys(
  config: Config,
  { isMeant, nowMs }: { readonly isMeant: boolean; readonly nowMs: number },
): Promise<number> {
  return withDatabase(config, async (db) => {
    await requireAlone(db);
    await migrate(db);
    const keys = await folderDayKeys(config.dayKeys);
    const lost = await lostTokens(db.query, keys);
    if (isMeant)
      await db.transaction(async (query) => {
        await adoptDayKeys(query, keys, nowMs);
        await recordLater(query, "day-keys-renewed", { nowMs, details: { lost } });
      });
    return lost;
  });
}

/** Throws `server.database-in-use` where another process of ours is connected; an embedded one has a lock of its own. */
export async function requireAlone({ engine, query }: Db): Promise<void> {
  if (engine === "sqlite") return;
  const { rows } = await sql<{ readonly others: number }>`
    select count(*) as "others" from pg_stat_activity
    where datname = current_database() and application_name = 'keepsake' and pid <> pg_backend_pid()
  `.execute(query);
  if (rows[0]!.others > 0) throw new KeepsakeError("server.database-in-use", { retry: "later" });
}

/** One connection, so that every other one is another process's. */
async function withDatabase<T>(config: Config, work: (db: Db) => Promise<T>): Promise<T> {
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  const db = await openDb(databaseOptions({ ...config, postgresConnections: 1 }));
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

async function stepsUpTo(db: Db, to: number | undefined): Promise<readonly MigrationStatus[]> {
  const steps = await migrationStatus(db);
  if (to !== undefined && to > steps.length)
    throw new KeepsakeError("base.invalid", { details: { name: "--to", max: steps.length } });
  return steps.slice(0, to);
}
