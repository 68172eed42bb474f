import { expect, test } from "vitest";
import { migrate, migrationStatus, type Db, type Migration } from "../../src/db/index.ts";
import { fillTables, rowsOf } from "./fill.ts";
import { codeOf, type SetUp } from "./tables.ts";

const making = (name: string, table: string): Migration => ({
  name,
  loses: { en: table, zh: table },
  up: (schema) => schema.table(table, (made) => made.addColumn("id", schema.text, (id) => id.primaryKey())),
  down: ({ change }) => change.dropTable(table).execute(),
});
const one = making("0001-one", "first");
const two = making("0002-two", "second");
const three = making("0003-three", "third");

const doneIn = async (db: Db, list: readonly Migration[]): Promise<readonly boolean[]> =>
  (await migrationStatus(db, list)).map(({ doneAtMs }) => doneAtMs !== undefined);
const tablesOf = async (db: Db): Promise<readonly boolean[]> =>
  Promise.all(
    ["first", "second", "third"].map(async (table) => {
      const rows = db.query.selectFrom(table as "migration").select("id" as never);
      return (await codeOf(rows.execute())) === "done";
    }),
  );
const put = (db: Db, id: string): Promise<unknown> =>
  db.query
    .insertInto("first" as "migration")
    .values({ id } as never)
    .execute();

/** A test on an empty database of its own. */
const fresh =
  ({ engine }: SetUp) =>
  async (use: (db: Db) => Promise<void>): Promise<void> => {
    const db = await engine().fresh();
    try {
      await use(db);
    } finally {
      await db.close();
    }
  };

/** What holds for the steps of the tables. */
export function migrations(setUp: SetUp): void {
  const withFresh = fresh(setUp);
  test("go forward, forward to one, and back, and what is there stays", () =>
    withFresh(async (db) => {
      const list = [one, two, three];
      expect(await doneIn(db, list)).toEqual([false, false, false]);
      await migrate(db, "0001-one", list);
      await put(db, "a");
      await migrate(db, undefined, list);
      expect(await doneIn(db, list)).toEqual([true, true, true]);
      await migrate(db, undefined, list);
      await migrate(db, "0001-one", list);
      expect(await doneIn(db, list)).toEqual([true, false, false]);
      expect(await codeOf(put(db, "a"))).toBe("server.taken");
      await migrate(db, null, list);
      expect(await doneIn(db, list)).toEqual([false, false, false]);
      await migrate(db, undefined, list);
      expect(await codeOf(put(db, "a"))).toBe("done");
    }));

  test("a step that fails leaves nothing of itself, and the steps before it", () =>
    withFresh(async (db) => {
      const broken: Migration = {
        ...three,
        async up(schema) {
          await three.up(schema);
          await schema.change.dropTable("nothing").execute();
        },
      };
      expect(await codeOf(migrate(db, undefined, [one, two, broken]))).toBe("base.unexpected");
      expect(await doneIn(db, [one, two, three])).toEqual([true, true, false]);
      await migrate(db, undefined, [one, two, three]);
      expect(await tablesOf(db)).toEqual([true, true, true]);
    }));

  test("a database that is newer is refused, and so is one whose step was another", () =>
    withFresh(async (db) => {
      await migrate(db, undefined, [one, two]);
      const changed = making("0002-two", "other");
      for (const list of [[one], [two], [one, changed], [one, three, two], []]) {
        expect(await codeOf(migrate(db, undefined, list))).toBe("server.newer-database");
        expect(await codeOf(migrationStatus(db, list))).toBe("server.newer-database");
      }
      expect(await doneIn(db, [one, two])).toEqual([true, true]);
      expect(await codeOf(migrate(db, "0009-none", [one, two]))).toBe("base.invalid");
    }));

  test("may be done by several at once", () =>
    withFresh(async (db) => {
      await Promise.all(Array.from({ length: 8 }, () => migrate(db, undefined, [one, two, three])));
      expect(await doneIn(db, [one, two, three])).toEqual([true, true, true]);
    }));
}

/** An object whose week was lost on the way back: it is one that nothing removes by its age. */
function keptForEver(row: unknown): unknown {
  return { ...(row as object), week: 0 };
}

/** What holds for the server's own. */
export function ownMigrations(setUp: SetUp): void {
  const withFresh = fresh(setUp);
  test("the server's own go forward, back to nothing, and forward again", () =>
    withFresh(async (db) => {
      await migrate(db);
      await migrate(db, null);
      await migrate(db);
      expect((await migrationStatus(db)).every(({ doneAtMs }) => doneAtMs !== undefined)).toBe(true);
    }));

  test("the server's own go back one by one with rows in every table, and forward: what is of others stays", () =>
    withFresh(async (db) => {
      await migrate(db);
      await fillTables(db);
      const before = await rowsOf(db);
      expect([...before.values()].every((rows) => rows.length > 0)).toBe(true);
      const steps = await migrationStatus(db);
      for (const { name } of steps.slice(0, -1).toReversed()) {
        await migrate(db, name);
        const left = await rowsOf(db);
        await migrate(db);
        const again = await rowsOf(db);
        // A table that was there at that step has the rows that it had, and one that came later none.
        for (const [table, rows] of again)
          expect([table, rows.length]).toEqual([table, left.get(table)?.length ?? 0]);
      }
      const stays = new Map([...before, ["object", before.get("object")!.map(keptForEver)]]);
      for (const table of ["memberEvent", "vault", "object", "receipt"])
        expect((await rowsOf(db)).get(table)).toEqual(stays.get(table));
      await migrate(db, null);
      await migrate(db);
      await fillTables(db);
      expect(await rowsOf(db)).toEqual(before);
    }));

  test("a contact that went back with its table can be somebody's again", () =>
    withFresh(async (db) => {
      await migrate(db);
      await fillTables(db);
      const put = (): Promise<unknown> =>
        db.query
          .insertInto("memberName")
          .values({ nameIndex: "contact-of-1", member: "member1-id" })
          .execute();
      await put();
      await db.query
        .updateTable("contact")
        .set({ nameIndex: "contact-of-1" })
        .where("id", "=", "contact1-id")
        .execute();
      expect(await codeOf(put())).toBe("server.taken");
      await migrate(db, "0002-jobs");
      await migrate(db);
      expect(await codeOf(put())).toBe("done");
    }));
}
