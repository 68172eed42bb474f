import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate, openDb, type Db } from "./index.ts";

let folder: string;
let db: Db;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-plans-"));
  db = await openDb({ sqlite: join(folder, "server.db") });
  await migrate(db);
});
afterAll(async () => {
  await db.close();
  await rm(folder, { recursive: true });
});

async function planOf(statement: string): Promise<readonly string[]> {
  const { rows } = await sql
    .raw<{ readonly detail: string }>(`explain query plan ${statement}`)
    .execute(db.query);
  return rows.map(({ detail }) => detail);
}

/** What is asked at every request, or by every sweep of all that there is. */
const hot: Readonly<Record<string, string>> = {
  "a list of objects": `select name from object where vault = 'v' and name >= 'packs/' and name < 'packs/~' order by name limit 1000`,
  "the newest head": `select name from object where vault = 'v' and name >= 'heads/' and name < 'heads/~' order by name desc limit 1`,
  "the trash of a vault": `select id from trash where vault = 'v' order by "removedMs" desc, id limit 1000`,
  "which object names a blob": `select blob from object where blob = 'b'`,
  "what of the trash names a blob": `select blob from trash where blob = 'b'`,
  "owners after a blob": `select blob from trash where blob > 'b' order by blob limit 500`,
  "uploads past their time": `select id from upload where "untilMs" < 1 order by "untilMs" limit 500`,
  "the oldest of the trash": `select id from trash where "removedMs" < 1 order by "removedMs" limit 500`,
  "dead blobs": `select blob from "deadBlob" where "sinceMs" < 1 order by "sinceMs" limit 500`,
  "members for the operator": `select id from member where id > 'm' order by id limit 1000`,
  "vaults of a member": `select id from vault where member = 'm'`,
};

for (const [name, statement] of Object.entries(hot))
  test(`${name}: found by an index, not by reading the table`, async () => {
    const plan = await planOf(statement);
    expect(plan.length).toBeGreaterThan(0);
    expect(plan.filter((step) => step.startsWith("SCAN"))).toEqual([]);
  });

test("a plan that reads a whole table is seen", async () => {
  expect(await planOf(`select id from trash where name = 'packs/a'`)).toEqual([
    expect.stringMatching(/^SCAN/),
  ]);
});
