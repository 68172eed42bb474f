import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasNpmPostgres } from "../../../../../tools/parts/postgres-programs.ts";
import { postgresForTests } from "../../../../../tools/parts/postgres.ts";
import { freshDatabase } from "../../../testing/db/fresh.ts";
import { migrate, openDb, type Db } from "../../db/index.ts";
import { cellOfNames, claimNames, isElsewhere, listNames, releaseNames, type Names } from "./names.ts";

const MINUTE_MS = 60_000;
const nameOf = (number: number): string => number.toString(16).padStart(64, "0");
const [a, b, c] = [nameOf(10), nameOf(11), nameOf(12)];

/** What the directory of names does, whichever engine holds it. */
function directoryConformance(
  name: string,
  start: () => Promise<AsyncDisposable & { readonly db: Db }>,
): void {
  describe(`names in ${name}`, () => {
    let engine: Awaited<ReturnType<typeof start>>;
    let names: Names;
    let nowMs = 0;
    beforeAll(async () => {
      engine = await start();
      await migrate(engine.db);
      names = { db: engine.db, clock: { now: () => nowMs } };
    });
    afterAll(() => engine[Symbol.asyncDispose]());
    beforeEach(async () => {
      nowMs = Date.UTC(2026, 0, 1);
      await engine.db.query.deleteFrom("directoryName").execute();
    });

    test("a name is the cell's that claimed it first, however often it claims it", async () => {
      expect(await claimNames(names, 1, [a, b])).toEqual([]);
      expect(await claimNames(names, 1, [b, a, a])).toEqual([]);
      expect(await cellOfNames(names, [a])).toBe(1);
      expect(await cellOfNames(names, [c])).toBeUndefined();
      expect(await cellOfNames(names, [c, b])).toBe(1);
      expect(await isElsewhere(names, 1, [a, c])).toBe(false);
      expect(await isElsewhere(names, 2, [c, b])).toBe(true);
    });

    test("of several names all are claimed or none", async () => {
      await claimNames(names, 1, [b]);
      expect(await claimNames(names, 2, [a, b, c])).toEqual([b]);
      expect(await cellOfNames(names, [a, c])).toBeUndefined();
      expect(await claimNames(names, 2, [a, c])).toEqual([]);
    });

    test("the first of two names says the cell", async () => {
      await claimNames(names, 1, [a]);
      await claimNames(names, 2, [b]);
      expect([await cellOfNames(names, [a, b]), await cellOfNames(names, [b, a])]).toEqual([1, 2]);
    });

    test("cells that claim the same names at once: one has all of them", async () => {
      const wanted = Array.from({ length: 30 }, (_, number) => nameOf(number));
      const tries = [1, 2, 3, 4].map((cell) =>
        claimNames(names, cell, cell % 2 === 0 ? wanted.toReversed() : wanted),
      );
      const won = (await Promise.all(tries)).filter((taken) => taken.length === 0);
      expect(won).toHaveLength(1);
      const owners = await Promise.all(wanted.map((name) => cellOfNames(names, [name])));
      expect(new Set(owners).size).toBe(1);
    });

    test("a name is given up by its own cell alone, and not just after it was claimed", async () => {
      await claimNames(names, 1, [a, b]);
      nowMs += 9 * MINUTE_MS;
      expect(await releaseNames(names, 1, [a, b])).toBe(0);
      await claimNames(names, 1, [b]);
      nowMs += 2 * MINUTE_MS;
      expect(await releaseNames(names, 2, [a, b])).toBe(0);
      expect(await releaseNames(names, 1, [a, b, c])).toBe(1);
      expect(await claimNames(names, 2, [a])).toEqual([]);
      expect(await claimNames(names, 2, [b])).toEqual([b]);
    });

    test("the names of a cell are listed in order, in pages", async () => {
      const many = Array.from({ length: 1203 }, (_, number) => nameOf(number));
      for (let at = 0; at < many.length; at += 400) await claimNames(names, 7, many.slice(at, at + 400));
      await claimNames(names, 8, [nameOf(5000)]);
      const found: string[] = [];
      const sizes: number[] = [];
      for (let isEnd = false; !isEnd;) {
        const page = await listNames(names, 7, found.at(-1) ?? "");
        found.push(...page.names);
        sizes.push(page.names.length);
        ({ isEnd } = page);
      }
      expect(found).toEqual(many);
      expect(sizes).toEqual([500, 500, 203]);
    });
  });
}

directoryConformance("SQLite", async () => {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-names-"));
  const db = await openDb({ sqlite: join(folder, "names.db") });
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe.skipIf(!hasNpmPostgres())("from npm", () => {
  directoryConformance("PostgreSQL", async () => {
    const shared = await postgresForTests();
    const db = await openDb({ postgres: await freshDatabase(shared.url) });
    return {
      db,
      async [Symbol.asyncDispose]() {
        await db.close();
        await shared[Symbol.asyncDispose]();
      },
    };
  });
});
