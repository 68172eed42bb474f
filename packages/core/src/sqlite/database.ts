import { KeepsakeError, throwIfAborted } from "../base/index.ts";
import { isRefused, type SqliteConnection, type SqliteGuard } from "./connection.ts";
import type { SqliteColumn, SqliteDatabase, SqliteOptions, SqliteRow, SqliteSelect } from "./port.ts";
import { quoted, selectOf, tableOf, virtualTableOf, type Columns } from "./statements.ts";

/*
 * What lies in the file is not trusted, pages are looked at before they are used, nothing is written, and what has to
 * be put in order stays in memory: SQLite would else write it to a file.
 */
const settings = `
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
  PRAGMA query_only = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA mmap_size = 0;
  PRAGMA cache_size = -512;
`;

/** Numbers of actions in SQLite's authorizer. */
const action = { pragma: 19, read: 20, select: 21 } as const;

const isAllowed: SqliteGuard = (what, name, inner) => {
  if (what === action.select) return true;
  if (what === action.read) return inner === "";
  return what === action.pragma && name === "table_xinfo";
};

/** The database over a connection that an engine opened; on an error the connection is closed. */
export async function sqliteDatabase(
  connection: SqliteConnection,
  options: SqliteOptions = {},
): Promise<SqliteDatabase> {
  try {
    throwIfAborted(options.signal);
    await connection.run(settings);
    connection.guard(isAllowed);
    return new Database(connection, await schemaOf(connection, options), options.signal);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

type Schema = Pick<SqliteDatabase, "tables" | "virtualTables">;

async function schemaOf(connection: SqliteConnection, { signal }: SqliteOptions): Promise<Schema> {
  const tables: string[] = [];
  const virtualTables = new Map<string, string>();
  const sql = `SELECT "type", "name", "sql", "rootpage" > 0 FROM "sqlite_schema"`;
  for await (const rows of connection.rows(sql, [])) {
    throwIfAborted(signal);
    for (const row of rows) {
      const [name, virtual] = row[3] === 1n ? [tableOf(row)] : [undefined, virtualTableOf(row)];
      if (name !== undefined) tables.push(name);
      if (virtual !== undefined) virtualTables.set(...virtual);
    }
  }
  return { tables, virtualTables };
}

class Database implements SqliteDatabase {
  readonly tables: readonly string[];
  readonly virtualTables: ReadonlyMap<string, string>;
  readonly #names: ReadonlySet<string>;
  readonly #connection: SqliteConnection;
  readonly #signal: AbortSignal | undefined;
  #isClosed = false;

  constructor(
    connection: SqliteConnection,
    { tables, virtualTables }: Schema,
    signal: AbortSignal | undefined,
  ) {
    this.#connection = connection;
    this.tables = tables;
    this.virtualTables = virtualTables;
    this.#names = new Set(tables);
    this.#signal = signal;
  }

  async columns(table: string): Promise<readonly SqliteColumn[]> {
    if (!this.#names.has(table)) return [];
    const columns: SqliteColumn[] = [];
    for await (const rows of this.#rows(`PRAGMA table_xinfo(${quoted(table)})`, []))
      for (const [, name, declared, , , , hidden] of rows)
        if (hidden === 0n || hidden === storedColumn)
          columns.push({ name: String(name), declared: typeof declared === "string" ? declared : "" });
    return columns;
  }

  async *select(select: SqliteSelect): AsyncGenerator<readonly SqliteRow[]> {
    if (!this.#names.has(select.table) || !isAnswerable(select))
      throw new KeepsakeError("base.invalid", { details: { what: "select" } });
    const { sql, parameters } = selectOf(select, await this.#known(select));
    yield* this.#rows(sql, parameters);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#connection.close();
  }

  /** How a statement names the columns of a table: as they are declared, and the row's number. */
  async #known({ table }: SqliteSelect): Promise<Columns> {
    const known = new Map<string, string>();
    if (await this.#hasRowId(table)) known.set("rowid", "rowid");
    for (const { name } of await this.columns(table)) known.set(name.toLowerCase(), name);
    return known;
  }

  async #hasRowId(table: string): Promise<boolean> {
    const name = quoted(table);
    try {
      for await (const _ of this.#rows(`SELECT ${name}."rowid" FROM ${name} LIMIT 0`, []));
      return true;
    } catch (error) {
      if (isRefused(error)) return false;
      throw error;
    }
  }

  async *#rows(
    sql: string,
    parameters: Parameters<SqliteConnection["rows"]>[1],
  ): ReturnType<SqliteConnection["rows"]> {
    this.#refuseIfOver();
    try {
      for await (const rows of this.#connection.rows(sql, parameters)) {
        this.#refuseIfOver();
        yield rows;
        this.#refuseIfOver();
      }
    } catch (error) {
      this.#refuseIfOver();
      throw error;
    }
    this.#refuseIfOver();
  }

  #refuseIfOver(): void {
    throwIfAborted(this.#signal);
    if (this.#isClosed) throw new KeepsakeError("base.aborted");
  }
}

function isAnswerable({ columns, where = [] }: SqliteSelect): boolean {
  return columns.length > 0 && where.every((each) => each.is !== "in" || each.values.length <= mostValues);
}

/** An engine takes only so many parameters. */
const mostValues = 64;

/** Generated columns are of two kinds; one of them lies in the file, the other would have to be worked out. */
const storedColumn = 3n;
