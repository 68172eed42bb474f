import { KeepsakeError, mapBounded, throwIfAborted, type Bytes } from "../../base/index.ts";
import {
  isStoreName,
  randomName,
  storeFolders,
  type ListOptions,
  type Range,
  type Store,
  type StoredObject,
  type StoreOptions,
} from "../../vault/store/index.ts";
import type { Disk } from "./disk.ts";
import { diskCode, hasNoFolderSync, hasNoLinks, isDiskCode, mayBeTaken, storeError } from "./disk-errors.ts";
import { nodeDisk } from "./node-disk.ts";
import { nodePrimitives } from "./primitives.ts";

/** A store in a folder of a disk, a USB stick or a NAS. */
export interface FolderStore extends Store {
  /**
   * Removes what puts that never ended have left in `tmp`, and says how many there were. A put of another process
   * that is under way then fails with retry "now", and nothing is lost.
   */
  sweep(): Promise<number>;
}

const TEMPORARY = "tmp";
/** The file inside an object that is a folder. */
const INNER = "object";
const STATS_AT_ONCE = 16;
/** So much is read without having asked how large the object is: most of what is read are small parts of packs. */
const UNASKED_BYTES = 1024 * 1024;

/**
 * The store of a folder, which must be there: a stick that is not plugged in is `store.unavailable`, never an empty
 * store. An object is a file of its name, made by a hard link to a whole and synced file, or, where the file system
 * has no links, a folder of its name that holds one file, made by a rename of a whole and synced folder: both appear
 * whole, and only where nothing is. docs/decisions/0004 has the reasons.
 */
export function folderStore(path: string, options: { readonly disk?: Disk } = {}): FolderStore {
  return new Folder(path, options.disk ?? nodeDisk);
}

class Folder implements FolderStore {
  readonly #root: string;
  readonly #disk: Disk;
  /** Folders that are there and stay there after a power cut. */
  readonly #ready = new Set<string>();
  /** Names in `tmp` of this process's own puts. */
  readonly #underWay = new Set<string>();
  #hasLinks = true;

  constructor(root: string, disk: Disk) {
    this.#root = root;
    this.#disk = disk;
  }

  async put(name: string, bytes: Bytes, options: StoreOptions = {}): Promise<"stored" | "exists"> {
    const target = this.#pathOf(name);
    throwIfAborted(options.signal);
    const temporary = randomName(nodePrimitives);
    this.#underWay.add(temporary).add(`${temporary}d`);
    try {
      return await this.#putThrough(temporary, target, bytes, options.signal);
    } catch (error) {
      this.#ready.clear();
      await this.#dropTemporary(temporary);
      throw await this.#explain(error);
    } finally {
      this.#underWay.delete(temporary);
      this.#underWay.delete(`${temporary}d`);
    }
  }

