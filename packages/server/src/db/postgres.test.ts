import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNpmPostgres } from "../../../../tools/parts/postgres-programs.ts";
import { postgresForTests } from "../../../../tools/parts/postgres.ts";
import { freshDatabase } from "../../testing/db/fresh.ts";
import { codeOf, on, testMigration, thing } from "../../testing/db/tables.ts";
import { migrate, openDb } from "./index.ts";

describe.skipIf(!hasNpmPostgres())("PostgreSQL", () => {
  let shared: Awaited<ReturnType<typeof postgresForTests>>;
  beforeAll(async () => {
    shared = await postgresForTests();
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  const addressWith = async (setting: string): Promise<string> => {
    const address = new URL(await freshDatabase(shared.url));
    address.searchParams.set("options", `-c ${setting}`);
    return address.href;
  };

  test("one that could lose what it acknowledged is refused", async () => {
    expect(await codeOf(openDb({ postgres: await addressWith("synchronous_commit=off") }))).toBe(
      "base.invalid",
    );
    const db = await openDb({ postgres: await addressWith("synchronous_commit=local") });
    await db.close();
  });

  test("one that is not there, or has no such database, is away", async () => {
    const address = new URL(shared.url);
    address.pathname = "/nothing";
    expect(await codeOf(openDb({ postgres: address.href }))).toBe("server.database-unavailable");
    address.port = "1";
    expect(await codeOf(openDb({ postgres: address.href }))).toBe("server.database-unavailable");
  });

  test("statements go on working while another process changes their tables", async () => {
    const address = await freshDatabase(shared.url);
    const db = await openDb({ postgres: address, connections: 1 });
    const other = await openDb({ postgres: address, connections: 1 });
    await migrate(db, undefined, [testMigration]);
    await on(db.query).insertInto("thing").values(thing("a")).execute();
    const all = on(db.query).selectFrom("thing").selectAll();
    const one = all.where("id", "=", "a");
    for (let time = 0; time < 6; time += 1) await Promise.all([all.execute(), one.execute()]);
    await sql`alter table "thing" add column "more" text`.execute(other.query);
    expect(await all.execute()).toEqual([{ ...thing("a"), more: null }]);
    const inside = db.transaction((query) =>
      on(query).selectFrom("thing").selectAll().where("id", "=", "a").execute(),
    );
    expect(await inside).toEqual([{ ...thing("a"), more: null }]);
    await db.close();
    await other.close();
  });

  test("statements wait for a connection rather than open more than are allowed", async () => {
    const db = await openDb({ postgres: await freshDatabase(shared.url), connections: 2 });
    const asked = Array.from({ length: 20 }, () => sql`select 1 from pg_sleep(0.01)`.execute(db.query));
    const { rows } = await sql`
      select count(*) as "open" from pg_stat_activity where datname = current_database()
    `.execute(db.query);
    await Promise.all(asked);
    expect(rows).toEqual([{ open: 2 }]);
    await db.close();
  });
});
