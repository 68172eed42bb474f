import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { migrate, type Db } from "../../src/db/index.ts";
import { concurrency } from "./concurrency.ts";
import { migrations, ownMigrations } from "./migrations.ts";
import { rows, statements } from "./statements.ts";
import { on, testMigration, type Engine } from "./tables.ts";
import { transactions } from "./transactions.ts";
import { values } from "./values.ts";

/** What every engine of the server's database does, whichever it is. */
export function dbConformance(name: string, start: () => Promise<Engine>): void {
  describe(name, () => {
    let engine: Engine;
    let db: Db;
    beforeAll(async () => {
      engine = await start();
      db = await engine.fresh();
      await migrate(db, undefined, [testMigration]);
    });
    afterAll(async () => {
      await db.close();
      await engine[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      for (const table of ["thing", "quota", "counted"] as const)
        await on(db.query).deleteFrom(table).execute();
    });
    const setUp = { db: () => db, query: () => on(db.query), engine: () => engine };
    transactions(setUp);
    values(setUp);
    statements(setUp);
    rows(setUp);
    concurrency(setUp);
    migrations(setUp);
    ownMigrations(setUp);
  });
}
