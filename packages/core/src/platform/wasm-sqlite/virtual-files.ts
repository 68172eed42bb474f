import type { BlockFile } from "./block-file.ts";
import type { SqliteModule } from "./module.ts";

const result = {
  ok: 0,
  cannotOpen: 14,
  notFound: 12,
  readOnly: 8,
  readError: 266,
  shortRead: 522,
} as const;
const openFlag = { readOnly: 0x1, main: 0x100, wal: 0x80000 } as const;
const sectorBytes = 4096;

/** The name under which SQLite opens the database. */
export const mainName = "main";

type Five = readonly [number, number, number, number, number];

/**
 * The file system that SQLite sees: a main file and its log, both read-only. Locks are granted, since nobody else
 * knows of these files; nothing can be made, written or removed.
 */
export class VirtualFiles {
  readonly name = "keepsake";
  readonly mxPathname = 64;
  /** What a source threw while SQLite read from it; the error to give in place of SQLite's own. */
  failure: unknown;
  readonly #module: SqliteModule;
  readonly #main: BlockFile;
  readonly #mainBytes: number;
  readonly #wal: BlockFile | undefined;
  readonly #open = new Map<number, { readonly file: BlockFile | undefined; readonly sizeBytes: number }>();

  /** A main file that says that it is longer than it is shows that length: what is missing is damage where it lies. */
  constructor(module: SqliteModule, main: BlockFile, mainBytes: number, wal: BlockFile | undefined) {
    this.#module = module;
    this.#main = main;
    this.#mainBytes = Math.max(mainBytes, main.sizeBytes);
    this.#wal = wal;
  }

  hasAsyncMethod(method: string): boolean {
    return method === "xRead";
  }

  xOpen(...[, , file, flags, flagsOut]: Five): number {
    if ((flags & openFlag.main) !== 0) this.#open.set(file, { file: this.#main, sizeBytes: this.#mainBytes });
    else if ((flags & openFlag.wal) !== 0)
      this.#open.set(file, { file: this.#wal, sizeBytes: this.#wal?.sizeBytes ?? 0 });
    else return result.cannotOpen;
    this.#view(flagsOut).setInt32(0, openFlag.readOnly | (flags & (openFlag.main | openFlag.wal)), true);
    return result.ok;
  }

  xClose(file: number): number {
    this.#open.delete(file);
    return result.ok;
  }

  async xRead(...[id, data, length, low, high]: Five): Promise<number> {
    const start = (high >>> 0) * 2 ** 32 + (low >>> 0);
    const target = this.#module.HEAPU8.subarray(data, data + length);
    target.fill(0);
    const file = this.#open.get(id)?.file;
    if (file === undefined) return result.shortRead;
    try {
      await file.read(start, target);
    } catch (error) {
      this.failure = error;
      return result.readError;
    }
    return start + length <= file.sizeBytes ? result.ok : result.shortRead;
  }

  xWrite(): number {
    return result.readOnly;
  }

  xTruncate(): number {
    return result.readOnly;
  }

  xSync(): number {
    return result.ok;
  }

  xFileSize(id: number, size: number): number {
    this.#view(size).setBigInt64(0, BigInt(this.#open.get(id)?.sizeBytes ?? 0), true);
    return result.ok;
  }

  xLock(): number {
    return result.ok;
  }

  xUnlock(): number {
    return result.ok;
  }

  xCheckReservedLock(_id: number, isTaken: number): number {
    this.#view(isTaken).setInt32(0, 0, true);
    return result.ok;
  }

  xFileControl(): number {
    return result.notFound;
  }

  xSectorSize(): number {
    return sectorBytes;
  }

  xDeviceCharacteristics(): number {
    return 0;
  }

  xDelete(): number {
    return result.ok;
  }

  xAccess(_vfs: number, name: number, _flags: number, isThere: number): number {
    const asked = this.#module.UTF8ToString(name);
    const exists = asked.endsWith("-wal") ? this.#wal !== undefined : asked.endsWith(mainName);
    this.#view(isThere).setInt32(0, exists ? 1 : 0, true);
    return result.ok;
  }

  xFullPathname(_vfs: number, name: number, length: number, target: number): number {
    const bytes = new TextEncoder().encode(`${this.#module.UTF8ToString(name)}\0`);
    if (bytes.length > length) return result.cannotOpen;
    this.#module.HEAPU8.set(bytes, target);
    return result.ok;
  }

  #view(pointer: number): DataView {
    return new DataView(this.#module.HEAPU8.buffer, pointer);
  }
}
