import {
  bytesToHex,
  concatBytes,
  equalBytes,
  KeepsakeError,
  textToBytes,
  u32ToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import {
  fileHeader,
  HEADER_BYTES,
  packContent,
  SEAL_OVERHEAD_BYTES,
  sealObject,
  type ObjectContext,
} from "../seal/index.ts";
import { randomName } from "../store/names.ts";
import type { Store } from "../store/store.ts";
import { ladderSize, LARGEST_PACK_BYTES } from "./ladder.ts";
import type { Ref } from "./ref.ts";

/** The length of the sealed trailer, which holds the length of the sealed directory. */
export const TRAILER_BYTES: number = SEAL_OVERHEAD_BYTES + 4;
/** The most that the directory takes, as a whole and for each object. */
const DIRECTORY_BYTES = 1024;
const ENTRY_BYTES = 240;
const ROOM_BYTES = LARGEST_PACK_BYTES - HEADER_BYTES - TRAILER_BYTES - DIRECTORY_BYTES;

/** What a pack's directory says of an object: enough to open it with its collection's key. */
export type DirectoryEntry = readonly [
  offset: number,
  length: number,
  type: string,
  collection: string,
  epoch: number,
  id: string,
];

export interface PackWriterOptions {
  readonly primitives: Primitives;
  readonly store: Store;
  readonly vaultId: Bytes;
  /** Seals the directories of packs. */
  readonly key: Bytes;
  readonly epoch: number;
  readonly signal?: AbortSignal | undefined;
  /** A pack is closed before it grows beyond this; 16 MiB if absent. Five lanes at a time take half as much memory with half. */
  readonly aimBytes?: number | undefined;
  /** Called after each pack is stored. */
  readonly onStored?: ((pack: StoredPack) => Promise<void> | void) | undefined;
}

export interface StoredPack {
  readonly name: string;
  readonly sizeBytes: number;
  readonly objects: readonly Ref[];
}

interface Item {
  readonly context: ObjectContext;
  readonly sealed: Bytes;
  readonly ref: Ref;
}

/** Gathers sealed objects into packs of up to 16 MiB: FORMAT.md, "Packs". */
export class PackWriter {
  readonly #options: PackWriterOptions;
  #name: string;
  #items: Item[] = [];
  #filledBytes = 0;
  #storing: Promise<void> = Promise.resolve();

  constructor(options: PackWriterOptions) {
    this.#options = options;
    this.#name = randomName(options.primitives);
  }

  /** Takes an object in; closes the pack before it where the object does not fit any more. */
  async add(context: ObjectContext, sealed: Bytes, digest: string): Promise<Ref> {
    const bytes = sealed.length + ENTRY_BYTES;
    if (bytes > ROOM_BYTES) throw new KeepsakeError("base.limit", { details: { what: "object" } });
    if (this.#filledBytes + bytes > Math.min(this.#options.aimBytes ?? ROOM_BYTES, ROOM_BYTES))
      await this.#close();
    const before = this.#items.at(-1)?.ref;
    const offset = before === undefined ? HEADER_BYTES : before[1] + before[2];
    const ref: Ref = [this.#name, offset, sealed.length, digest];
    this.#items.push({ context, sealed, ref });
    this.#filledBytes += bytes;
    return ref;
  }

  /** Stores what is left; all that was added is durable afterwards. */
  async flush(): Promise<void> {
    await this.#close();
    await this.#storing;
  }

  /** One pack is on its way while the next one fills. */
  async #close(): Promise<void> {
    await this.#storing;
    if (this.#items.length === 0) return;
    this.#storing = this.#storePack(this.#name, this.#items);
    this.#storing.catch(() => undefined);
    this.#name = randomName(this.#options.primitives);
    this.#items = [];
    this.#filledBytes = 0;
  }

  async #storePack(name: string, items: readonly Item[]): Promise<void> {
    const { store, signal, onStored } = this.#options;
    const bytes = await buildPack(this.#options, name, items);
    await putOnce(store, `packs/${name}`, bytes, signal);
    await onStored?.({ name, sizeBytes: bytes.length, objects: items.map((item) => item.ref) });
  }
}

/** Puts an object whose name nobody else can have; "exists" then means that an earlier try went through unseen. */
async function putOnce(
  store: Store,
  name: string,
  bytes: Bytes,
  signal: AbortSignal | undefined,
): Promise<void> {
  if ((await store.put(name, bytes, { signal })) === "stored") return;
  const there = await store.get(name, undefined, { signal });
  if (there === undefined || !equalBytes(there, bytes))
    throw new KeepsakeError("store.exists", { retry: "now" });
}

/** Header, the objects, random fill up to a size of the ladder, directory, trailer. */
async function buildPack(options: PackWriterOptions, name: string, items: readonly Item[]): Promise<Bytes> {
  const { primitives, key, vaultId, epoch } = options;
  const id = textToBytes(name);
  const entries = items.map(({ ref: [, offset, bytes], context }): DirectoryEntry => {
    const collection = bytesToHex(context.collection ?? new Uint8Array(0));
    return [offset, bytes, context.type, collection, context.epoch, bytesToHex(context.id)];
  });
  const content = packContent(primitives, textToBytes(JSON.stringify(entries)));
  const directory = await sealObject(primitives, key, { type: "pack", vaultId, epoch, id }, content);
  const length = u32ToBytes(directory.length);
  const trailer = await sealObject(primitives, key, { type: "trailer", vaultId, epoch, id }, length);
  const [, offset, bytesOfLast] = items.at(-1)!.ref;
  const end = offset + bytesOfLast;
  const bytes = new Uint8Array(ladderSize(end + directory.length + trailer.length));
  bytes.set(fileHeader("pack"));
  for (const { ref, sealed } of items) bytes.set(sealed, ref[1]);
  const fillEnd = bytes.length - trailer.length - directory.length;
  bytes.set(primitives.random(fillEnd - end), end);
  bytes.set(concatBytes(directory, trailer), fillEnd);
  return bytes;
}
