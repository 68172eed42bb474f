import { KeepsakeError } from "../base/index.ts";
import type { SqliteRow, SqliteValue } from "./port.ts";

/** What an engine gives: statements in, rows out. `sqliteDatabase` makes the database of it. */
export interface SqliteConnection {
  /** Runs statements that give no rows. */
  run(sql: string): Promise<void>;
  /**
   * From now on only ordinary tables are read: each action of a statement is put to `isAllowed` while it is prepared,
   * as SQLite's authorizer has it, `inner` being the view or trigger that it comes from.
   */
  guard(isAllowed: SqliteGuard): void;
  /** Rows of one statement in batches of at most `batchRows`, or fewer where they are long. */
  rows(sql: string, parameters: readonly SqliteValue[]): AsyncGenerator<readonly SqliteRow[]>;
  /** Ends every statement too. */
  close(): Promise<void>;
}

export type SqliteGuard = (action: number, name: string, inner: string) => boolean;

/** So many rows come at a time, and a batch ends sooner at so many bytes. */
export const batchRows = 256;
export const batchBytes: number = 1024 * 1024;

/** What an engine holds a database to; what passes them is no chat. The names are those of `sqlite3_limit`. */
export const sqliteLimits: Readonly<Record<SqliteLimit, number>> = {
  length: 128 * 1024 * 1024,
  sqlLength: 1_000_000,
  exprDepth: 200,
  compoundSelect: 20,
  attach: 0,
  likePatternLength: 100,
  variableNumber: 100,
  triggerDepth: 1,
};

type SqliteLimit =
  | "length"
  | "sqlLength"
  | "exprDepth"
  | "compoundSelect"
  | "attach"
  | "likePatternLength"
  | "variableNumber"
  | "triggerDepth";

/** About how much memory a row takes. */
export function rowBytes(row: SqliteRow): number {
  let bytes = 0;
  for (const value of row)
    if (typeof value === "string") bytes += value.length * 2;
    else if (value instanceof Uint8Array) bytes += value.length;
  return bytes;
}

const result = { error: 1, noMemory: 7, ioError: 10, cannotOpen: 14, tooBig: 18, noDatabase: 26 } as const;

/** The error for a result code of SQLite. Its own message is left out: it names what is in the database. */
export function sqliteError(code: number): KeepsakeError {
  const details = { result: code };
  switch (code & 0xff) {
    case result.noDatabase:
      return new KeepsakeError("format.no-database", { details });
    case result.noMemory:
    case result.tooBig:
      return new KeepsakeError("base.limit", { details });
    case result.ioError:
    case result.cannotOpen:
      return new KeepsakeError("format.unreadable", { details });
    default:
      return new KeepsakeError("format.database-damaged", { details });
  }
}

/** Whether SQLite refused the statement itself, such as for a column that is not there. */
export function isRefused(error: unknown): boolean {
  return KeepsakeError.is(error, "format.database-damaged") && error.details["result"] === result.error;
}
