import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { makeBackup, type PhoneFile } from "../../testing/apple/backup.ts";
import { folderSource, nodeSqlite } from "../platform/node/index.ts";
import type { SqliteSelect } from "../sqlite/index.ts";
import { selectOf } from "../sqlite/statements.ts";
import { databaseManifest } from "./manifest.ts";

const [OWN, OTHER] = ["AppDomain-com.tencent.xin", "AppDomain-com.example.bank"];

const file = (domain: string, path: string): PhoneFile => ({ domain, path, content: new Uint8Array(1) });

/** A manifest, and how SQLite goes about each selection that was asked of it. */
async function manifestOf(files: readonly PhoneFile[]) {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-manifest-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  makeBackup(folder, files);
  const database = await nodeSqlite.open({ main: (await (await folderSource(folder)).file("Manifest.db"))! });
  const asked: SqliteSelect[] = [];
  const manifest = databaseManifest({
    tables: database.tables,
    virtualTables: database.virtualTables,
    columns: (table) => database.columns(table),
    select(select) {
      asked.push(select);
      return database.select(select);
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  });
  const columns = await database.columns("Files");
  const known = new Map(columns.map(({ name }) => [name.toLowerCase(), name]));
  const plans = (): string[] => {
    using plain = new DatabaseSync(join(folder, "Manifest.db"), { readOnly: true });
    return asked.map((select) => {
      const { sql, parameters } = selectOf(select, known);
      const steps = plain.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
      return steps.map(({ detail }) => String(detail)).join("; ");
    });
  };
  return { manifest, plans };
}

test("a file and a folder of an app are looked up by their path, not among all files of the app", async () => {
  const path = (i: number): string => `Documents/Img/${i % 10}/${i}.pic`;
  const files = Array.from({ length: 500 }, (_, i) => file(OWN, path(i)));
  const { manifest, plans } = await manifestOf([
    ...files,
    file(OTHER, path(7)),
    file(OTHER, "Documents/Img/7/x"),
  ]);
  await using _ = manifest;
  expect(await manifest.find(OWN, path(7))).toMatchObject({ path: path(7) });
  expect(await manifest.find(OWN, "Documents/Img/7/x")).toBeUndefined();
  const found: string[] = [];
  for await (const entry of manifest.within(OWN, "Documents/Img/7/")) found.push(entry.path);
  expect(found.sort()).toEqual(
    files
      .map((each) => each.path)
      .filter((each) => each.includes("/7/"))
      .sort(),
  );
  for (const plan of plans()) expect(plan).toContain("USING INDEX FilesRelativePathIdx");
  let count = 0;
  for await (const { path: each } of manifest.within(OWN, "")) if (each !== "") count++;
  expect(count).toBe(500);
  expect(plans().at(-1)).toContain("USING INDEX FilesDomainIdx");
});
