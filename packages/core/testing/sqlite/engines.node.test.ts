import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, test } from "vitest";
import { KeepsakeError } from "../../src/base/index.ts";
import { memoryFile } from "../../src/formats/index.ts";
import type { SourceFile } from "../../src/model/index.ts";
import { folderSource, nodeSqlite } from "../../src/platform/node/index.ts";
import type { SqliteRow } from "../../src/sqlite/index.ts";
import { databaseBytes } from "./databases.ts";

const folder = mkdtempSync(join(tmpdir(), "keepsake-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function fileOf(name: string): Promise<SourceFile> {
  return (await (await folderSource(folder)).file(name))!;
}

/** A view of a file, which counts what is read through it. */
function viewOf(file: SourceFile): { readonly view: SourceFile; readonly read: () => number } {
  let read = 0;
  const view: SourceFile = {
    ...file,
    async *open(range) {
      for await (const piece of file.open(range)) {
        read += piece.length;
        yield piece;
      }
    },
  };
  return { view, read: () => read };
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What is still needed, on the heap and in buffers. */
function bytesKept(): number {
  collect();
  // Buffers are given back beside the program; a second collection begins when the first one's are.
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The files that this process has open, on Linux. */
function openFiles(): string[] {
  const folder = "/proc/self/fd";
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(join(folder, name))];
    } catch {
      return [];
    }
  });
}

async function idsOf(main: SourceFile, wal?: SourceFile): Promise<unknown[]> {
  await using database = await nodeSqlite.open({ main, wal });
  const ids: unknown[] = [];
  for await (const rows of database.select({ table: "message", columns: ["id"], order: ["rowid"] }))
    ids.push(...rows.flat());
  return ids;
}

describe("a database of 200,000 rows", () => {
  const path = join(folder, "large.db");
  const made = new DatabaseSync(path);
  made.exec(`CREATE TABLE message (id INTEGER PRIMARY KEY, text TEXT);
    WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i < 200000)
    INSERT INTO message SELECT i, i || ' ' || substr(hex(randomblob(150)), i % 7) FROM n;`);
  made.close();

  test.each(["from a folder", "through a view"])("%s comes row by row, in bounded memory", async (how) => {
    const file = await fileOf("large.db");
    expect(file.sizeBytes).toBeGreaterThan(60_000_000);
    const { view } = viewOf(file);
    await using database = await nodeSqlite.open({ main: how === "through a view" ? view : file });
    const before = bytesKept();
    let most = 0;
    let count = 0n;
    for await (const rows of database.select({ table: "message", columns: ["id", "text"] })) {
      const isRight = ([id, text]: SqliteRow): boolean => id === ++count && String(text).startsWith(`${id} `);
      expect(rows.every(isRight)).toBe(true);
      if (count % 20_000n < BigInt(rows.length)) most = Math.max(most, bytesKept());
    }
    expect(count).toBe(200_000n);
    expect(most - before).toBeLessThan(32_000_000);
  });

  test.each(["on the disk", "in memory"])("%s lets others have their turn between rows", async (where) => {
    const file =
      where === "in memory" ? memoryFile("large.db", readFileSync(path)) : await fileOf("large.db");
    const control = new AbortController();
    await using database = await nodeSqlite.open({ main: file }, { signal: control.signal });
    setTimeout(() => control.abort(), 20);
    let count = 0;
    const reading = (async (): Promise<void> => {
      for await (const rows of database.select({ table: "message", columns: ["text"] })) count += rows.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: "base.aborted" });
    expect(count).toBeLessThan(200_000);
  });

  test("what has to be put in order goes to no file", async () => {
    await using database = await nodeSqlite.open({ main: await fileOf("large.db") });
    for await (const rows of database.select({ table: "message", columns: ["text"], order: ["text"] })) {
      expect(rows.length).toBeGreaterThan(0);
      expect(openFiles().filter((path) => /etilqs|\(deleted\)$/.test(path))).toEqual([]);
      break;
    }
  });

  test("a row is found by its number without reading the file through", async () => {
    const { view, read } = viewOf(await fileOf("large.db"));
    await using database = await nodeSqlite.open({ main: view });
    const found: SqliteRow[] = [];
    const where = [{ column: "rowid", is: "=", value: 150_000n }] as const;
    for await (const rows of database.select({ table: "message", columns: ["id"], where }))
      found.push(...rows);
    expect(found).toEqual([[150_000n]]);
    expect(read()).toBeLessThan(2_000_000);
  });
});

