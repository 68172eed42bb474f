import { KeepsakeError } from "@keepsake/core/base";
import type { Generated, Kysely } from "kysely";
import type { Db, Migration, Query } from "../../src/db/index.ts";

/** An engine that the suite runs on. Disposing of it ends it. */
export interface Engine extends AsyncDisposable {
  /** An empty database of its own. */
  fresh(): Promise<Db>;
}

/** What the tests of a suite work with; each of them finds its tables empty. */
export interface SetUp {
  readonly db: () => Db;
  readonly query: () => TestQuery;
  readonly engine: () => Engine;
}

/** Tables that only the suite has. */
export interface TestTables {
  readonly thing: {
    readonly id: string;
    readonly number: number | null;
    readonly data: Uint8Array | null;
    readonly note: string | null;
  };
  readonly quota: { readonly id: string; readonly used: number; readonly most: number };
  readonly counted: { readonly id: Generated<number>; readonly note: string };
}

export type TestQuery = Kysely<TestTables>;

/** Makes them. */
export const testMigration: Migration = {
  name: "0001-test",
  loses: { en: "things", zh: "事物" },
  async up({ table, bytes, int64, text, counter }) {
    await table("thing", (made) =>
      made
        .addColumn("id", text, (column) => column.primaryKey())
        .addColumn("number", int64)
        .addColumn("data", bytes)
        .addColumn("note", text, (column) => column.unique()),
    );
    await table("quota", (made) =>
      made
        .addColumn("id", text, (column) => column.primaryKey())
        .addColumn("used", int64, (column) => column.notNull())
        .addColumn("most", int64, (column) => column.notNull()),
    );
    await table("counted", (made) =>
      made.addColumn("id", counter, (column) => column.primaryKey()).addColumn("note", text),
    );
  },
  async down({ change }) {
    for (const name of ["thing", "quota", "counted"]) await change.dropTable(name).execute();
  },
};

/** The same statements over the tables of the suite. */
export const on = (query: Query): TestQuery => query as unknown as TestQuery;
/** The code that a promise is rejected with, or "done". */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: unknown) => (KeepsakeError.is(error) ? error.code : String(error)),
  );
/** A row of `thing`. */
export const thing = (id: string, rest: Partial<TestTables["thing"]> = {}): TestTables["thing"] => ({
  id,
  number: null,
  data: null,
  note: null,
  ...rest,
});
