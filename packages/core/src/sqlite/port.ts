import type { Bytes } from "../base/index.ts";
import type { SourceFile } from "../model/index.ts";

/**
 * What a field of a SQLite database holds. Every integer is a bigint, every real a number, whatever column it lies in;
 * bytes of a text that are no UTF-8 come as U+FFFD.
 */
export type SqliteValue = null | bigint | number | string | Bytes;

/** A row: one value for each column that was asked for, in that order. */
export type SqliteRow = readonly SqliteValue[];

/** A database as its app left it. */
export interface SqliteFiles {
  readonly main: SourceFile;
  /** Its write-ahead log, `…-wal`: holds committed pages that the main file may not have yet. */
  readonly wal?: SourceFile | undefined;
}

export interface SqliteOptions {
  /** Ends opening and every select of the database with `base.aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads SQLite databases of other apps without changing them: nothing is written into, beside or instead of them, and
 * nothing of them to a temporary file. Nothing that a database brings along is run: views, triggers, virtual tables
 * and extensions stay untouched.
 */
export interface Sqlite {
  /**
   * Opens a database. Throws `format.no-database` for what is none or is encrypted, `format.database-damaged` where
   * its first page or its schema is broken, and whatever error reading its files gives.
   */
  open(files: SqliteFiles, options?: SqliteOptions): Promise<SqliteDatabase>;
}

/** An open database. Who opened it disposes of it; selects still under way then end with `base.aborted`. */
export interface SqliteDatabase extends AsyncDisposable {
  /** The names of its ordinary tables in the order in which they were made, without those of SQLite itself. */
  readonly tables: readonly string[];
  /** How its app declared each virtual table, in SQL: to be read as text, since such a table itself is not. */
  readonly virtualTables: ReadonlyMap<string, string>;
  /** The columns of a table that hold data, in order; none for a table that is not in `tables`. */
  columns(table: string): Promise<readonly SqliteColumn[]>;
  /**
   * The rows of a selection, many at a time, read as they are asked for. Ending the iteration early lets go of it.
   * Where the file is broken, the rows before come first, then `format.database-damaged` is thrown. Throws
   * `base.invalid` for a table that is not in `tables`.
   */
  select(select: SqliteSelect): AsyncGenerator<readonly SqliteRow[]>;
}

export interface SqliteColumn {
  readonly name: string;
  /** The type as its app declared it, in its own words, or empty; SQLite does not hold an app to it. */
  readonly declared: string;
}

/**
 * A selection from one table. A column that the table does not have counts as null in every row, since apps add and
 * drop columns from version to version; `rowid` is the row's own number where no column is called so. Names of columns
 * are alike whatever their ASCII case.
 */
export interface SqliteSelect {
  readonly table: string;
  readonly columns: readonly string[];
  /** All must hold. */
  readonly where?: readonly SqliteCondition[] | undefined;
  /**
   * Ascending by the first, then by the next; texts by their bytes. An order that neither `rowid` nor an index of the
   * table gives is made in memory, all rows at once: ask few columns then. Without it, the order is not promised.
   */
  readonly order?: readonly string[] | undefined;
}

/** A column compared with a value. `=` holds for null and null too; the others never hold for null. */
export type SqliteCondition =
  | { readonly column: string; readonly is: "=" | "<" | "<=" | ">" | ">="; readonly value: SqliteValue }
  /** One of at most 64 values. */
  | { readonly column: string; readonly is: "in"; readonly values: readonly SqliteValue[] };
