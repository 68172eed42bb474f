import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { debianPostgres, hasNpmPostgres } from "../../../../tools/parts/postgres-programs.ts";
import { postgresForTests, startPostgres18, startPostgresPair } from "../../../../tools/parts/postgres.ts";
import { dbConformance } from "../../testing/db/conformance.ts";
import { freshDatabase } from "../../testing/db/fresh.ts";
import { dbOutage } from "../../testing/db/outage.ts";
import { openDb } from "./index.ts";

dbConformance("SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-db-"));
  let count = 0;
  return Promise.resolve({
    fresh: () => openDb({ sqlite: join(folder, `${(count += 1)}.db`) }),
    [Symbol.asyncDispose]: () => Promise.resolve(rmSync(folder, { recursive: true })),
  });
});

describe.skipIf(!hasNpmPostgres())("from npm", () => {
  dbConformance("PostgreSQL 18", async () => {
    const shared = await postgresForTests();
    return {
      fresh: async () => openDb({ postgres: await freshDatabase(shared.url) }),
      [Symbol.asyncDispose]: () => shared[Symbol.asyncDispose](),
    };
  });

  dbOutage("PostgreSQL 18 that is started anew", async () => {
    const postgres = await startPostgres18();
    return {
      fresh: async () => openDb({ postgres: await freshDatabase(postgres.url) }),
      async leave() {
        await postgres.stop();
        return () => postgres.start();
      },
      [Symbol.asyncDispose]: () => postgres[Symbol.asyncDispose](),
    };
  });
});

describe.skipIf("missing" in debianPostgres())("from Debian", () => {
  dbConformance("PostgreSQL with a synchronous standby", async () => {
    const pair = await startPostgresPair();
    return {
      fresh: async () => openDb({ postgres: await freshDatabase(pair.primary.url) }),
      [Symbol.asyncDispose]: () => pair[Symbol.asyncDispose](),
    };
  });
});
