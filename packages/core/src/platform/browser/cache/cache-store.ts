import {
  bytesToText,
  equalBytes,
  KeepsakeError,
  textToBytes,
  throwIfAborted,
  type Bytes,
} from "../../../base/index.ts";
import {
  isStoreName,
  type ListOptions,
  type ObjectOptions,
  type PutOptions,
  type Range,
  type Store,
  type StoredObject,
  type StoreOptions,
} from "../../../vault/store/index.ts";
import { BLOCK_BYTES, fromBlocks, isLast, toBlocks } from "./blocks.ts";
import { CachedPacks } from "./cached-packs.ts";
import { RunFiles, type CacheOptions } from "./run-files.ts";

/** More than any object has: what is asked for beyond it does not go by blocks. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_BLOCKS = MOST_BYTES / BLOCK_BYTES;

/** A store that keeps what was read of it in the browser. */
export interface CachedStore extends Store {
  /** Waits until what was read is kept. */
  settle(): Promise<void>;
  /** Forgets all that is kept: where somebody leaves this device, or where what is kept seems damaged. */
  clear(): Promise<void>;
}

/**
 * The store, with a cache in a folder of the browser. Packs never change: ranges of them that were read come from the
 * cache from then on, in blocks, and only what is missing is fetched. Whole packs, heads, slots and journals
 * come from the store; of the last three, and of which there are, the cache has what was read last, for when the store
 * is `store.unavailable`: so a vault that was opened before can be read without a network. All is kept as the store
 * gave it, sealed, and sealed once more under the cache's key.
 *
 * What is kept says nothing of what the store still has: checks, proofs, repairs and copies take the store itself.
 */
export function cachedStore(store: Store, options: CacheOptions): CachedStore {
  return new Cached(store, options);
}

class Cached implements CachedStore {
  readonly #store: Store;
  readonly #files: RunFiles;
  readonly #packs: CachedPacks;
  /** What is kept of objects that change is kept one after the other. */
  #keeping: Promise<void> = Promise.resolve();

  constructor(store: Store, options: CacheOptions) {
    this.#store = store;
    this.#files = new RunFiles(options);
    this.#packs = new CachedPacks(store, this.#files);
  }

  async get(name: string, range?: Range, options?: ObjectOptions): Promise<Bytes | undefined> {
    throwIfAborted(options?.signal);
    if (!isStoreName(name)) return this.#store.get(name, range, options);
    if (!isPack(name)) return this.#getChanging(name, range, options);
    const isByBlocks = range !== undefined && range.length > 0 && range.offset + range.length <= MOST_BYTES;
    return isByBlocks ? this.#packs.get(name, range, options) : this.#store.get(name, range, options);
  }

  async put(name: string, bytes: Bytes, options?: PutOptions): Promise<"stored" | "exists"> {
    const copy = isPack(name) ? bytes : new Uint8Array(bytes);
    const outcome = await this.#store.put(name, bytes, options);
    if (outcome === "exists") return outcome;
    if (isPack(name)) await this.#packs.change(name);
    else {
      this.#keep(name, copy);
      this.#keepListed(name, copy.length);
    }
    return outcome;
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<StoredObject> {
    if (!/^(?:heads|journals|slots)\/$/.test(prefix)) return yield* this.#store.list(prefix, options);
    const folder = prefix.slice(0, -1);
    let listed: StoredObject[];
    try {
      listed = await this.#listed(prefix, options);
    } catch (error) {
      const kept = isAway(error) ? await this.#keptList(folder) : undefined;
      if (kept === undefined) throw error;
      return yield* kept;
    }
    this.#keepList(folder, listed);
    yield* listed;
  }

  async remove(name: string, options?: StoreOptions): Promise<void> {
    await this.#store.remove(name, options);
    if (isPack(name)) await this.#packs.change(name);
    else {
      this.#keep(name, undefined);
      this.#keepListed(name, undefined);
    }
  }

  /** The whole list; what need not be asked for is as it was kept. */
  async #listed(prefix: string, options: ListOptions): Promise<StoredObject[]> {
    const kept = options.after === undefined ? undefined : await this.#keptList(prefix.slice(0, -1));
    const after = kept === undefined ? undefined : options.after;
    const isBefore = ({ name }: StoredObject): boolean => after !== undefined && name <= after;
    const listed = kept?.filter(isBefore) ?? [];
    for await (const object of this.#store.list(prefix, { ...options, after }))
      if (!isBefore(object)) listed.push(object);
    return listed;
  }

  async settle(): Promise<void> {
    await this.#packs.settle();
    await this.#keeping;
  }

  async clear(): Promise<void> {
    await this.settle();
    await this.#files.clear();
  }

  async #getChanging(
    name: string,
    range: Range | undefined,
    options: ObjectOptions | undefined,
  ): Promise<Bytes | undefined> {
    try {
      const bytes = await this.#store.get(name, range, options);
      const isWhole = range === undefined || (range.offset === 0 && (bytes?.length ?? 0) < range.length);
      if (isWhole) this.#keep(name, bytes && new Uint8Array(bytes));
      return bytes;
    } catch (error) {
      const kept = isAway(error) ? await this.#kept(name) : undefined;
      if (kept === undefined) throw error;
      return range === undefined ? kept : kept.slice(range.offset, range.offset + range.length);
    }
  }

