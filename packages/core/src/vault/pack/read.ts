import {
  bytesToText,
  KeepsakeError,
  release,
  textToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import { checkFileHeader, openObject, unpackContent } from "../seal/index.ts";
import { ALIGN_BYTES, type Store } from "../store/store.ts";
import { LARGEST_PACK_BYTES } from "./ladder.ts";
import type { Ref } from "./ref.ts";
import { TRAILER_BYTES, type DirectoryEntry } from "./trailer.ts";

/** What is expected comes in one go where no more lies between, and up to so much. */
const [GAP_BYTES, MOST_AT_ONCE_BYTES] = [64 * 1024, 1024 * 1024];
const MAX_DIRECTORY_BYTES = 4 * 1024 * 1024;

/** Gets sealed objects out of packs in aligned ranges; a range that holds the next object too is not read again. */
export class PackReader {
  readonly #store: Store;
  readonly #readAheadBytes: number;
  readonly #signal: AbortSignal | undefined;
  #window: Window | undefined;
  /** In the order in which they lie. */
  #expected: readonly Ref[] = [];

  constructor(store: Store, options: { readAheadBytes?: number; signal?: AbortSignal | undefined } = {}) {
    this.#store = store;
    this.#readAheadBytes = options.readAheadBytes ?? 0;
    this.#signal = options.signal;
  }

  /** What is read next: of these, those that lie together come in one range. */
  expect(refs: readonly Ref[]): void {
    this.#expected = refs.toSorted((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? -1 : 1));
  }

  /**
   * The sealed object, in memory of its own; `store.not-found` if its pack is gone, `vault.corrupt` if the pack is too
   * short. `holdsKeys`: it is of the key directory.
   */
  async read([pack, offset, length]: Ref, holdsKeys = false): Promise<Bytes> {
    const end = offset + length;
    if (end > LARGEST_PACK_BYTES)
      throw new KeepsakeError("vault.corrupt", { details: { what: "ref-range" } });
    const known = this.#window;
    const isKnown = known?.pack === pack && known.start <= offset && end <= known.end;
    const window = isKnown ? known : this.#fetch(pack, { offset, end, holdsKeys });
    window.readers++;
    const bytes = await window.bytes;
    const object = bytes.slice(offset - window.start, end - window.start);
    window.readers--;
    if (window !== this.#window && window.readers === 0) letGo(bytes);
    if (object.length < length)
      throw new KeepsakeError("vault.corrupt", { details: { what: "pack-too-short", pack } });
    return object;
  }

  /** Several readers of one window wait for one answer. */
  #fetch(pack: string, { offset, end: objectEnd, holdsKeys }: Wanted): Window {
    const start = Math.floor(offset / ALIGN_BYTES) * ALIGN_BYTES;
    const wanted = this.#endOfExpected(pack, offset) ?? objectEnd + this.#readAheadBytes;
    const end = Math.ceil(wanted / ALIGN_BYTES) * ALIGN_BYTES;
    const before = this.#window;
    const window = {
      pack,
      start,
      end,
      bytes: this.#get(pack, { offset: start, end, holdsKeys }),
      readers: 0,
    };
    this.#window = window;
    if (before?.readers === 0) before.bytes.then(letGo, () => undefined);
    window.bytes.catch(() => {
      if (this.#window === window) this.#window = undefined;
    });
    return window;
  }

  /** Where what is expected ends that lies close behind an expected object; undefined where that is not expected. */
  #endOfExpected(pack: string, start: number): number | undefined {
    let end: number | undefined;
    for (const [other, offset, length] of this.#expected) {
      if (other !== pack || offset < start) continue;
      if (end === undefined && offset > start) return undefined;
      if (end !== undefined && (offset > end + GAP_BYTES || offset + length > start + MOST_AT_ONCE_BYTES))
        return end;
      end = offset + length;
    }
    return end;
  }

  async #get(pack: string, { offset, end, holdsKeys }: Wanted): Promise<Bytes> {
    const range = { offset, length: end - offset };
    const bytes = await this.#store.get(`packs/${pack}`, range, { signal: this.#signal, holdsKeys });
    if (bytes === undefined) throw new KeepsakeError("store.not-found", { details: { what: "pack", pack } });
    return bytes;
  }
}

interface Wanted {
  readonly offset: number;
  readonly end: number;
  readonly holdsKeys: boolean;
}

/** A range of a pack that is there or on its way. */
interface Window {
  readonly pack: string;
  readonly start: number;
  readonly end: number;
  readonly bytes: Promise<Bytes>;
  /** How many have yet to take their object out of it: after the last one, and after the next window, it goes. */
  readers: number;
}

/** Unless the store has kept more of the memory than it gave. */
function letGo(bytes: Bytes): void {
  if (bytes.length === bytes.buffer.byteLength) release(bytes);
}

/** What opens a pack's own directory. */
export interface PackKey {
  readonly primitives: Primitives;
  readonly vaultId: Bytes;
  readonly key: Bytes;
  readonly epoch: number;
}

/** An object as its pack's directory lists it. */
export interface PackedObject {
  readonly offset: number;
  readonly length: number;
  readonly type: string;
  readonly collection: string;
  readonly epoch: number;
  readonly id: string;
}

/** The directory of a whole pack file of that name. Throws `vault.corrupt` or `vault.newer-format`. */
export async function readPackDirectory(
  packKey: PackKey,
  name: string,
  file: Bytes,
): Promise<PackedObject[]> {
  checkFileHeader(file, "pack");
  const { primitives, key, vaultId, epoch } = packKey;
  const context = { vaultId, epoch, id: textToBytes(name) };
  const end = Math.max(0, file.length - TRAILER_BYTES);
  const trailer = await openObject(primitives, key, { ...context, type: "trailer" }, file.slice(end));
  const start = end - new DataView(trailer.buffer, trailer.byteOffset).getUint32(0);
  const sealed = file.slice(Math.max(0, start), end);
  const content = await openObject(primitives, key, { ...context, type: "pack" }, sealed);
  const entries = JSON.parse(
    bytesToText(unpackContent(primitives, content, MAX_DIRECTORY_BYTES)),
  ) as DirectoryEntry[];
  return entries.map(([offset, length, type, collection, entryEpoch, id]) => {
    return { offset, length, type, collection, epoch: entryEpoch, id };
  });
}
