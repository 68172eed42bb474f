import { createHash } from "node:crypto";
import { lstatSync, readdirSync } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { appleStamps } from "./apple.ts";
import { stampOf } from "./stamp.ts";

/** All that lies in a source, as far as its names, sizes and times tell. */
export interface Listing {
  /** Equal for sources in which nothing changed. */
  readonly digest: string;
  /** Where a change shows first: the folders and files that were changed last. */
  readonly newest: readonly string[];
}

interface Timed {
  readonly path: string;
  readonly modified: bigint;
}

/** How many of the newest are looked at between two listings. */
const NEWEST_FOLDERS = 1000;
const NEWEST_FILES = 64;

/**
 * Lists a file or a folder, also one that a link leads to. Undefined where there is none, or where it cannot be read.
 * What comes and goes while it is listed is left out.
 */
export async function list(place: string, format: string | undefined): Promise<Listing | undefined> {
  const path = await realpath(place).catch(() => undefined);
  const stats = path === undefined ? undefined : await lstat(path).catch(() => undefined);
  if (path === undefined || stats === undefined) return undefined;
  const hash = createHash("sha256");
  if (!stats.isDirectory()) {
    hash.update((await stampOf(path)) ?? "");
    return { digest: hash.digest("hex"), newest: [path] };
  }
  const mayBeApple = format === undefined || format === "wechat-ios";
  const stamps = mayBeApple ? await appleStamps(path).catch(() => null) : null;
  if (stamps !== null) {
    for (const stamp of stamps) hash.update(`${stamp}\n`);
    return { digest: hash.digest("hex"), newest: [] };
  }
  return listFolder(path, hash);
}

async function listFolder(path: string, hash: ReturnType<typeof createHash>): Promise<Listing | undefined> {
  const folders = new Newest(NEWEST_FOLDERS);
  const files = new Newest(NEWEST_FILES);
  const open = [path];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const read = readFolder(folder);
    // A signal is heard between two folders.
    await setImmediate();
    if (read === undefined) {
      if (folder === path) return undefined;
      continue;
    }
    folders.add({ path: folder, modified: read.modified });
    for (const { name, isFolder, sizeBytes, modified } of read.entries) {
      const inner = join(folder, name);
      if (isFolder) open.push(inner);
      else files.add({ path: inner, modified });
      hash.update(isFolder ? `${inner}/\n` : `${inner}\0${sizeBytes} ${modified}\n`);
    }
  }
  return { digest: hash.digest("hex"), newest: [...folders.paths(), ...files.paths()] };
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly sizeBytes: bigint;
  readonly modified: bigint;
}

/**
 * A folder's entries in the order of their names; undefined where it is not there or cannot be read. Asked for one by
 * one and at once: a tenth of the work of asking in threads, and there is nothing else that would have to wait.
 */
function readFolder(
  folder: string,
): { readonly modified: bigint; readonly entries: readonly Entry[] } | undefined {
  try {
    const modified = lstatSync(folder, { bigint: true }).mtimeNs;
    const names = readdirSync(folder).sort();
    return { modified, entries: names.flatMap((name) => entryOf(folder, name)) };
  } catch {
    return undefined;
  }
}

function entryOf(folder: string, name: string): readonly Entry[] {
  const stats = lstatSync(join(folder, name), { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return [];
  return [{ name, isFolder: stats.isDirectory(), sizeBytes: stats.size, modified: stats.mtimeNs }];
}

/** A digest of the newest folders and files alone: cheap, and different as soon as one of them changed. */
export function glance(newest: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of newest) {
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    hash.update(stats === undefined ? "\n" : `${stats.size} ${stats.mtimeNs}\n`);
  }
  return hash.digest("hex");
}

/** Keeps so many of the newest, in memory that does not grow with the rest. */
class Newest {
  readonly #most: number;
  #all: Timed[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(timed: Timed): void {
    this.#all.push(timed);
    if (this.#all.length >= 2 * this.#most) this.#cut();
  }

  paths(): string[] {
    this.#cut();
    return this.#all.map(({ path }) => path);
  }

  #cut(): void {
    this.#all.sort((a, b) => (a.modified === b.modified ? 0 : a.modified > b.modified ? -1 : 1));
    this.#all = this.#all.slice(0, this.#most);
  }
}
