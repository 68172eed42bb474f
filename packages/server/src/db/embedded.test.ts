import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { open as openFile, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { expectWhole, startLoad, untilAcknowledged, write } from "../../testing/db/load.ts";
import { codeOf, on, testMigration } from "../../testing/db/tables.ts";
import { embeddedBackup, migrate, openDb, type Db } from "./index.ts";

const writerFile = fileURLToPath(new URL("../../testing/db/writer-process.ts", import.meta.url));

const enough = 1_000;

let folder: string;
let file: string;
const children = new Set<ChildProcess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keepsake-embedded-"));
  file = join(folder, "server.db");
});

afterEach(async () => {
  for (const child of children) await killed(child);
  rmSync(folder, { recursive: true });
});

async function opened(path = file): Promise<Db> {
  const db = await openDb({ sqlite: path });
  await migrate(db, undefined, [testMigration]);
  return db;
}

/** A process that writes; what it acknowledged, as it comes. */
function startWriter(name: string): {
  readonly child: ChildProcess;
  readonly acknowledged: string[];
  readonly ended: Promise<void>;
} {
  const child = spawn(process.execPath, [writerFile, file, name], { stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  const acknowledged: string[] = [];
  const lines = createInterface({ input: child.stdout }).on("line", (line) => void acknowledged.push(line));
  const ended = new Promise<void>((resolve) => lines.once("close", resolve));
  return { child, acknowledged, ended };
}

async function killed(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("a process that is killed again and again loses nothing acknowledged, and tears nothing", async () => {
  await (await opened()).close();
  const acknowledged: string[] = [];
  for (let round = 0; round < 8 || acknowledged.length < enough; round += 1) {
    const writer = startWriter(`r${round}`);
    await until(() => writer.acknowledged.length >= 80 + ((round * 37) % 120));
    await killed(writer.child);
    await writer.ended;
    acknowledged.push(...writer.acknowledged);
    const db = await opened();
    await expectWhole(db, acknowledged);
    await db.close();
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(enough);
});

test("a file that another process serves is refused until that process is gone", async () => {
  await (await opened()).close();
  const writer = startWriter("w");
  await until(() => writer.acknowledged.length > 0);
  expect(await codeOf(openDb({ sqlite: file }))).toBe("server.database-in-use");
  await killed(writer.child);
  const db = await opened();
  await write(db, "mine");
  expect(await codeOf(openDb({ sqlite: file }))).toBe("server.database-in-use");
  await db.close();
  await (await openDb({ sqlite: file })).close();
});

test("others may read the file while it is served", async () => {
  const db = await opened();
  await write(db, "a");
  const reader = new DatabaseSync(file, { readOnly: true });
  expect(reader.prepare("select id from thing").all()).toEqual([{ id: "a" }]);
  await write(db, "b");
  expect(reader.prepare("select id from thing order by id").all()).toEqual([{ id: "a" }, { id: "b" }]);
  reader.close();
  await db.close();
});

test("a commit waits for the disk, a look does not, and after a disk that failed nothing is done", async () => {
  const db = await opened();
  const { rows } =
    await sql`select * from pragma_journal_mode, pragma_synchronous, pragma_foreign_keys`.execute(db.query);
  expect(rows).toEqual([{ journal_mode: "wal", synchronous: 1, foreign_keys: 1 }]);
  const probe = await openFile(file);
  const sync = vi.spyOn(Object.getPrototypeOf(probe) as FileHandle, "datasync");
  await probe.close();
  using _restored = sync;
  const things = () => on(db.query).selectFrom("thing").select("id").execute();
  const remove = () => on(db.query).deleteFrom("thing").where("id", "=", "a").execute();
  const syncs = async (change: () => Promise<unknown>): Promise<number> => {
    const before = sync.mock.calls.length;
    await change();
    return sync.mock.calls.length - before;
  };
  expect(await syncs(() => write(db, "a"))).toBe(1);
  expect(await syncs(things)).toBe(0);
  expect(
    await syncs(() => db.transaction((query) => on(query).selectFrom("thing").select("id").execute())),
  ).toBe(0);
  expect(await syncs(remove)).toBe(1);
  expect(await syncs(remove)).toBe(0);
  expect(await syncs(() => sql`create table more (id text)`.execute(db.query))).toBe(1);

  // The others wait for it, so that nobody sees what a power cut could take back.
  const disk = Promise.withResolvers<undefined>();
  sync.mockImplementationOnce(() => disk.promise);
  const writing = write(db, "b");
  const looking = things();
  const first = await Promise.race([
    writing,
    looking,
    new Promise((resolve) => setTimeout(resolve, 50, "none")),
  ]);
  expect(first).toBe("none");
  disk.resolve(undefined);
  await writing;
  expect(await looking).toEqual([{ id: "b" }]);

  sync.mockRejectedValueOnce(Object.assign(new Error("disk"), { code: "EIO" }));
  expect(await codeOf(write(db, "c"))).toBe("server.database-unavailable");
  expect(await codeOf(write(db, "d"))).toBe("server.database-unavailable");
  expect(await codeOf(things())).toBe("server.database-unavailable");
  await db.close();
});

test("the file is its owner's alone", async () => {
  const db = await opened();
  await write(db, "a");
  for (const name of [file, `${file}-wal`]) expect(statSync(name).mode & 0o077).toBe(0);
  await db.close();
});

test("a copy made while it is written to is whole, and holds what was acknowledged before", async () => {
  const db = await opened();
  const copy = join(folder, "copy.db");
  {
    await using load = startLoad(db, "w", 2);
    await untilAcknowledged(load, 50);
    // Now and then a copy is made between two writes; where writes had to wait for copies, this would not end.
    for (let round = 0, meanwhile = 0; round < 5 || meanwhile === 0; round += 1) {
      const before = [...load.acknowledged];
      await embeddedBackup(db, copy);
      meanwhile += load.acknowledged.length - before.length;
      const restored = await opened(copy);
      await expectWhole(restored, before);
      await restored.close();
    }
  }
  await db.close();
});

test("a copy that fails leaves the older one", async () => {
  const db = await opened();
  const copy = join(folder, "copy.db");
  await embeddedBackup(db, copy);
  const older = readFileSync(copy);
  expect(await codeOf(embeddedBackup(db, join(folder, "none", "copy.db")))).not.toBe("done");
  expect(readFileSync(copy)).toEqual(older);
  await db.close();
  const inMemory = await openDb({ sqlite: ":memory:" });
  expect(await codeOf(embeddedBackup(inMemory, copy))).toBe("base.invalid");
  await inMemory.close();
});

test("a busy database lets the process do its other work", async () => {
  const db = await opened();
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  const startedMs = performance.now();
  for (let number = 0; performance.now() - startedMs < 200; number += 1) await write(db, `${number}`);
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(10);
  await db.close();
});

test("a file that is no database, or a damaged one, is refused with a code", async () => {
  writeFileSync(file, "this is no database, and long enough to be looked at ".repeat(40));
  expect(await codeOf(openDb({ sqlite: file }))).toBe("server.database-damaged");
  const other = join(folder, "other.db");
  const db = await opened(other);
  for (let row = 0; row < 300; row += 1) await write(db, `${row}-${"x".repeat(100)}`);
  await db.close();
  truncateSync(other, 20_480);
  const reading = openDb({ sqlite: other }).then(async (damaged) => {
    const rows = codeOf(on(damaged.query).selectFrom("thing").selectAll().execute());
    await rows;
    await damaged.close();
    return rows;
  });
  expect(await reading.catch((error: unknown) => (error as { code: string }).code)).toBe(
    "server.database-damaged",
  );
  expect(await codeOf(openDb({ sqlite: join(folder, "none", "a.db") }))).toBe("server.database-unavailable");
});