  async get(name: string, range?: Range, options: StoreOptions = {}): Promise<Bytes | undefined> {
    const path = this.#pathOf(name);
    throwIfAborted(options.signal);
    try {
      if (range !== undefined && range.length <= UNASKED_BYTES) {
        const bytes = await this.#readFile(path, range.offset, range.length);
        if (bytes !== "folder") return bytes;
      }
      const place = await this.#locate(name);
      if (place === undefined) return undefined;
      const start = Math.min(range?.offset ?? 0, place.sizeBytes);
      const length = Math.min(range?.length ?? Infinity, place.sizeBytes - start);
      return await this.#read(place.path, start, length);
    } catch (error) {
      throw await this.#explain(error);
    }
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<StoredObject> {
    for (const folder of storeFolders) {
      if (!`${folder}/`.startsWith(prefix) && !prefix.startsWith(`${folder}/`)) continue;
      throwIfAborted(options.signal);
      const { after = "" } = options;
      const names = (await this.#namesIn(folder)).filter((name) => name.startsWith(prefix) && name > after);
      for await (const object of mapBounded(names, STATS_AT_ONCE, (name) => this.#size(name))) {
        throwIfAborted(options.signal);
        if (object !== undefined) yield object;
      }
    }
  }

  async remove(name: string, options: StoreOptions = {}): Promise<void> {
    const path = this.#pathOf(name);
    throwIfAborted(options.signal);
    try {
      const place = await this.#locate(name);
      if (place === undefined || place.path === path) await this.#dropFile(path);
      else await this.#dropFolder(path);
      await this.#syncFolder(this.#folderOf(path));
    } catch (error) {
      if (!isDiskCode(error, "ENOENT") || (await this.#isGone())) throw await this.#explain(error);
    }
  }

  async sweep(): Promise<number> {
    try {
      let swept = 0;
      for (const name of await this.#disk.readFolder(this.#temporary())) {
        if (!this.#underWay.has(name) && (await this.#sweepOne(name))) swept++;
      }
      return swept;
    } catch (error) {
      if (isDiskCode(error, "ENOENT") && !(await this.#isGone())) return 0;
      throw await this.#explain(error);
    }
  }

  /** 1. Write and sync a temporary file. 2. Give it the name, if that is free. 3. Sync the folder. 4. Tidy up. */
  async #putThrough(
    temporary: string,
    target: string,
    bytes: Bytes,
    signal: AbortSignal | undefined,
  ): Promise<"stored" | "exists"> {
    const folder = this.#folderOf(target);
    await this.#makeReady(folder);
    await this.#write(this.#temporary(temporary), bytes);
    throwIfAborted(signal);
    const outcome = await this.#publish(temporary, target);
    // Also where it exists: whoever put it may have died before this, and the caller may find that it is his own.
    await this.#syncFolder(folder);
    await this.#dropTemporary(temporary);
    return outcome;
  }

  async #publish(temporary: string, target: string): Promise<"stored" | "exists"> {
    if (!this.#hasLinks) return this.#publishAsFolder(temporary, target);
    try {
      await this.#disk.link(this.#temporary(temporary), target);
      return "stored";
    } catch (error) {
      if (isDiskCode(error, "EEXIST")) return "exists";
      if (!hasNoLinks(error)) throw error;
      this.#hasLinks = false;
      return this.#publishAsFolder(temporary, target);
    }
  }

  async #publishAsFolder(temporary: string, target: string): Promise<"stored" | "exists"> {
    const folder = this.#temporary(`${temporary}d`);
    await this.#disk.makeFolder(folder);
    await this.#disk.rename(this.#temporary(temporary), `${folder}/${INNER}`);
    await this.#syncFolder(folder);
    try {
      await this.#disk.rename(folder, target);
      return "stored";
    } catch (error) {
      if (mayBeTaken(error) && (await this.#locate(this.#nameOf(target))) !== undefined) return "exists";
      throw error;
    }
  }

  async #write(path: string, bytes: Bytes): Promise<void> {
    const file = await this.#disk.open(path, "create");
    try {
      await file.write(bytes, 0);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #read(path: string, start: number, length: number): Promise<Bytes | undefined> {
    const file = await this.#ifThere(this.#disk.open(path, "read"));
    if (file === undefined) return undefined;
    try {
      return await file.read(start, length);
    } finally {
      await file.close();
    }
  }

  /** As `#read`, of what is a file; "folder" for what is none, or not to be read as one. */
  async #readFile(path: string, start: number, length: number): Promise<Bytes | "folder" | undefined> {
    try {
      return await this.#read(path, start, length);
    } catch (error) {
      if (["EISDIR", "EPERM", "EACCES"].some((code) => isDiskCode(error, code))) return "folder";
      throw error;
    }
  }

  /** Where the object's bytes lie; undefined if it is not there. */
  async #locate(name: string): Promise<{ path: string; sizeBytes: number } | undefined> {
    const path = this.#pathOf(name);
    const stats = await this.#ifThere(this.#disk.stat(path));
    if (stats?.isFolder !== true) return stats && { path, sizeBytes: stats.sizeBytes };
    const inner = await this.#ifThere(this.#disk.stat(`${path}/${INNER}`));
    return inner && { path: `${path}/${INNER}`, sizeBytes: inner.sizeBytes };
  }

  async #size(name: string): Promise<StoredObject | undefined> {
    const place = await this.#locate(name).catch((error: unknown) => {
      throw storeError(error);
    });
    return place && { name, sizeBytes: place.sizeBytes };
  }

  async #namesIn(folder: string): Promise<string[]> {
    try {
      const names = await this.#disk.readFolder(`${this.#root}/${folder}`);
      return names
        .map((name) => `${folder}/${name}`)
        .filter(isStoreName)
        .sort();
    } catch (error) {
      if (isDiskCode(error, "ENOENT") && !(await this.#isGone())) return [];
      throw await this.#explain(error);
    }
  }

  /** Undefined where it is not there; `store.unavailable` where the whole store is not. */
  async #ifThere<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      return await call;
    } catch (error) {
      if (isDiskCode(error, "ENOENT") && !(await this.#isGone())) return undefined;
      throw error;
    }
  }

  async #isGone(): Promise<boolean> {
    return this.#disk.stat(this.#root).then(
      ({ isFolder }) => !isFolder,
      (error: unknown) => {
        if (diskCode(error) === undefined) throw error;
        return true;
      },
    );
  }

  /** ENOENT while the store is there: another process has swept a temporary file away. */
  async #explain(error: unknown): Promise<unknown> {
    return storeError(error, isDiskCode(error, "ENOENT") && !(await this.#isGone()) ? "now" : "later");
  }

  async #makeReady(folder: string): Promise<void> {
    if (this.#ready.has(folder)) return;
    for (const path of [this.#temporary(), folder]) {
      await this.#disk.makeFolder(path).catch(unlessCode("EEXIST"));
    }
    await this.#syncFolder(this.#root);
    this.#ready.add(folder);
  }

  async #syncFolder(path: string): Promise<void> {
    try {
      await this.#disk.syncFolder(path);
    } catch (error) {
      if (!hasNoFolderSync(error)) throw error;
    }
  }

  /** What is left of a put, whether it went through or not. It may stay: sweep finds it. */
  async #dropTemporary(temporary: string): Promise<void> {
    try {
      await this.#dropFile(this.#temporary(temporary));
      if (!this.#hasLinks) await this.#dropFolder(this.#temporary(`${temporary}d`));
    } catch (error) {
      if (diskCode(error) === undefined) throw error;
    }
  }

  /** A folder is moved first, so that nobody can publish it while it is emptied. */
  async #sweepOne(name: string): Promise<boolean> {
    const path = this.#temporary(name);
    try {
      if (!(await this.#disk.stat(path)).isFolder) {
        await this.#disk.unlink(path);
        return true;
      }
      const dead = this.#temporary(randomName(nodePrimitives));
      await this.#disk.rename(path, dead);
      await this.#dropFolder(dead);
      return true;
    } catch (error) {
      if (isDiskCode(error, "ENOENT")) return false;
      throw error;
    }
  }

  async #dropFile(path: string): Promise<void> {
    await this.#disk.unlink(path).catch(unlessCode("ENOENT"));
  }

  /** An empty folder counts as no object, and a new one may take its place at any time. */
  async #dropFolder(path: string): Promise<void> {
    await this.#dropFile(`${path}/${INNER}`);
    await this.#disk.removeFolder(path).catch(unlessCode("ENOENT", "ENOTEMPTY", "EEXIST"));
  }

  #pathOf(name: string): string {
    if (!isStoreName(name)) throw new KeepsakeError("store.bad-name");
    return `${this.#root}/${name}`;
  }

  #nameOf(path: string): string {
    return path.slice(this.#root.length + 1);
  }

  #folderOf(path: string): string {
    return path.slice(0, path.lastIndexOf("/"));
  }

  #temporary(name?: string): string {
    return name === undefined ? `${this.#root}/${TEMPORARY}` : `${this.#root}/${TEMPORARY}/${name}`;
  }
}

function unlessCode(...codes: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (!codes.includes(diskCode(error) ?? "")) throw error;
  };
}
