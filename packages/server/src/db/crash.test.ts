import { describe, expect, test } from "vitest";
import { debianPostgres, hasNpmPostgres } from "../../../../tools/parts/postgres-programs.ts";
import { startPostgres18, startPostgresPair } from "../../../../tools/parts/postgres.ts";
import { expectWhole, startLoad, untilAcknowledged, write } from "../../testing/db/load.ts";
import { testMigration } from "../../testing/db/tables.ts";
import { migrate, openDb, type Db } from "./index.ts";

const enough = 1_000;
const writers = 6;

async function opened(postgres: string): Promise<Db> {
  const db = await openDb({ postgres });
  await migrate(db, undefined, [testMigration]);
  return db;
}

describe.skipIf(!hasNpmPostgres())("PostgreSQL 18", () => {
  test("killed again and again under load, it loses nothing acknowledged and tears nothing", async () => {
    await using postgres = await startPostgres18();
    const db = await opened(postgres.url);
    const acknowledged: string[] = [];
    const rounds = 5;
    for (let round = 0; round < rounds; round += 1) {
      await using load = startLoad(db, `r${round}`, writers);
      await untilAcknowledged(load, enough / rounds);
      await postgres.kill();
      await postgres.start();
      await untilAcknowledged(load, load.acknowledged.length + 20);
      acknowledged.push(...load.acknowledged);
    }
    await expectWhole(db, acknowledged);
    expect(acknowledged.length).toBeGreaterThanOrEqual(enough);
    await db.close();
  });
});

describe.skipIf("missing" in debianPostgres())("PostgreSQL with a synchronous standby", () => {
  test("the standby has all that a killed primary acknowledged, and takes over", async () => {
    await using pair = await startPostgresPair();
    const primary = await opened(pair.primary.url);
    let acknowledged: readonly string[];
    {
      await using load = startLoad(primary, "w", writers);
      await untilAcknowledged(load, enough);
      await pair.primary.kill();
      await pair.promote();
      acknowledged = load.acknowledged;
    }
    const standby = await opened(pair.standby.url);
    await expectWhole(standby, acknowledged);
    await write(standby, "after");
    await expectWhole(standby, [...acknowledged, "after"]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(enough);
    await standby.close();
    await primary.close();
  });
});
