import { lstat, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { throwIfAborted, type Bytes } from "../../../base/index.ts";
import {
  bytesDeclared,
  sqliteDatabase,
  type Sqlite,
  type SqliteConnection,
  type SqliteFiles,
} from "../../../sqlite/index.ts";
import { wasmConnection } from "../../wasm-sqlite/index.ts";
import { pathOnDisk } from "../folder-source.ts";
import { diskConnection } from "./disk-connection.ts";

/**
 * SQLite databases in Node: one that lies plain and whole on the disk and has no log is read by Node's own SQLite, all
 * others by SQLite as WebAssembly, which is slower and reads any file.
 */
export const nodeSqlite: Sqlite = {
  async open(files, options) {
    throwIfAborted(options?.signal);
    return sqliteDatabase(await connectionTo(files), options);
  },
};

async function connectionTo(files: SqliteFiles): Promise<SqliteConnection> {
  const path = await plainPath(files);
  return path === undefined ? wasmConnection(files, loadWasm) : diskConnection(path);
}

/** Where the database lies, if its main file is all there is of it. */
async function plainPath({ main, wal }: SqliteFiles): Promise<string | undefined> {
  const path = pathOnDisk(main);
  if (path === undefined || (wal !== undefined && wal.sizeBytes > 0)) return undefined;
  const about = await lstat(path).catch(() => undefined);
  if (about?.isFile() !== true || about.size !== main.sizeBytes) return undefined;
  return (await bytesDeclared(main)) > about.size ? undefined : path;
}

async function loadWasm(): Promise<Bytes> {
  const url = import.meta.resolve("@journeyapps/wa-sqlite/dist/wa-sqlite-async.wasm");
  return new Uint8Array(await readFile(fileURLToPath(url)));
}
