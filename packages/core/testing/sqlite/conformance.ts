import { describe, expect, test } from "vitest";
import { bytesToHex, type Bytes } from "../../src/base/index.ts";
import type { SourceFile } from "../../src/model/index.ts";
import type { Sqlite, SqliteDatabase, SqliteFiles, SqliteRow, SqliteSelect } from "../../src/sqlite/index.ts";
import { randomOf } from "../history/random.ts";
import { databaseBytes, databaseNames, type DatabaseBytes, type DatabaseName } from "./databases.ts";

/** Where the suite puts databases for an engine to read. */
export interface SqlitePlace {
  /** Lays out files by name, such as `a.db` and `a.db-wal`, in a place of their own. */
  put(files: Readonly<Record<string, Bytes>>): Promise<Placed>;
}

interface Placed {
  file(name: string): Promise<SourceFile>;
  /** What lies in the place now. */
  files(): Promise<Readonly<Record<string, Bytes>>>;
}

interface Bench {
  readonly sqlite: Sqlite;
  readonly place: SqlitePlace;
}

/** The contract of `Sqlite`, as tests: each reads databases laid out in `place`, and looks that none has changed. */
export function sqliteConformance(name: string, sqlite: Sqlite, place: SqlitePlace): void {
  describe(`${name} keeps the contract of SQLite databases:`, () => {
    const bench = { sqlite, place };
    valueTests(bench);
    selectTests(bench);
    logTests(bench);
    hostileTests(bench);
    damageTests(bench);
    lifeTests(bench);
  });
}

/** Opens a database that lies in a place, gives it to `look`, and sees that the place is as it was. */
async function reading<T>(
  { sqlite, place }: Bench,
  bytes: DatabaseBytes | DatabaseName,
  look: (database: SqliteDatabase, files: SqliteFiles) => Promise<T>,
): Promise<T> {
  const { main, wal } = typeof bytes === "string" ? await databaseBytes(bytes) : bytes;
  const laid = wal === undefined ? { "a.db": main } : { "a.db": main, "a.db-wal": wal };
  const placed = await place.put(laid);
  const files: SqliteFiles = {
    main: await placed.file("a.db"),
    wal: wal === undefined ? undefined : await placed.file("a.db-wal"),
  };
  try {
    await using database = await sqlite.open(files);
    return await look(database, files);
  } finally {
    expect(digests(await placed.files())).toEqual(digests(laid));
  }
}

function digests(files: Readonly<Record<string, Bytes>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytesToHex(bytes)]));
}

async function rowsOf(database: SqliteDatabase, select: SqliteSelect): Promise<SqliteRow[]> {
  const all: SqliteRow[] = [];
  for await (const rows of database.select(select)) all.push(...rows);
  return all;
}

/** The rows before an error, and its code. */
async function rowsUntilError(
  database: SqliteDatabase,
  select: SqliteSelect,
): Promise<{ rows: SqliteRow[]; code: unknown }> {
  const rows: SqliteRow[] = [];
  try {
    for await (const some of database.select(select)) rows.push(...some);
    return { rows, code: undefined };
  } catch (error) {
    return { rows, code: (error as { code?: unknown }).code };
  }
}

const everything: SqliteSelect = {
  table: "message",
  columns: ["id", "time", "text", "weight", "body"],
  order: ["rowid"],
};
const ids: SqliteSelect = { table: "message", columns: ["id"], order: ["rowid"] };
const bytes = (...values: number[]): Bytes => Uint8Array.from(values);

