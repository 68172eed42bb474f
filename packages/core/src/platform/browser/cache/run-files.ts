import { concatBytes, release, type Bytes } from "../../../base/index.ts";
import { findFile, readPart, removeFile, writeFile } from "./files.ts";
import { blocksOf, newRunId, parseRun, runName, type Run } from "./run.ts";
import { openBlock, sealBlock, SEALED_BLOCK_BYTES } from "./sealed-blocks.ts";

/** A longer run is kept in several files, so that not all of it has to go at once. */
const MOST_BLOCKS = 128;

export interface CacheOptions {
  /** A folder that is the cache's alone. */
  readonly directory: FileSystemDirectoryHandle;
  /** AES-GCM, 256 bits; one that cannot be taken out of the browser. */
  readonly key: CryptoKey;
  /** What packs may take on the disk. */
  readonly mostBytes: number;
}

/** Neighbouring blocks of an object. */
export interface Stretch {
  readonly object: string;
  readonly first: number;
  readonly blocks: readonly Bytes[];
  readonly holdsKeys?: boolean | undefined;
}

/**
 * Blocks of objects in a folder of the browser. Each file is written once, under a name that no other has: what two
 * tabs do there, or a crash leaves behind, is at worst not found. Nothing here throws: a cache that cannot read, write
 * or remove a file goes without it.
 */
export class RunFiles {
  readonly #options: CacheOptions;
  /** By file name; the one used longest ago first. */
  readonly #runs = new Map<string, Run>();
  readonly #byObject = new Map<string, Set<Run>>();
  /** The files of runs that were read. */
  readonly #found = new Map<string, Promise<File>>();
  /** Objects of the key directory that were read since the cache was opened. */
  readonly #keysInUse = new Set<string>();
  #packBytes = 0;
  #opened: Promise<void> | undefined;
  /** The browser gives no more room, or nothing can be written for another reason. */
  #isFull = false;

  constructor(options: CacheOptions) {
    this.#options = options;
  }

  /** The blocks that are there from `first` to `last`, by number. */
  async read(object: string, first: number, last: number): Promise<ReadonlyMap<number, Bytes>> {
    await this.#open();
    const found = new Map<number, Bytes>();
    for (let block = first; block <= last;) {
      const run = this.#holding(object, block);
      if (run === undefined) block++;
      else block = await this.#readRun(run, { block, last, found });
    }
    return found;
  }

  async save(stretch: Stretch): Promise<void> {
    await this.#open();
    if (stretch.holdsKeys === true) await this.#dropOtherKeys(stretch.object);
    for (let at = 0; at < stretch.blocks.length && !this.#isFull; at += MOST_BLOCKS) {
      const blocks = stretch.blocks.slice(at, at + MOST_BLOCKS);
      await this.#write({ ...stretch, first: stretch.first + at, blocks });
    }
  }

  /** Forgets an object. */
  async drop(object: string): Promise<void> {
    await this.#open();
    for (const run of this.#byObject.get(object) ?? []) await this.#remove(run);
  }

  /** Forgets all objects of a folder but those. */
  async dropOthers(folder: string, kept: ReadonlySet<string>): Promise<void> {
    await this.#open();
    for (const object of this.#byObject.keys())
      if (object.startsWith(`${folder}/`) && !kept.has(object)) await this.drop(object);
  }

  async clear(): Promise<void> {
    await this.#open();
    for (const run of this.#runs.values()) await this.#remove(run);
    await this.#removeUnknown().catch(() => undefined);
  }

  /** What another tab has kept since this one looked. */
  async #removeUnknown(): Promise<void> {
    const { directory } = this.#options;
    for await (const name of directory.keys())
      if (parseRun(name) !== undefined) await removeFile(directory, name);
  }

  #open(): Promise<void> {
    this.#opened ??= this.#look().catch(() => undefined);
    return this.#opened;
  }

  async #look(): Promise<void> {
    const runs: Run[] = [];
    for await (const name of this.#options.directory.keys()) {
      const run = parseRun(name);
      if (run !== undefined) runs.push(run);
    }
    for (const run of runs.sort((a, b) => (a.id < b.id ? -1 : 1))) this.#add(run);
    await this.#makeRoom();
  }

