import { sql } from "kysely";
import type { Db } from "./db.ts";
import type { Query } from "./tables.ts";

interface ColumnShape {
  readonly name: string;
  readonly type: "text" | "int64" | "bytes";
}

/** A table as the engine knows it. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  /** The columns by which its rows are told apart and put in order; all of them where it has no primary key. */
  readonly key: readonly string[];
  /** The tables whose rows its own refer to. */
  readonly refersTo: readonly string[];
}

interface ColumnRow {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  /** In the primary key, from 1; 0 outside of it. */
  readonly place: number;
}

interface Rows {
  readonly columns: readonly ColumnRow[];
  readonly references: readonly { readonly table: string; readonly to: string }[];
}

/** The program's own bookkeeping, which is no data. */
const BOOKKEEPING = "migration";

/** All tables with data, whichever migrations made them; those that others refer to come first. */
export async function tableShapes({ engine, query }: Pick<Db, "engine" | "query">): Promise<TableShape[]> {
  const { columns, references } = await (engine === "sqlite" ? sqliteRows(query) : postgresRows(query));
  const names = [...new Set(columns.map(({ table }) => table))].filter((name) => name !== BOOKKEEPING);
  return inOrder(names.map((name) => shapeOf(name, { columns, references })));
}

function shapeOf(name: string, { columns, references }: Rows): TableShape {
  const own = columns.filter(({ table }) => table === name);
  const key = own.filter(({ place }) => place > 0).toSorted((a, b) => a.place - b.place);
  return {
    name,
    columns: own.map(({ column, type }) => ({ name: column, type: typeOf(type) })),
    key: (key.length === 0 ? own : key).map(({ column }) => column),
    refersTo: references.filter(({ table, to }) => table === name && to !== name).map(({ to }) => to),
  };
}

function typeOf(declared: string): ColumnShape["type"] {
  const type = declared.toLowerCase();
  if (type === "blob" || type === "bytea") return "bytes";
  return type === "integer" || type === "bigint" ? "int64" : "text";
}

/** By name, and each after those that it refers to. */
function inOrder(shapes: readonly TableShape[]): TableShape[] {
  const ordered = new Map<string, TableShape>();
  const add = (shape: TableShape): void => {
    if (ordered.has(shape.name)) return;
    for (const other of shapes) if (shape.refersTo.includes(other.name)) add(other);
    ordered.set(shape.name, shape);
  };
  for (const shape of shapes.toSorted((a, b) => (a.name < b.name ? -1 : 1))) add(shape);
  return [...ordered.values()];
}

async function sqliteRows(query: Query): Promise<Rows> {
  const columns = await sql<ColumnRow>`
    select m.name as "table", c.name as "column", c.type as "type", c.pk as "place"
    from sqlite_schema m join pragma_table_info(m.name) c
    where m.type = 'table' and m.name not like 'sqlite%' order by m.name, c.cid
  `.execute(query);
  const references = await sql<Rows["references"][number]>`
    select m.name as "table", f."table" as "to"
    from sqlite_schema m join pragma_foreign_key_list(m.name) f where m.type = 'table'
  `.execute(query);
  return { columns: columns.rows, references: references.rows };
}

async function postgresRows(query: Query): Promise<Rows> {
  const columns = await sql<ColumnRow>`
    select t.relname::text as "table", a.attname::text as "column",
      a.atttypid::regtype::text as "type", coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0) as "place"
    from pg_class t
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_index i on i.indrelid = t.oid and i.indisprimary
    where t.relkind = 'r' and t.relnamespace = current_schema()::regnamespace
    order by t.relname::text collate "C", a.attnum
  `.execute(query);
  const references = await sql<Rows["references"][number]>`
    select t.relname::text as "table", r.relname::text as "to"
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class r on r.oid = c.confrelid
    where c.contype = 'f' and t.relnamespace = current_schema()::regnamespace
  `.execute(query);
  return { columns: columns.rows, references: references.rows };
}
