// The types of its files alone: the file of its own name would change how every bigint becomes JSON.
import type {} from "@journeyapps/wa-sqlite";
import type { Bytes } from "../../base/index.ts";

/** SQLite as WebAssembly: the calls that we make. Pointers are numbers; 64-bit integers come as two halves. */
export interface SqliteModule {
  readonly HEAPU8: Bytes;
  /** Calls a function that may have to wait for a file; a promise only where it did. */
  ccall(
    name: string,
    gives: "number",
    takes: readonly string[],
    values: readonly unknown[],
  ): number | Promise<number>;
  UTF8ToString(pointer: number): string;
  getTempRet0(): number;
  vfs_register(vfs: object, isDefault: boolean): number;
  set_authorizer(database: number, ask: (...values: number[]) => number, context: number): number;
  _getSqliteFree(): number;
  _sqlite3_malloc(bytes: number): number;
  _sqlite3_free(pointer: number): void;
  _sqlite3_limit(database: number, limit: number, most: number): number;
  _sqlite3_db_config(database: number, setting: number, values: number): number;
  _sqlite3_extended_errcode(database: number): number;
  _sqlite3_bind_blob(statement: number, at: number, bytes: number, length: number, free: number): number;
  _sqlite3_bind_double(statement: number, at: number, value: number): number;
  _sqlite3_bind_int64(statement: number, at: number, low: number, high: number): number;
  _sqlite3_bind_null(statement: number, at: number): number;
  _sqlite3_bind_text(statement: number, at: number, bytes: number, length: number, free: number): number;
  _sqlite3_column_blob(statement: number, column: number): number;
  _sqlite3_column_bytes(statement: number, column: number): number;
  _sqlite3_column_count(statement: number): number;
  _sqlite3_column_double(statement: number, column: number): number;
  _sqlite3_column_int64(statement: number, column: number): number;
  _sqlite3_column_text(statement: number, column: number): number;
  _sqlite3_column_type(statement: number, column: number): number;
}

/** Gives the bytes of `wa-sqlite-async.wasm`. */
export type LoadWasm = () => Promise<Bytes>;

/** What we use of WebAssembly, whose types are those of a browser. */
interface Wasm {
  compile(bytes: Bytes): Promise<object>;
  instantiate(code: object, imports: object): Promise<object>;
}

const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm };

/** Compiled once for all databases. */
let compiled: Promise<object> | undefined;

/**
 * A module of its own for each database: while one waits for its file, nothing else may be asked of its module, and
 * its memory goes with it.
 */
export async function startModule(load: LoadWasm): Promise<SqliteModule> {
  const { default: start } = await import("@journeyapps/wa-sqlite/dist/wa-sqlite-async.mjs");
  const code = await (compiled ??= load().then((bytes) => wasm.compile(bytes))).catch((error: unknown) => {
    compiled = undefined;
    throw error;
  });
  const module = await start({
    instantiateWasm(imports: object, done: (instance: object) => void) {
      void wasm.instantiate(code, imports).then(done);
      return {};
    },
  });
  return module as SqliteModule;
}