function valueTests(bench: Bench): void {
  const values: DatabaseName[] = [
    "values",
    "values in UTF-16, little end first",
    "values in UTF-16, big end first",
  ];
  test.each(values)("every value comes as it is: %s", async (name) => {
    await reading(bench, name, async (database) => {
      const rows = await rowsOf(database, everything);
      expect(rows.filter(([id]) => id !== 3n && id !== 2n && id !== 4n)).toEqual([
        [-9223372036854775808n, 9223372036854775807n, "", 0.1, bytes()],
        [1n, 9007199254740993n, "你好 👋", -1e300, bytes(0, 255, 16)],
        [9007199254740993n, 0n, null, Infinity, 7n],
      ]);
      expect(rows.find(([id]) => id === 4n)).toEqual([4n, "no number", expect.any(String), null, "text"]);
      expect(database.tables).toEqual(["message", "empty"]);
    });
  });

  test("a NUL, a mark of byte order and bytes that are no UTF-8 keep the text they lie in", async () => {
    const rows = await reading(bench, "values", (database) => rowsOf(database, everything));
    expect(rows.find(([id]) => id === 2n)).toEqual([2n, -1n, "a\0b", 3, null]);
    expect(rows.find(([id]) => id === 3n)).toEqual([3n, null, "a\ufffdb\ufffd", null, new Uint8Array(5000)]);
    expect(rows.find(([id]) => id === 4n)?.[2]).toBe("\ufeffa");
  });

  test.each(databaseNames.filter((name) => name.startsWith("pages")))("all rows of %s", async (name) => {
    await reading(bench, name, async (database) => {
      const rows = await rowsOf(database, everything);
      expect(rows).toHaveLength(401);
      expect(rows[122]).toEqual([123n, 1_700_000_000_123n, "第 123 条 message", 30.75, null]);
      expect(rows[400]).toEqual([1001n, 5n, "长", 1, new Uint8Array(200_000)]);
      const byTime = await rowsOf(database, { table: "message", columns: ["id"], order: ["time"] });
      expect(byTime.map(([id]) => id)).toEqual([1001n, ...rows.slice(0, 400).map(([id]) => id)]);
    });
  });
}

function selectTests(bench: Bench): void {
  test("columns are those of the file, and one that is missing is null in every row", async () => {
    await reading(bench, "values", async (database) => {
      expect(await database.columns("message")).toEqual([
        { name: "id", declared: "INTEGER" },
        { name: "time", declared: "INTEGER" },
        { name: "text", declared: "TEXT" },
        { name: "weight", declared: "REAL" },
        { name: "body", declared: "BLOB" },
      ]);
      expect((await database.columns("empty"))[0]).toEqual({ name: "a", declared: "" });
      expect(await database.columns("nowhere")).toEqual([]);
      const rows = await rowsOf(database, {
        table: "message",
        columns: ["TEXT", "isGroup", "rowid"],
        where: [{ column: "id", is: "=", value: 1n }],
      });
      expect(rows).toEqual([["你好 👋", null, 1n]]);
    });
  });

  test("a column can be asked to hold one of up to 64 values", async () => {
    await reading(bench, "pages of 512", async (database) => {
      const select = (values: readonly SqliteRow[number][]): SqliteSelect => ({
        table: "message",
        columns: ["id"],
        where: [{ column: "id", is: "in", values }],
        order: ["id"],
      });
      const many = Array.from({ length: 64 }, (_, i) => BigInt(1000 - i));
      expect(await rowsOf(database, select([3n, 7n, 123456n, null, "8"]))).toEqual([[3n], [7n], [8n]]);
      expect(await rowsOf(database, select(many))).toHaveLength(0);
      expect(await rowsOf(database, select([]))).toEqual([]);
      expect((await rowsUntilError(database, select([...many, 1n]))).code).toBe("base.invalid");
    });
  });

  test("an empty table has no rows, an empty file no tables, a table that is not there is refused", async () => {
    await reading(bench, "values", async (database) => {
      expect(await rowsOf(database, { table: "empty", columns: ["a", "b"] })).toEqual([]);
      expect((await rowsUntilError(database, { table: "nowhere", columns: ["a"] })).code).toBe(
        "base.invalid",
      );
      expect((await rowsUntilError(database, { table: "sqlite_schema", columns: ["sql"] })).code).toBe(
        "base.invalid",
      );
    });
    await reading(bench, { main: bytes() }, async (database) => expect(database.tables).toEqual([]));
  });

  test("conditions compare with values of any kind", async () => {
    await reading(bench, "values", async (database) => {
      const where = async (
        column: string,
        is: "=" | "<" | ">=",
        value: SqliteRow[number],
      ): Promise<unknown> => (await rowsOf(database, { ...ids, where: [{ column, is, value }] })).flat();
      expect(await where("time", "=", 9007199254740993n)).toEqual([1n]);
      expect(await where("time", "=", 9007199254740992n)).toEqual([]);
      expect(await where("text", "=", "你好 👋")).toEqual([1n]);
      expect(await where("text", "=", "a\0b")).toEqual([2n]);
      expect(await where("body", "=", bytes(0, 255, 16))).toEqual([1n]);
      expect(await where("text", "=", null)).toEqual([9007199254740993n]);
      expect(await where("missing", "=", null)).toHaveLength(6);
      expect(await where("weight", "<", 0)).toEqual([1n]);
      expect(await where("weight", "=", 0.1)).toEqual([-9223372036854775808n]);
      expect(await where("rowid", ">=", 4n)).toEqual([4n, 9007199254740993n]);
      expect(await where("text", "=", "x' OR 1 --")).toEqual([]);
    });
  });
}

