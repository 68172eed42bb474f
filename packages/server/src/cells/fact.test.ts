import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { migrate, openDb, type Db } from "../db/index.ts";
import { secretsOf } from "../keys/secrets.ts";
import { requireCell } from "./fact.ts";

async function fresh(): Promise<{ readonly db: Db; readonly secretsFile: string }> {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-cell-"));
  const db = await openDb({ sqlite: join(folder, "server.db") });
  onTestFinished(async () => {
    await db.close();
    await rm(folder, { recursive: true });
  });
  await migrate(db);
  return { db, secretsFile: join(folder, "secrets.json") };
}

test("a fresh database is of the cell that it was first used for, and of no other", async () => {
  const { db } = await fresh();
  await requireCell(db, 1);
  await requireCell(db, 1);
  await expect(requireCell(db, 2)).rejects.toMatchObject({
    code: "server.wrong-cell",
    details: { cell: 1, asked: 2 },
  });
  await expect(requireCell(db, 0)).rejects.toMatchObject({ code: "server.wrong-cell" });
});

test("a database from before there were cells is cell 0's", async () => {
  const { db, secretsFile } = await fresh();
  await secretsOf(db, secretsFile);
  await expect(requireCell(db, 1)).rejects.toMatchObject({ code: "server.wrong-cell" });
  await requireCell(db, 0);
});

test("secrets that must be those of the first cell are not made", async () => {
  const { db, secretsFile } = await fresh();
  const given = { mayMake: false };
  await expect(secretsOf(db, secretsFile, given)).rejects.toMatchObject({ code: "server.bad-secrets" });
  const { db: first } = await fresh();
  const secrets = await secretsOf(first, secretsFile);
  expect(await secretsOf(db, secretsFile, given)).toEqual(secrets);
});