test("a page beyond the first four gigabytes is found", async () => {
  const pageBytes = 65_536;
  const far = 70_000;
  const path = join(folder, "far.db");
  const mayForge = { open: true, defensive: false };
  const made = new DatabaseSync(path, mayForge);
  made.exec(`PRAGMA page_size = ${pageBytes}; CREATE TABLE message (id INTEGER PRIMARY KEY);
    INSERT INTO message VALUES (1), (9007199254740993);
    PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = ${far};`);
  made.close();
  const bytes = new Uint8Array(readFileSync(path));
  new DataView(bytes.buffer).setUint32(28, far);
  const sizeBytes = far * pageBytes;
  const open: SourceFile["open"] = async function* open(range) {
    const { start, end = sizeBytes } = range ?? { start: 0 };
    const shift = start < pageBytes ? 0 : sizeBytes - 2 * pageBytes;
    const piece = new Uint8Array(end - start);
    if (start >= shift) piece.set(bytes.subarray(start - shift, end - shift));
    yield piece;
  };
  expect(await idsOf({ path: "far.db", sizeBytes, open })).toEqual([1n, 9007199254740993n]);
});

test("a log and a journal that lie beside a database by chance are neither read nor touched", async () => {
  const { main, wal } = await databaseBytes("logged");
  writeFileSync(join(folder, "b.db"), main);
  writeFileSync(join(folder, "b.db-wal"), wal!);
  writeFileSync(join(folder, "b.db-journal"), "a journal");
  const before = readdirSync(folder);
  expect(await idsOf(await fileOf("b.db"))).toHaveLength(10);
  expect(await idsOf(await fileOf("b.db"), await fileOf("b.db-wal"))).toHaveLength(510);
  expect(readdirSync(folder)).toEqual(before);
  expect(readFileSync(join(folder, "b.db"))).toEqual(Buffer.from(main));
  expect(readFileSync(join(folder, "b.db-wal"))).toEqual(Buffer.from(wal!));
  expect(readFileSync(join(folder, "b.db-journal"), "utf8")).toBe("a journal");
});

test("a view that gives other bytes than lie on the disk is read as it gives them", async () => {
  const { main } = await databaseBytes("pages of 4096");
  writeFileSync(
    join(folder, "sealed.db"),
    main.map((byte) => byte ^ 0x5a),
  );
  const sealed = await fileOf("sealed.db");
  await expect(idsOf(sealed)).rejects.toMatchObject({ code: "format.no-database" });
  const open: SourceFile["open"] = async function* open(range) {
    for await (const piece of sealed.open(range)) yield piece.map((byte) => byte ^ 0x5a);
  };
  expect(await idsOf({ ...sealed, open })).toHaveLength(401);
});

test("what reading a file throws comes out as it is, and the rows before it come first", async () => {
  const { main } = await databaseBytes("pages of 512");
  const whole = memoryFile("a.db", main);
  let isGone = false;
  const open: SourceFile["open"] = async function* open(range) {
    if (isGone) throw new KeepsakeError("format.unreadable", { details: { what: "gone" } });
    yield* whole.open(range);
  };
  await using database = await nodeSqlite.open({ main: { ...whole, open } });
  isGone = true;
  const rows: SqliteRow[] = [];
  const select = async (): Promise<void> => {
    for await (const some of database.select({ table: "message", columns: ["body"] })) rows.push(...some);
  };
  await expect(select()).rejects.toMatchObject({ code: "format.unreadable", details: { what: "gone" } });
  expect(rows.length).toBeGreaterThan(0);
});
