import { textToBytes, type Bytes } from "../../base/index.ts";
import type { SqliteRow, SqliteValue } from "../../sqlite/index.ts";
import type { SqliteModule } from "./module.ts";

const type = { integer: 1, real: 2, text: 3, blob: 4 } as const;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The row at which a statement stands. */
export function rowOf(module: SqliteModule, statement: number, columns: number): SqliteRow {
  const row: SqliteValue[] = [];
  for (let column = 0; column < columns; column++) row.push(valueOf(module, statement, column));
  return row;
}

function valueOf(module: SqliteModule, statement: number, column: number): SqliteValue {
  switch (module._sqlite3_column_type(statement, column)) {
    case type.integer:
      return integerOf(module, statement, column);
    case type.real:
      return module._sqlite3_column_double(statement, column);
    case type.text: {
      const start = module._sqlite3_column_text(statement, column);
      return decoder.decode(bytesAt(module, start, module._sqlite3_column_bytes(statement, column)));
    }
    case type.blob: {
      const start = module._sqlite3_column_blob(statement, column);
      return bytesAt(module, start, module._sqlite3_column_bytes(statement, column)).slice();
    }
    default:
      return null;
  }
}

function integerOf(module: SqliteModule, statement: number, column: number): bigint {
  const low = module._sqlite3_column_int64(statement, column) >>> 0;
  const high = module.getTempRet0() | 0;
  const value = high * 2 ** 32 + low;
  return Number.isSafeInteger(value) ? BigInt(value) : (BigInt(high) << 32n) | BigInt(low);
}

function bytesAt(module: SqliteModule, start: number, length: number): Bytes {
  return module.HEAPU8.subarray(start, start + length);
}

/** Gives a parameter, counted from 1, its value. Answers with SQLite's result. */
export function bind(module: SqliteModule, statement: number, at: number, value: SqliteValue): number {
  if (value === null) return module._sqlite3_bind_null(statement, at);
  if (typeof value === "number") return module._sqlite3_bind_double(statement, at, value);
  if (typeof value === "bigint")
    return module._sqlite3_bind_int64(
      statement,
      at,
      Number(value & 0xffffffffn) | 0,
      Number(value >> 32n) | 0,
    );
  const free = module._getSqliteFree();
  if (typeof value !== "string")
    return module._sqlite3_bind_blob(statement, at, copied(module, value), value.length, free);
  const bytes = textToBytes(value);
  return module._sqlite3_bind_text(statement, at, copied(module, bytes), bytes.length, free);
}

/** The bytes and a NUL after them, in SQLite's memory. */
export function copied(module: SqliteModule, bytes: Uint8Array): number {
  const start = module._sqlite3_malloc(bytes.length + 1);
  module.HEAPU8.set(bytes, start);
  module.HEAPU8[start + bytes.length] = 0;
  return start;
}
