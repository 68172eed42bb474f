import { KeepsakeError, throwIfAborted, type Bytes } from "../../base/index.ts";
import { sqliteDatabase, type Sqlite } from "../../sqlite/index.ts";
import { wasmConnection } from "../wasm-sqlite/index.ts";

/** SQLite databases in a browser, by SQLite as WebAssembly; its code is fetched when the first one is opened. */
export const browserSqlite: Sqlite = {
  async open(files, options) {
    throwIfAborted(options?.signal);
    return sqliteDatabase(await wasmConnection(files, loadWasm), options);
  },
};

async function loadWasm(): Promise<Bytes> {
  const response = await fetch(new URL("@journeyapps/wa-sqlite/dist/wa-sqlite-async.wasm", import.meta.url));
  if (!response.ok) throw new KeepsakeError("base.unexpected", { details: { status: response.status } });
  return new Uint8Array(await response.arrayBuffer());
}