function logTests(bench: Bench): void {
  const sums = async (database: SqliteDatabase): Promise<unknown> => {
    const rows = await rowsOf(database, everything);
    return [rows.length, rows[4]?.[2], rows.at(-1)?.[0]];
  };
  test("what was committed to the log is there, and a torn end of the log is not", async () => {
    const [whole, torn] = ["logged", "logged, last frame torn"] as const;
    expect(await reading(bench, whole, sums)).toEqual([510, "changed", 510n]);
    expect(await reading(bench, torn, sums)).toEqual([510, "changed", 510n]);
  });

  test("without its log a database is what its main file holds", async () => {
    const { main } = await databaseBytes("logged");
    expect(await reading(bench, { main }, sums)).toEqual([10, "第 5 条 message", 10n]);
    expect(await reading(bench, { main, wal: bytes() }, sums)).toEqual([10, "第 5 条 message", 10n]);
  });

  test("a log that is none, or of another database, adds nothing", async () => {
    const { main } = await databaseBytes("logged");
    for (const wal of [randomBytes(50_000), new Uint8Array(50_000)])
      expect(await reading(bench, { main, wal }, sums)).toEqual([10, "第 5 条 message", 10n]);
  });
}

function hostileTests(bench: Bench): void {
  const tables = ["message", `a "quoted" 'name' [x]`, "generated", "pairs", "own"];
  test("views, virtual tables and tables in disguise are no tables", async () => {
    await reading(bench, "hostile", async (database) => {
      expect(database.tables.filter((name) => !/^(?:words|boxes)_/.test(name))).toEqual(tables);
      for (const table of ["endless", "loud", "words", "boxes", "disguised"])
        expect((await rowsUntilError(database, { table, columns: ["a"] })).code).toBe("base.invalid");
      expect([...database.virtualTables]).toEqual([
        ["words", "CREATE VIRTUAL TABLE words USING fts5(text)"],
        ["boxes", "CREATE VIRTUAL TABLE boxes USING rtree(id, a, b)"],
      ]);
    });
  });

  test("names with quotes, generated columns, tables without row ids and own ones are read", async () => {
    await reading(bench, "hostile", async (database) => {
      const [, quoted] = tables;
      const names = (await database.columns(quoted!)).map(({ name }) => name);
      expect(names).toEqual(["select", 'a"b', "c'd"]);
      expect(await rowsOf(database, { table: quoted!, columns: names })).toEqual([["x", 1n, bytes(1)]]);
      expect((await database.columns("generated")).map(({ name }) => name)).toEqual(["a", "twice"]);
      expect(await rowsOf(database, { table: "generated", columns: ["a", "twice", "huge"] })).toEqual([
        [1n, 2n, null],
        [2n, 4n, null],
      ]);
      const pairs = await rowsOf(database, { table: "pairs", columns: ["c", "rowid"], order: ["a", "b"] });
      expect(pairs).toEqual([
        [null, null],
        ["one", null],
        ["two", null],
      ]);
      expect(await rowsOf(database, { table: "own", columns: ["rowid"] })).toEqual([["mine"]]);
      expect(await rowsOf(database, { ...ids, order: ["text"] })).toEqual([[1n], [2n], [3n]]);
    });
  });
}

function randomBytes(length: number): Bytes {
  const random = randomOf("sqlite", length);
  return Uint8Array.from({ length }, () => random.next());
}