  #holding(object: string, block: number): Run | undefined {
    for (const run of this.#byObject.get(object) ?? [])
      if (run.first <= block && block < run.first + blocksOf(run)) return run;
    return undefined;
  }

  /** Reads on in a run; gives the block after what it holds. A file that is damaged anywhere is as good as none. */
  async #readRun(
    run: Run,
    into: { block: number; last: number; found: Map<number, Bytes> },
  ): Promise<number> {
    const { object, first, holdsKeys } = run;
    const { block, last, found } = into;
    const name = runName(run);
    const end = Math.min(last + 1, first + blocksOf(run));
    const start = (block - first) * SEALED_BLOCK_BYTES;
    const range = { start, end: (end - first) * SEALED_BLOCK_BYTES };
    const sealed = await readPart(this.#fileOf(name), range);
    const opened = await this.#openAll(sealed, { object, block }, end - block);
    if (opened.includes(undefined)) {
      await this.#remove(run);
      return block;
    }
    for (const [i, bytes] of opened.entries()) found.set(block + i, bytes!);
    if (holdsKeys) this.#keysInUse.add(object);
    if (this.#runs.delete(name)) this.#runs.set(name, run);
    return end;
  }

  /** Blocks from one on: all are handed to the browser before one is waited for. */
  async #openAll(
    sealed: Bytes | undefined,
    { object, block }: { readonly object: string; readonly block: number },
    count: number,
  ): Promise<(Bytes | undefined)[]> {
    const opened = Array.from({ length: count }, (_, i) => {
      const from = i * SEALED_BLOCK_BYTES;
      const part = sealed?.subarray(from, from + SEALED_BLOCK_BYTES) ?? new Uint8Array();
      return openBlock(this.#options.key, { object, block: block + i }, part);
    });
    const blocks = await Promise.all(opened);
    if (sealed !== undefined) release(sealed);
    return blocks;
  }

  /** A run's file, which is found once: it is read in many parts, and never changes. */
  #fileOf(name: string): Promise<File> {
    const known = this.#found.get(name) ?? findFile(this.#options.directory, name);
    this.#found.set(name, known);
    return known;
  }

  async #write({ object, first, blocks, holdsKeys = false }: Stretch): Promise<void> {
    const { directory, key, mostBytes } = this.#options;
    try {
      const places = blocks.map((_, i) => ({ object, block: first + i }));
      const sealed = await Promise.all(blocks.map((block, i) => sealBlock(key, places[i]!, block)));
      const bytes = concatBytes(...sealed);
      const run = { object, first, sizeBytes: bytes.length, holdsKeys, id: newRunId() };
      if (isPack(run) && bytes.length > mostBytes) return;
      await writeFile(directory, runName(run), bytes);
      this.#add(run);
      if (holdsKeys) this.#keysInUse.add(object);
      await this.#makeRoom();
    } catch {
      this.#isFull = true;
    }
  }

  #add(run: Run): void {
    this.#runs.set(runName(run), run);
    const runs = this.#byObject.get(run.object) ?? new Set();
    this.#byObject.set(run.object, runs.add(run));
    if (isPack(run)) this.#packBytes += run.sizeBytes;
  }

  async #remove(run: Run): Promise<void> {
    if (!this.#runs.delete(runName(run))) return;
    const runs = this.#byObject.get(run.object);
    runs?.delete(run);
    if (runs?.size === 0) this.#byObject.delete(run.object);
    if (isPack(run)) this.#packBytes -= run.sizeBytes;
    this.#found.delete(runName(run));
    await removeFile(this.#options.directory, runName(run));
  }

  async #makeRoom(): Promise<void> {
    for (const run of this.#runs.values()) {
      if (this.#packBytes <= this.#options.mostBytes) return;
      if (isPack(run)) await this.#remove(run);
    }
  }

  /** A directory that was replaced is not kept: what it still opens, others may have given up. */
  async #dropOtherKeys(object: string): Promise<void> {
    if (this.#keysInUse.has(object)) return;
    for (const run of this.#runs.values())
      if (run.holdsKeys && run.object !== object && !this.#keysInUse.has(run.object)) await this.#remove(run);
  }
}

/** All else is small, and what reading without a network begins with. */
function isPack({ object }: Run): boolean {
  return object.startsWith("packs/");
}
