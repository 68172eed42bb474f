import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { timerSleep } from "../../packages/core/src/base/index.ts";
import { beginMoving, endMoving, migrate } from "../../packages/server/src/db/index.ts";
import { freshDatabase } from "../../packages/server/testing/db/fresh.ts";
import { hasNpmPostgres } from "../../tools/parts/postgres-programs.ts";
import { startPostgres18 } from "../../tools/parts/postgres.ts";
import { startTestServer, type TestServer } from "./serving.ts";

/** What a server says of itself, once what it last said is forgotten. */
async function readiness({ url }: TestServer): Promise<readonly [number, unknown]> {
  await timerSleep(1100);
  const response = await fetch(`${url}/ready`);
  return [response.status, await response.json()];
}

const ready = [200, { status: "ready" }];
const lacking = (...parts: readonly string[]) => [503, { status: "not-ready", lacking: parts }];
const isWell = async ({ url }: TestServer): Promise<boolean> => (await fetch(`${url}/health`)).ok;

test("a server is ready where its objects can be stored and its tables are this program's", async () => {
  await using server = await startTestServer();
  expect(await readiness(server)).toEqual(ready);
  await rename(server.folder, `${server.folder}-gone`);
  expect(await readiness(server)).toEqual(lacking("objects"));
  await rename(`${server.folder}-gone`, server.folder);
  const { db } = server.server;
  await migrate(db, "0006-second-factors");
  expect(await readiness(server)).toEqual(lacking("tables"));
  await migrate(db);
  await beginMoving(db);
  expect(await readiness(server)).toEqual(lacking("tables"));
  await endMoving(db.query);
  expect(await readiness(server)).toEqual(ready);
}, 30_000);

describe.skipIf(!hasNpmPostgres())("on PostgreSQL", () => {
  test("it is not ready while the database is away, and runs on", async () => {
    await using postgres = await startPostgres18();
    const dayKeys = await mkdtemp(join(tmpdir(), "keepsake-day-keys-"));
    onTestFinished(() => rm(dayKeys, { recursive: true }));
    const settings = { KEEPSAKE_POSTGRES: await freshDatabase(postgres.url), KEEPSAKE_DAY_KEYS: dayKeys };
    await using server = await startTestServer(settings);
    expect(await readiness(server)).toEqual(ready);
    await postgres.stop();
    expect(await readiness(server)).toEqual(lacking("database"));
    expect(await isWell(server)).toBe(true);
    await postgres.start();
    expect(await readiness(server)).toEqual(ready);
  }, 60_000);
});
