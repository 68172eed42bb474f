import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/*
 * Writes databases.json: invented databases for the suite of the port, which browsers cannot make themselves. Each is
 * gzip in base64: the main file, and a log where there is one.
 */

interface Made {
  readonly main: Uint8Array;
  readonly wal?: Uint8Array;
}

/** The hostile one is made by writing to its schema. */
const mayForge = { open: true, defensive: false };
const folder = mkdtempSync(join(tmpdir(), "keepsake-sqlite-"));
const messages = `CREATE TABLE "message" (id INTEGER PRIMARY KEY, time INTEGER, text TEXT, weight REAL, body BLOB);`;
const filled = (rows: number, from = 1): string =>
  `WITH RECURSIVE n(i) AS (VALUES(${from}) UNION ALL SELECT i+1 FROM n WHERE i < ${from + rows - 1})
   INSERT INTO message SELECT i, 1700000000000 + i, '第 ' || i || ' 条 message', i / 4.0, NULL FROM n;`;

function made(sql: string): Made {
  const path = join(folder, "a.db");
  closeSync(openSync(path, "w"));
  const database = new DatabaseSync(path, mayForge);
  database.exec(sql);
  database.close();
  const main = readFileSync(path);
  rmSync(path);
  return { main };
}

const values = `${messages}
  INSERT INTO message VALUES (-9223372036854775808, 9223372036854775807, '', 0.1, x'');
  INSERT INTO message VALUES (1, 9007199254740993, '你好 👋', -1e300, x'00ff10');
  INSERT INTO message VALUES (2, -1, cast(x'610062' as text), 3.0, NULL);
  INSERT INTO message VALUES (3, NULL, cast(x'61ff62e4bd' as text), NULL, zeroblob(5000));
  INSERT INTO message VALUES (4, 'no number', cast(x'efbbbf61' as text), NULL, 'text');
  INSERT INTO message VALUES (9007199254740993, 0, NULL, 9e999, 7);
  CREATE TABLE empty (a, b TEXT);`;

const hostile = `PRAGMA trusted_schema = ON;
  ${messages} ${filled(3)}
  CREATE TABLE "a ""quoted"" 'name' [x]" ("select" TEXT, "a""b" INTEGER, 'c''d' BLOB);
  INSERT INTO "a ""quoted"" 'name' [x]" VALUES ('x', 1, x'01');
  CREATE TABLE generated (a INTEGER, twice INTEGER AS (a * 2) STORED, huge TEXT AS (hex(zeroblob(a * 1000000))));
  INSERT INTO generated (a) VALUES (1), (2);
  CREATE TABLE pairs (a TEXT, b INTEGER, c, PRIMARY KEY (a, b)) WITHOUT ROWID;
  INSERT INTO pairs VALUES ('x', 2, 'two'), ('x', 1, 'one'), ('a', 9, NULL);
  CREATE TABLE own (rowid TEXT, v);
  INSERT INTO own VALUES ('mine', 1);
  CREATE INDEX partly ON message (text) WHERE length(text) > 3;
  CREATE INDEX shouted ON message (upper(text));
  CREATE TRIGGER spy AFTER INSERT ON message BEGIN DELETE FROM message; END;
  CREATE VIEW endless AS WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n) SELECT i, randomblob(1000000) FROM n;
  CREATE VIEW loud AS SELECT load_extension('evil'), * FROM message;
  CREATE VIRTUAL TABLE words USING fts5(text);
  INSERT INTO words VALUES ('hidden words');
  CREATE VIRTUAL TABLE boxes USING rtree(id, a, b);
  PRAGMA writable_schema = ON;
  INSERT INTO sqlite_schema VALUES ('table', 'disguised', 'disguised', 2, 'CREATE VIRTUAL TABLE disguised USING fts5(a)');`;

function withLog(): Record<string, Made> {
  const path = join(folder, "w.db");
  const database = new DatabaseSync(path);
  database.exec(
    `PRAGMA page_size = 1024; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${messages}`,
  );
  database.exec(filled(10));
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.exec(filled(500, 11));
  database.exec("UPDATE message SET text = 'changed' WHERE id = 5");
  const whole = { main: readFileSync(path), wal: readFileSync(`${path}-wal`) };
  database.exec(filled(100, 1001));
  const longer = readFileSync(`${path}-wal`);
  database.close();
  return {
    logged: whole,
    "logged, last frame torn": { main: whole.main, wal: longer.subarray(0, longer.length - 500) },
  };
}

const all: Record<string, Made> = {
  values: made(values),
  "values in UTF-16, little end first": made(`PRAGMA encoding = 'UTF-16le'; ${values}`),
  "values in UTF-16, big end first": made(`PRAGMA encoding = 'UTF-16be'; ${values}`),
  hostile: made(hostile),
  ...withLog(),
};
for (let pageSize = 512; pageSize <= 65_536; pageSize *= 2)
  all[`pages of ${pageSize}`] = made(
    `PRAGMA page_size = ${pageSize}; ${messages} CREATE INDEX by_time ON message (time); ${filled(400)}
     INSERT INTO message VALUES (1001, 5, '长', 1, zeroblob(200000));`,
  );
rmSync(folder, { recursive: true });

const packed = (bytes: Uint8Array): string => gzipSync(bytes, { level: 9 }).toString("base64");
const entries = Object.entries(all).map(([name, { main, wal }]) => [
  name,
  wal === undefined ? { main: packed(main) } : { main: packed(main), wal: packed(wal) },
]);
const target = fileURLToPath(new URL("databases.json", import.meta.url));
writeFileSync(target, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
