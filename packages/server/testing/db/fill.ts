import { sql } from "kysely";
import { tableShapes, type Db } from "../../src/db/index.ts";

/** How many rows each table gets. */
const ROWS = 3;

/** What rows are of; other columns of text hold what is like no other. */
const owners: Readonly<Record<string, string>> = {
  member: "member",
  helper: "member",
  vault: "vault",
  account: "account",
  subscription: "subscription",
};

/** Puts rows into every table that there is, whichever migration made it. */
export async function fillTables(db: Db): Promise<void> {
  for (const { name: table, columns } of await tableShapes(db))
    for (let row = 1; row <= ROWS; row++) {
      const values = columns.map(({ name, type }) => {
        if (type === "int64") return row;
        if (type === "bytes") return new Uint8Array([row, 0, 255]);
        const owner = owners[name];
        return owner === undefined ? `${table}${row}-${name}` : `${owner}${row}-id`;
      });
      await sql`insert into ${sql.table(table)} (${sql.join(columns.map(({ name }) => sql.ref(name)))})
        values (${sql.join(values)})`.execute(db.query);
    }
}

/** All rows of every table, in an order of their own. */
export async function rowsOf(db: Db): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const all = new Map<string, readonly unknown[]>();
  for (const { name, key } of await tableShapes(db)) {
    const order = sql.join(key.map((column) => sql.ref(column)));
    const { rows } = await sql`select * from ${sql.table(name)} order by ${order}`.execute(db.query);
    all.set(name, rows);
  }
  return all;
}

/** A statement as somebody writes it who has the database. */
export async function runStatement(db: Db, statement: string): Promise<void> {
  await sql.raw(statement).execute(db.query);
}
