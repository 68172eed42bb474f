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

/** Where an object lies or will lie. */
export interface Placement {
  /** In a writer that keeps the order it is there at once; in one that shuffles, once the pack is stored. */
  ref(): Ref;
}

export interface PackWriterOptions {
  readonly primitives: Primitives;
  readonly store: Store;
  readonly vaultId: Bytes;
  /** Seals the directories of packs. */
  readonly key: Bytes;
  readonly epoch: number;
  /** Attachments are shuffled, so that their order tells nothing; lanes keep theirs, so that ranges can be read. */
  readonly order: "kept" | "shuffled";
  readonly signal?: AbortSignal | undefined;
  /** Called after each pack is stored. */
  readonly onStored?: ((pack: StoredPack) => Promise<void> | void) | undefined;
}

export interface StoredPack {
  readonly name: string;
  readonly sizeBytes: number;
  readonly objects: readonly Ref[];
}

class Item implements Placement {
  readonly context: ObjectContext;
  readonly sealed: Bytes;
  readonly digest: string;
  pack: string | undefined;
  offset = 0;

  constructor(context: ObjectContext, sealed: Bytes, digest: string) {
    this.context = context;
    this.sealed = sealed;
    this.digest = digest;
  }

  ref(): Ref {
    if (this.pack === undefined)
      throw new KeepsakeError("base.unexpected", { details: { what: "not-placed" } });
    return [this.pack, this.offset, this.sealed.length, this.digest];
  }
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
  async add(context: ObjectContext, sealed: Bytes, digest: string): Promise<Placement> {
    const bytes = sealed.length + ENTRY_BYTES;
    if (bytes > ROOM_BYTES) throw new KeepsakeError("base.limit", { details: { what: "object" } });
    if (this.#filledBytes + bytes > ROOM_BYTES) await this.#close();
    const item = new Item(context, sealed, digest);
    const before = this.#items.at(-1);
    item.offset = before === undefined ? HEADER_BYTES : before.offset + before.sealed.length;
    if (this.#options.order === "kept") item.pack = this.#name;
    this.#items.push(item);
    this.#filledBytes += bytes;
    return item;
  }

  /** Stores what is left; every placement has its ref afterwards. */
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
    const { primitives, store, signal, onStored, order } = this.#options;
    const bytes = await buildPack(this.#options, order === "shuffled" ? shuffle(primitives, items) : items);
    await putOnce(store, `packs/${name}`, bytes, signal);
    for (const item of items) item.pack = name;
    await onStored?.({ name, sizeBytes: bytes.length, objects: items.map((item) => item.ref()) });
  }
}

/** Puts an object whose name nobody else can have; "exists" then means that an earlier try went through unseen. */
export async function putOnce(
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
async function buildPack(options: PackWriterOptions, items: readonly Item[]): Promise<Bytes> {
  const { primitives, key, vaultId, epoch } = options;
  const id = new Uint8Array(0);
  const entries = items.map(({ offset, sealed, context }): DirectoryEntry => {
    const collection = bytesToHex(context.collection ?? id);
    return [offset, sealed.length, context.type, collection, context.epoch, bytesToHex(context.id)];
  });
  const content = packContent(primitives, textToBytes(JSON.stringify(entries)));
  const directory = await sealObject(primitives, key, { type: "pack", vaultId, epoch, id }, content);
  const length = u32ToBytes(directory.length);
  const trailer = await sealObject(primitives, key, { type: "trailer", vaultId, epoch, id }, length);
  const last = items.at(-1)!;
  const end = last.offset + last.sealed.length;
  const bytes = new Uint8Array(ladderSize(end + directory.length + trailer.length));
  bytes.set(fileHeader("pack"));
  for (const { offset, sealed } of items) bytes.set(sealed, offset);
  const fillEnd = bytes.length - trailer.length - directory.length;
  bytes.set(primitives.random(fillEnd - end), end);
  bytes.set(concatBytes(directory, trailer), fillEnd);
  return bytes;
}

/** A random order (Fisher and Yates), with offsets to match. */
function shuffle(primitives: Primitives, items: readonly Item[]): Item[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = new DataView(primitives.random(4).buffer).getUint32(0) % (i + 1);
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  let offset = HEADER_BYTES;
  for (const item of mixed) {
    item.offset = offset;
    offset += item.sealed.length;
  }
  return mixed;
}
