import { Tails, throwIfAborted, type Bytes } from "../../../base/index.ts";
import type { ObjectOptions, Range, Store } from "../../../vault/store/index.ts";
import { BLOCK_BYTES, fromBlocks, isLast, toBlocks } from "./blocks.ts";
import type { RunFiles } from "./run-files.ts";

/** Keeping what was read goes on behind the reading, until so many files wait. */
const WRITES_AHEAD = 4;

/** Blocks that are on their way, or not yet kept. */
interface Fetch {
  readonly first: number;
  readonly last: number;
  /** Undefined if there is no such pack. */
  readonly blocks: Promise<readonly Bytes[] | undefined>;
  readonly kept: Promise<void>;
}

type Gap = Pick<Fetch, "first" | "last">;

/** Ranges of packs: what is kept from the cache, what is missing from the store, neighbours of it in one go. */
export class CachedPacks {
  readonly #store: Store;
  readonly #files: RunFiles;
  readonly #fetches = new Map<string, Set<Fetch>>();
  readonly #saves = new Tails(WRITES_AHEAD);
  /** Packs that were put or removed here: what was on its way then is not kept. */
  readonly #changes = new Map<string, number>();

  constructor(store: Store, files: RunFiles) {
    this.#store = store;
    this.#files = files;
  }

  async get(
    name: string,
    { offset, length }: Range,
    options: ObjectOptions | undefined,
  ): Promise<Bytes | undefined> {
    const first = Math.floor(offset / BLOCK_BYTES);
    const last = Math.ceil((offset + length) / BLOCK_BYTES) - 1;
    const have = new Map(await this.#files.read(name, first, last));
    for (let gap = gapIn(have, first, last); gap !== undefined; gap = gapIn(have, first, last)) {
      throwIfAborted(options?.signal);
      const blocks = await this.#fill(name, gap, options);
      if (blocks === undefined) return undefined;
      for (const [block, bytes] of blocks) have.set(block, bytes);
    }
    const blocks: Bytes[] = [];
    for (let at = first; have.has(at) && at <= last; at++) blocks.push(have.get(at)!);
    return fromBlocks(blocks, { first, offset, length });
  }

  /** What is kept of a pack is of no more use. */
  async change(name: string): Promise<void> {
    this.#changes.set(name, (this.#changes.get(name) ?? 0) + 1);
    await this.settle();
    await this.#files.drop(name);
  }

  async settle(): Promise<void> {
    await this.#saves.settle();
  }

  /** Blocks for a gap: those that somebody fetches already, else our own. */
  async #fill(
    name: string,
    gap: Gap,
    options: ObjectOptions | undefined,
  ): Promise<readonly (readonly [number, Bytes])[] | undefined> {
    const others = [...(this.#fetches.get(name) ?? [])];
    const busy = others.find(({ first, last }) => first <= gap.last && gap.first <= last);
    const fetch = busy ?? this.#fetch(name, gap, options);
    if (busy === undefined) await this.#saves.add(fetch.kept);
    // What fails for another, for one who stopped it, need not fail for us: it is asked for once more.
    const blocks = await (busy === undefined ? fetch.blocks : fetch.blocks.catch(() => []));
    if (blocks === undefined || blocks.length === 0) return blocks && [];
    // What was asked for beyond the end is there, and empty.
    const count = fetch.last - fetch.first + 1;
    return Array.from({ length: count }, (_, i) => [fetch.first + i, blocks[i] ?? new Uint8Array()] as const);
  }

  #fetch(name: string, { first, last }: Gap, options: ObjectOptions | undefined): Fetch {
    const since = this.#changes.get(name);
    const count = last - first + 1;
    const range = { offset: first * BLOCK_BYTES, length: count * BLOCK_BYTES };
    const blocks = this.#store.get(name, range, options).then((bytes) => bytes && toBlocks(bytes, count));
    const keep = async (): Promise<void> => {
      const found = await blocks.catch(() => undefined);
      if (found !== undefined && this.#changes.get(name) === since)
        await this.#files.save({ object: name, first, blocks: found, holdsKeys: options?.holdsKeys });
      const fetches = this.#fetches.get(name);
      fetches?.delete(fetch);
      if (fetches?.size === 0) this.#fetches.delete(name);
    };
    const fetch: Fetch = { first, last, blocks, kept: keep() };
    this.#fetches.set(name, (this.#fetches.get(name) ?? new Set()).add(fetch));
    return fetch;
  }
}

/** The first blocks that are missing, up to one that is there or to the last of the object. */
function gapIn(have: ReadonlyMap<number, Bytes>, first: number, last: number): Gap | undefined {
  let start = first;
  for (let block = have.get(start); block !== undefined; block = have.get(++start))
    if (isLast(block)) return undefined;
  if (start > last) return undefined;
  let end = start;
  while (end < last && !have.has(end + 1)) end++;
  return { first: start, last: end };
}
