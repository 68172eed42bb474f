import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { memoryFile } from "../../src/formats/index.ts";
import { diskConnection } from "../../src/platform/node/sqlite/disk-connection.ts";
import { wasmConnection } from "../../src/platform/wasm-sqlite/index.ts";
import { sqliteDatabase, type SqliteConnection } from "../../src/sqlite/index.ts";
import { databaseBytes } from "./databases.ts";

const folder = mkdtempSync(join(tmpdir(), "keepsake-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true }));

const wasmPath = fileURLToPath(import.meta.resolve("@journeyapps/wa-sqlite/dist/wa-sqlite-async.wasm"));

const connections: Readonly<Record<string, () => Promise<SqliteConnection>>> = {
  "Node's own SQLite": async () => {
    const path = join(folder, "a.db");
    writeFileSync(path, (await databaseBytes("hostile")).main);
    return diskConnection(path);
  },
  "SQLite as WebAssembly": async () => {
    const main = memoryFile("a.db", (await databaseBytes("hostile")).main);
    return wasmConnection({ main }, () => Promise.resolve(new Uint8Array(readFileSync(wasmPath))));
  },
};

test.each(Object.keys(connections))(
  "%s, once guarded, reads tables and does nothing else",
  async (engine) => {
    const connection = await connections[engine]!();
    await using _ = await sqliteDatabase(connection);
    const run = async (sql: string): Promise<number> => {
      let count = 0;
      for await (const rows of connection.rows(sql, [])) count += rows.length;
      return count;
    };
    expect(await run("SELECT id, text FROM message")).toBe(3);
    const refused = [
      "SELECT * FROM loud",
      "SELECT * FROM endless LIMIT 1",
      "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n LIMIT 1",
      "SELECT hex(text) FROM message",
      "SELECT load_extension('evil')",
      "SELECT * FROM message WHERE text MATCH 'a'",
      `ATTACH '${join(folder, "b.db")}' AS b`,
      `VACUUM INTO '${join(folder, "c.db")}'`,
      "PRAGMA writable_schema = ON",
      "PRAGMA journal_mode = DELETE",
      "INSERT INTO message (id) VALUES (99)",
      "DELETE FROM message",
      "CREATE TABLE more (a)",
      "CREATE TEMP TABLE more (a)",
      "DROP TABLE message",
      'SELECT "no column" FROM message',
    ];
    for (const sql of refused)
      await expect(run(sql)).rejects.toMatchObject({ code: "format.database-damaged" });
    expect(readdirSync(folder).filter((name) => name !== "a.db")).toEqual([]);
  },
);