  /** Keeps the whole of a small object behind the caller, in place of what was kept of it; undefined: there is none. */
  #keep(name: string, bytes: Bytes | undefined): void {
    this.#afterwards(() => this.#replace(name, bytes));
  }

  async #replace(name: string, bytes: Bytes | undefined): Promise<void> {
    const kept = await this.#wholeOf(name);
    if (kept !== undefined && bytes !== undefined && equalBytes(kept, bytes)) return;
    await this.#files.drop(name);
    if (bytes !== undefined) await this.#files.save({ object: name, first: 0, blocks: toBlocks(bytes) });
  }

  #keepList(folder: string, objects: readonly StoredObject[]): void {
    this.#afterwards(async () => {
      await this.#replace(`lists/${folder}`, textToBytes(JSON.stringify(objects)));
      await this.#files.dropOthers(folder, new Set(objects.map(({ name }) => name)));
    });
  }

  /** An object that was put or removed here: without a network, the list that is kept is still true. */
  #keepListed(name: string, sizeBytes: number | undefined): void {
    const folder = name.slice(0, name.indexOf("/"));
    this.#afterwards(async () => {
      const before = parseList(await this.#wholeOf(`lists/${folder}`));
      if (before === undefined) return;
      const others = before.filter((each) => each.name !== name);
      const objects = sizeBytes === undefined ? others : [...others, { name, sizeBytes }];
      objects.sort((a, b) => (a.name < b.name ? -1 : 1));
      await this.#replace(`lists/${folder}`, textToBytes(JSON.stringify(objects)));
    });
  }

  #afterwards(work: () => Promise<void>): void {
    this.#keeping = this.#keeping.then(work).catch(() => undefined);
  }

  async #kept(name: string): Promise<Bytes | undefined> {
    await this.#keeping;
    return this.#wholeOf(name);
  }

  async #keptList(folder: string): Promise<readonly StoredObject[] | undefined> {
    return parseList(await this.#kept(`lists/${folder}`));
  }

  async #wholeOf(object: string): Promise<Bytes | undefined> {
    const blocks = [...(await this.#files.read(object, 0, MOST_BLOCKS))];
    const isWhole =
      blocks.every(([block], i) => block === i) && blocks.slice(-1).some(([, block]) => isLast(block));
    const whole = { first: 0, offset: 0, length: MOST_BYTES };
    return isWhole
      ? fromBlocks(
          blocks.map(([, block]) => block),
          whole,
        )
      : undefined;
  }
}

function parseList(bytes: Bytes | undefined): StoredObject[] | undefined {
  return bytes && (JSON.parse(bytesToText(bytes)) as StoredObject[]);
}

function isPack(name: string): boolean {
  return name.startsWith("packs/");
}

/** Whether the network is away, or what lies behind it. */
function isAway(error: unknown): boolean {
  return KeepsakeError.is(error, "store.unavailable");
}
