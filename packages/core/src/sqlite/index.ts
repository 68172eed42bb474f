export {
  batchBytes,
  batchRows,
  rowBytes,
  sqliteError,
  sqliteLimits,
  type SqliteConnection,
  type SqliteGuard,
} from "./connection.ts";
export { sqliteDatabase } from "./database.ts";
export { bytesDeclared } from "./header.ts";
export type {
  Sqlite,
  SqliteCondition,
  SqliteDatabase,
  SqliteFiles,
  SqliteRow,
  SqliteSelect,
  SqliteValue,
} from "./port.ts";
