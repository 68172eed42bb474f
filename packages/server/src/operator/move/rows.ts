import { createHash } from "node:crypto";
import { KeepsakeError } from "@keepsake/core/base";
import { sql, type RawBuilder } from "kysely";
import { tableShapes, type Db, type Query, type TableShape } from "../../db/index.ts";

/** Small objects lie in their rows: this many are at most some ten megabytes. */
const BATCH = 200;

export type Row = Readonly<Record<string, string | number | Uint8Array | null>>;

/** Whether no table has a row. */
export async function isEmpty(db: Db): Promise<boolean> {
  for (const shape of await tableShapes(db))
    for await (const _ of batches(db.query, shape, { limit: 1 })) return false;
  return true;
}

/**
 * Copies all rows of all tables to a database with the same empty ones, and compares both sides afterwards. Says how
 * many there are. Throws `server.move-differs`.
 */
export async function copyRows(
  from: Db,
  to: Db,
  tell: (table: string, rows: number) => void,
): Promise<number> {
  const shapes = await tableShapes(to);
  const names = (list: readonly TableShape[]): string => JSON.stringify(list.map(({ name }) => name));
  if (names(await tableShapes(from)) !== names(shapes)) throw differs("tables");
  let sum = 0;
  for (const shape of shapes) {
    for await (const rows of batches(from.query, shape, { limit: BATCH }))
      await to.transaction((query) => insertRows(query, shape, rows));
    const [there, here] = [await digestOf(from, shape), await digestOf(to, shape)];
    if (there.sha256 !== here.sha256 || there.rows !== here.rows) throw differs(shape.name);
    sum += here.rows;
    tell(shape.name, here.rows);
  }
  return sum;
}

function differs(table: string): KeepsakeError {
  return new KeepsakeError("server.move-differs", { details: { table } });
}

/** Rows in the order of their key, so many at a time; all of them, or those that a condition names. */
export async function* batches(
  query: Query,
  { name, key }: TableShape,
  { limit, where = sql`1 = 1` }: { readonly limit: number; readonly where?: RawBuilder<unknown> },
): AsyncGenerator<readonly Row[]> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  for (let last: Row | undefined; ;) {
    const after = last && sql`and (${columns}) > (${sql.join(key.map((column) => last![column]))})`;
    const { rows } = await sql<Row>`
      select * from ${sql.table(name)} where ${where} ${after ?? sql``} order by ${columns} limit ${limit}
    `.execute(query);
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    last = rows.at(-1);
  }
}

async function insertRows(query: Query, { name, columns }: TableShape, rows: readonly Row[]): Promise<void> {
  const names = sql.join(columns.map((column) => sql.ref(column.name)));
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column.name]))})`);
  await sql`insert into ${sql.table(name)} (${names}) values ${sql.join(values)}`.execute(query);
}

/** The same for the same rows, whichever engine they lie in. */
async function digestOf(
  db: Db,
  shape: TableShape,
): Promise<{ readonly rows: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  const names = shape.columns.map(({ name }) => name).toSorted();
  let count = 0;
  for await (const rows of batches(db.query, shape, { limit: BATCH })) {
    count += rows.length;
    for (const row of rows) hash.update(`${JSON.stringify(names.map((name) => plain(row[name])))}\n`);
  }
  return { rows: count, sha256: hash.digest("hex") };
}

function plain(value: Row[string] | undefined): unknown {
  return value instanceof Uint8Array ? { hex: Buffer.from(value).toString("hex") } : value;
}