function damageTests(bench: Bench): void {
  const codeOf = async (main: Bytes): Promise<unknown> => {
    try {
      return await reading(bench, { main }, async (database) => database.tables);
    } catch (error) {
      return (error as { code?: unknown }).code;
    }
  };

  test("what is no database, or is encrypted, is refused as such", async () => {
    for (const length of [1, 100, 1024, 100_000])
      expect(await codeOf(randomBytes(length))).toBe("format.no-database");
    const { main } = await databaseBytes("values");
    expect(await codeOf(main.map((byte, i) => (i < 16 ? byte : byte ^ 0x5a)))).toBe("format.no-database");
  });

  test("of a file that ends too soon the rows before its end are given, then the error", async () => {
    const { main } = await databaseBytes("pages of 1024");
    const { rows, code } = await reading(bench, { main: main.slice(0, 12_000) }, (database) =>
      rowsUntilError(database, everything),
    );
    expect(code).toBe("format.database-damaged");
    expect(rows.length).toBeGreaterThan(50);
    expect(rows[0]).toEqual([1n, 1_700_000_000_001n, "第 1 条 message", 0.25, null]);
    expect(rows.length).toBeLessThan(400);
  });

  test("of a file with a broken page the rows before it are given, then the error", async () => {
    const { main } = await databaseBytes("pages of 1024");
    const { rows, code } = await reading(
      bench,
      { main: main.map((byte, i) => (i >= 10_240 && i < 11_264 ? 0xff : byte)) },
      (database) => rowsUntilError(database, everything),
    );
    expect(code).toBe("format.database-damaged");
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.length).toBeLessThan(400);
  });

  test("a broken schema is damage", async () => {
    const { main } = await databaseBytes("pages of 512");
    expect(await codeOf(main.map((byte, i) => (i >= 100 && i < 512 ? 0xee : byte)))).toBe(
      "format.database-damaged",
    );
  });

  test("flipped bytes give rows or errors of ours, never anything else", async () => {
    const { main } = await databaseBytes("pages of 2048");
    const random = randomOf("flips");
    for (let round = 0; round < 150; round++) {
      const flipped = new Uint8Array(main);
      for (let i = 0; i <= round % 7; i++) {
        const most = round % 2 === 0 ? 6000 : main.length;
        flipped[random.below(most)] = random.next() & 0xff;
      }
      const outcome = reading(bench, { main: flipped }, async (database) => {
        for (const table of database.tables) {
          const names = (await database.columns(table)).map(({ name }) => name);
          if (names.length > 0) await rowsOf(database, { table, columns: names });
        }
        return "format.read";
      }).catch((error: { code?: unknown }) => error.code);
      expect(await outcome).toMatch(/^(?:format\.(?:read|no-database|database-damaged)|base\.limit)$/);
    }
  });
}

function lifeTests(bench: Bench): void {
  test("two databases, and two selects of one, go on side by side", async () => {
    await reading(bench, "pages of 512", (one) =>
      reading(bench, "logged", async (other) => {
        const selects = [one.select(ids), other.select(ids), one.select({ ...ids, where: [] })];
        const counts = [0, 0, 0];
        for (let isOver = false; !isOver;) {
          const steps = await Promise.all(selects.map((select) => select.next()));
          steps.forEach((step, i) => (counts[i]! += step.done === true ? 0 : step.value.length));
          isOver = steps.every((step) => step.done === true);
        }
        expect(counts).toEqual([401, 510, 401]);
      }),
    );
  });

  test("a select that is left early lets go, and the next one begins anew", async () => {
    await reading(bench, "logged", async (database) => {
      for (let i = 0; i < 3; i++)
        for await (const rows of database.select(ids)) {
          expect(rows[0]).toEqual([1n]);
          break;
        }
      expect(await rowsOf(database, ids)).toHaveLength(510);
    });
  });

  test("closed amid a select, the select ends, and closing again does nothing", async () => {
    await reading(bench, "logged", async (database) => {
      const select = database.select(ids);
      await select.next();
      await database[Symbol.asyncDispose]();
      await expect(select.next()).rejects.toMatchObject({ code: "base.aborted" });
      await expect(rowsOf(database, ids)).rejects.toMatchObject({ code: "base.aborted" });
      await database[Symbol.asyncDispose]();
    });
  });

  test("closed while rows are asked for, it gives them or says that it was stopped", async () => {
    for (let round = 0; round < 5; round++)
      await reading(bench, "logged", async (database) => {
        const selects = [database.select(ids), database.select(everything), database.select(ids)];
        for (let i = 0; i < round; i++) await selects[i % 2]!.next();
        const asked = selects.map((select) => select.next().catch((error: { code?: unknown }) => error.code));
        await database[Symbol.asyncDispose]();
        for (const answer of await Promise.all(asked))
          if (typeof answer === "string") expect(answer).toBe("base.aborted");
          else expect(answer).toMatchObject({ done: false });
      });
  });

  test("a signal ends opening and selects", async () => {
    await reading(bench, "logged", async (_, files) => {
      const control = new AbortController();
      await using database = await bench.sqlite.open(files, { signal: control.signal });
      const select = database.select(ids);
      await select.next();
      control.abort();
      await expect(select.next()).rejects.toMatchObject({ code: "base.aborted" });
      await expect(bench.sqlite.open(files, { signal: control.signal })).rejects.toMatchObject({
        code: "base.aborted",
      });
    });
  });
}
