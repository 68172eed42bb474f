import type { SqliteCondition, SqliteRow, SqliteSelect, SqliteValue } from "./port.ts";

/** The columns of a table by their names in lower case. */
export type Columns = ReadonlyMap<string, string>;

/** A name as statements hold it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The statement of a selection. Every value is a parameter, every name is quoted and of a column that is there. */
export function selectOf(
  { table, columns, where = [], order = [] }: SqliteSelect,
  known: Columns,
): { readonly sql: string; readonly parameters: readonly SqliteValue[] } {
  const column = (asked: string): string => {
    const name = known.get(asked.toLowerCase());
    return name === undefined ? "NULL" : `${quoted(table)}.${quoted(name)}`;
  };
  const asked = columns.map(column).join(", ");
  const conditions = where.map(
    (condition) => `${column(condition.column)} COLLATE BINARY ${comparison(condition)}`,
  );
  const orders = order.map((name) => `${column(name)} COLLATE BINARY`);
  const sql = [
    `SELECT ${asked} FROM ${quoted(table)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(" AND ")}`]),
    ...(orders.length === 0 ? [] : [`ORDER BY ${orders.join(", ")}`]),
  ].join(" ");
  const parameters = where.flatMap((condition) =>
    condition.is === "in" ? condition.values : [condition.value],
  );
  return { sql, parameters };
}

function comparison(condition: SqliteCondition): string {
  if (condition.is === "in") return `IN (${condition.values.map(() => "?").join()})`;
  return `${condition.is === "=" ? "IS" : condition.is} ?`;
}

/**
 * The name of the ordinary table that a row of the schema declares: type, name, SQL. SQLite refuses a schema whose
 * rows say another type or name than their SQL, and writes the SQL of ordinary tables always so.
 */
export function tableOf([type, name, sql]: SqliteRow): string | undefined {
  if (type !== "table" || typeof name !== "string" || typeof sql !== "string") return undefined;
  return sql.startsWith("CREATE TABLE ") && !/^sqlite_/i.test(name) ? name : undefined;
}

/** The name of the virtual table that such a row declares, and the SQL that it does it with. */
export function virtualTableOf([type, name, sql]: SqliteRow): readonly [string, string] | undefined {
  if (type !== "table" || typeof name !== "string" || typeof sql !== "string") return undefined;
  return sql.startsWith("CREATE VIRTUAL TABLE ") ? [name, sql] : undefined;
}
