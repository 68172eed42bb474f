import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import {
  batchBytes,
  batchRows,
  rowBytes,
  sqliteError,
  sqliteLimits,
  type SqliteConnection,
  type SqliteRow,
  type SqliteValue,
} from "../../../sqlite/index.ts";

/** What the authorizer answers, as SQLite numbers it. */
const allow = 0;
const deny = 1;

/**
 * A database that lies plain on the disk, read by Node's own SQLite. As `immutable` it is neither locked nor looked
 * at for changes, and what may lie beside it (a log, a journal) is neither read nor made nor removed.
 */
export function diskConnection(path: string): SqliteConnection {
  const url = pathToFileURL(path);
  url.searchParams.set("mode", "ro");
  url.searchParams.set("immutable", "1");
  const open = (): DatabaseSync => new DatabaseSync(url, options);
  const database = attempt(open);
  return {
    run: (sql) => Promise.resolve(attempt(() => database.exec(sql))),
    guard(isAllowed) {
      database.setAuthorizer((...[action, name, , , inner]) =>
        isAllowed(action, name ?? "", inner ?? "") ? allow : deny,
      );
    },
    rows: (sql, parameters) =>
      rows(
        attempt(() => database.prepare(sql)),
        parameters,
      ),
    close: () => Promise.resolve(database.close()),
  };
}

const options = {
  readOnly: true,
  allowExtension: false,
  defensive: true,
  enableDoubleQuotedStringLiterals: false,
  returnArrays: true,
  readBigInts: true,
  limits: sqliteLimits,
};

async function* rows(
  statement: StatementSync,
  parameters: readonly SqliteValue[],
): AsyncGenerator<readonly SqliteRow[]> {
  const iterator = attempt(() => statement.iterate(...parameters)) as Iterator<unknown>;
  try {
    for (;;) {
      const { batch, failure } = take(iterator as Iterator<SqliteRow>);
      if (batch.length > 0) yield batch;
      if (failure !== undefined) throw failure.error;
      if (batch.length === 0) return;
      await setImmediate();
    }
  } finally {
    release(iterator);
  }
}

/** The next rows, and the error that came after them. */
function take(iterator: Iterator<SqliteRow>): { batch: SqliteRow[]; failure?: { readonly error: unknown } } {
  const batch: SqliteRow[] = [];
  let bytes = 0;
  try {
    while (batch.length < batchRows && bytes < batchBytes) {
      const next = iterator.next();
      if (next.done === true) break;
      batch.push(next.value);
      bytes += rowBytes(next.value);
    }
    return { batch };
  } catch (error) {
    return { batch, failure: { error: translated(error) } };
  }
}

function release(iterator: Iterator<unknown>): void {
  try {
    iterator.return?.();
  } catch {
    // The database was closed meanwhile, and the statement with it.
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  const isSqlite = error instanceof Error && "errcode" in error && typeof error.errcode === "number";
  return isSqlite ? sqliteError(error.errcode as number) : error;
}
