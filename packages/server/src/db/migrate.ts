import { createHash } from "node:crypto";
import { KeepsakeError, systemClock } from "@keepsake/core/base";
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
} from "kysely";
import type { Db } from "./db.ts";
import { migrations } from "./migrations/index.ts";
import type { Migration } from "./migrations/migration.ts";
import { MOVING } from "./moving.ts";
import { schemaOf, type Schema } from "./schema.ts";
import type { Query } from "./tables.ts";

/** One migration of this program, and when it was done in a database; undefined while it was not. */
export interface MigrationStatus {
  readonly name: string;
  readonly loses: Migration["loses"];
  readonly doneAtMs: number | undefined;
}

/** Any number that no other program of the same PostgreSQL is likely to lock. */
const lockKey = 7_430_174_301;

/**
 * Brings the tables forward, or back, to those after the migration named `to`: the newest one unless it is given,
 * none with null. Each migration is a transaction; several processes may start at once. Throws
 * `server.newer-database` if the database knows a migration that `list` does not, or another one under its name.
 */
export async function migrate(
  db: Db,
  to?: string | null,
  list: readonly Migration[] = migrations,
): Promise<void> {
  const target = to === null ? 0 : to === undefined ? list.length : countUpTo(to, list);
  while (await db.transaction((query) => oneStep(db.engine, query, target, list)));
}

/** Every migration of this program in order. Throws as `migrate` does. */
export function migrationStatus(
  db: Db,
  list: readonly Migration[] = migrations,
): Promise<readonly MigrationStatus[]> {
  return db.transaction(async (query) => {
    const done = await doneOf(db.engine, query, list);
    return list.map(({ name, loses }, index) => ({ name, loses, doneAtMs: done[index]?.doneAtMs }));
  });
}

function countUpTo(name: string, list: readonly Migration[]): number {
  const index = list.findIndex((migration) => migration.name === name);
  if (index < 0) throw new KeepsakeError("base.invalid", { details: { name: "migration" } });
  return index + 1;
}

/** Does or undoes one migration; false if there is nothing left to do. */
async function oneStep(
  engine: Db["engine"],
  query: Query,
  target: number,
  list: readonly Migration[],
): Promise<boolean> {
  const done = await doneOf(engine, query, list);
  const schema = schemaOf(engine, query);
  const next = list[done.length];
  const last = list[done.length - 1];
  if (done.length < target && next !== undefined) {
    await next.up(schema);
    const digest = await digestOf(next, engine);
    const row = { name: next.name, digest, doneAtMs: systemClock.now() };
    await query.insertInto("migration").values(row).execute();
  } else if (done.length > target && last !== undefined) {
    await last.down(schema);
    await query.deleteFrom("migration").where("name", "=", last.name).execute();
  }
  return done.length !== target;
}

/** The migrations that were done, in order, with the lock held until the transaction ends. */
async function doneOf(
  engine: Db["engine"],
  query: Query,
  list: readonly Migration[],
): Promise<readonly { readonly name: string; readonly doneAtMs: number }[]> {
  if (engine === "postgres") {
    await sql`set local statement_timeout = 0`.execute(query);
    await sql`select 1 from pg_advisory_xact_lock(${lockKey})`.execute(query);
  }
  await makeBookkeeping(engine, query);
  const rows = await query.selectFrom("migration").selectAll().where("name", "!=", MOVING).execute();
  const order = new Map(list.map(({ name }, index) => [name, index]));
  const done = rows.toSorted((a, b) => (order.get(a.name) ?? -1) - (order.get(b.name) ?? -1));
  for (const [index, row] of done.entries()) {
    const migration = list[index];
    const isKnown = migration?.name === row.name && (await digestOf(migration, engine)) === row.digest;
    if (!isKnown) throw new KeepsakeError("server.newer-database", { details: { migration: row.name } });
  }
  return done;
}

function makeBookkeeping(engine: Db["engine"], query: Query): Promise<void> {
  const { text, int64 } = schemaOf(engine, query);
  return query.schema
    .createTable("migration")
    .ifNotExists()
    .addColumn("name", text, (column) => column.primaryKey())
    .addColumn("digest", text, (column) => column.notNull())
    .addColumn("doneAtMs", int64, (column) => column.notNull())
    .execute();
}

/** SHA-256 of the statements of a migration's way forward, found by doing it on nothing. */
async function digestOf(migration: Migration, engine: Db["engine"]): Promise<string> {
  const hash = createHash("sha256");
  const nothing: Schema["query"] = new Kysely({
    dialect: dialectOfNothing(engine),
    log: (event) => void hash.update(`${event.query.sql}\n${JSON.stringify(event.query.parameters)}\n`),
  });
  await migration.up(schemaOf(engine, nothing));
  return hash.digest("hex");
}

function dialectOfNothing(engine: Db["engine"]): Dialect {
  const isSqlite = engine === "sqlite";
  return {
    createDriver: () => new DummyDriver(),
    createQueryCompiler: () => (isSqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
    createAdapter: () => (isSqlite ? new SqliteAdapter() : new PostgresAdapter()),
    createIntrospector: (db) => (isSqlite ? new SqliteIntrospector(db) : new PostgresIntrospector(db)),
  };
}
