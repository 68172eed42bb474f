import {
  bytesToHex,
  concatBytes,
  equalBytes,
  KeepsakeError,
  release,
  textToBytes,
  u32ToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import {
  fileHeader,
  HEADER_BYTES,
  packContent,
  sealedLength,
  sealInto,
  sealObject,
  type ObjectContext,
  type Sealable,
} from "../seal/index.ts";
import { randomName } from "../store/names.ts";
import type { PutOptions, Store } from "../store/store.ts";
import { TRAILER_BYTES, type DirectoryEntry } from "./trailer.ts";
import { ladderSize, LARGEST_PACK_BYTES } from "./ladder.ts";
import type { Ref } from "./ref.ts";

/** The most that the directory takes, as a whole and for each object. */
const DIRECTORY_BYTES = 1024;
const ENTRY_BYTES = 240;
const ROOM_BYTES = LARGEST_PACK_BYTES - HEADER_BYTES - TRAILER_BYTES - DIRECTORY_BYTES;

export interface PackWriterOptions {
  readonly primitives: Primitives;
  readonly store: Store;
  readonly vaultId: Bytes;
  /** Seals the directories of packs. */
  readonly key: Bytes;
  readonly epoch: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether pack follows pack: the memory of a stored one is kept for the next. */
  readonly isSteady?: boolean | undefined;
  /** A pack is closed before it grows beyond this; 16 MiB if absent. Five lanes at a time take half as much memory with half. */
  readonly aimBytes?: number | undefined;
  /** Whether the packs hold the key directory and nothing else. */
  readonly holdsKeys?: boolean | undefined;
  /** Called after each pack is stored. */
  readonly onStored?: ((pack: StoredPack) => Promise<void> | void) | undefined;
}

export interface StoredPack {
  readonly name: string;
  readonly sizeBytes: number;
}

interface Item {
  readonly context: ObjectContext;
  readonly ref: Ref;
  /** Undefined for what is kept for ever. */
  readonly week: number | undefined;
}

/** Files of so many weeks share packs: those of very different ages do not go together, nor stay together. */
const SPAN_WEEKS = 104;
/** What is kept for ever has packs of its own. */
const FOR_EVER = -1;
/** Packs that are gathered side by side hold at most so much more together than one may alone. */
const SIDE_BY_SIDE = 1.5;

/**
 * Gathers sealed objects into packs of up to 16 MiB: FORMAT.md, "Packs". What goes by its age is gathered apart, by
 * spans of two years, which together hold no more than one pack and a half.
 */
export class PackWriter {
  readonly #options: PackWriterOptions;
  /** By span of weeks. */
  readonly #drafts = new Map<number, Draft>();
  #storing: Promise<void> = Promise.resolve();
  /** The memory of a pack that is stored, for the next one. */
  #spare: Bytes | undefined;
  /** Ends when the object before is in its place. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: PackWriterOptions) {
    this.#options = options;
  }

  #draftOf(week: number | undefined): Draft {
    const span = spanOf(week);
    const draft = this.#drafts.get(span) ?? new Draft(this.#options.primitives, largestOf(this.#aimBytes));
    this.#drafts.set(span, draft);
    return draft;
  }

  get #aimBytes(): number {
    return Math.min(this.#options.aimBytes ?? ROOM_BYTES, ROOM_BYTES);
  }

  /** Takes a sealed object in; closes a pack before it where the object does not fit any more. */
  add(context: ObjectContext, sealed: Bytes, digest: string, week?: number): Promise<Ref> {
    return this.#place({ context, digest, week, length: sealed.length }, (place) => place.set(sealed));
  }

  /** Seals an object right where it will lie in its pack. */
  seal(key: Uint8Array, sealable: Sealable, digest: string, week?: number): Promise<Ref> {
    const { context } = sealable;
    return this.#place({ context, digest, week, length: sealedLength(sealable) }, (place) =>
      sealInto(this.#options.primitives, key, sealable, place),
    );
  }

  /** A writer of packs of their own for the key directory, otherwise like this one. */
  forKeys(): PackWriter {
    return new PackWriter({ ...this.#options, holdsKeys: true });
  }

  /** Stores what is left; all that was added is durable afterwards. */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      while (this.#drafts.size > 0) await this.#closeFullest();
      await this.#storing;
      this.#spare = undefined;
    });
  }

  #place(
    { context, digest, week, length }: Omit<Item, "ref"> & { digest: string; length: number },
    fill: (place: Bytes) => Promise<void> | void,
  ): Promise<Ref> {
    const bytes = length + ENTRY_BYTES;
    if (bytes > ROOM_BYTES) throw new KeepsakeError("base.limit", { details: { what: "object" } });
    return this.#inTurn(async () => {
      await this.#makeRoom(bytes, week);
      const draft = this.#draftOf(week);
      await fill(draft.next(length, () => this.#takeSpare()));
      return draft.keep({ context, week }, length, digest);
    });
  }

  async #makeRoom(bytes: number, week: number | undefined): Promise<void> {
    const aimBytes = this.#aimBytes;
    const own = this.#drafts.get(spanOf(week));
    if (own !== undefined && own.filledBytes + bytes > aimBytes) await this.#close(spanOf(week), own);
    while (this.#drafts.size > 1 && this.#filledBytes + bytes > aimBytes * SIDE_BY_SIDE)
      await this.#closeFullest();
  }

  /** Of all that is being gathered. */
  get #filledBytes(): number {
    return [...this.#drafts.values()].reduce((sum, { filledBytes }) => sum + filledBytes, 0);
  }

  /** Memory of a whole pack would be too much for each of several. */
  #takeSpare(): Bytes | undefined {
    const spare = this.#spare;
    this.#spare = undefined;
    if (this.#drafts.size === 1 || spare === undefined) return spare;
    release(spare);
    return undefined;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#turn;
    const turn = Promise.withResolvers<void>();
    this.#turn = turn.promise;
    await before;
    try {
      return await work();
    } finally {
      turn.resolve();
    }
  }

  async #closeFullest(): Promise<void> {
    const fullest = [...this.#drafts].sort(([, a], [, b]) => b.filledBytes - a.filledBytes)[0];
    if (fullest !== undefined) await this.#close(...fullest);
  }

  /** One pack is on its way while the next one fills. */
  async #close(span: number, draft: Draft): Promise<void> {
    await this.#storing;
    this.#drafts.delete(span);
    if (draft.items.length === 0) return;
    this.#storing = this.#store(draft);
    this.#storing.catch(() => undefined);
  }

  async #store(draft: Draft): Promise<void> {
    const { store, signal, holdsKeys, onStored } = this.#options;
    const { name, week } = draft;
    const bytes = await draft.finish(this.#options);
    const sizeBytes = bytes.length;
    await putOnce(store, `packs/${name}`, bytes, { signal, holdsKeys, week });
    const isNextSoon = this.#options.isSteady === true && this.#drafts.size <= 1;
    if (isNextSoon && this.#spare === undefined) this.#spare = draft.memory;
    else release(draft.memory);
    await onStored?.({ name, sizeBytes });
  }
}

const FIRST_MEMORY_BYTES = 256 * 1024;

function spanOf(week: number | undefined): number {
  return week === undefined ? FOR_EVER : Math.floor(week / SPAN_WEEKS);
}

/** What a pack takes at most whose objects take so much. */
function largestOf(aimBytes: number): number {
  return ladderSize(aimBytes + HEADER_BYTES + DIRECTORY_BYTES + TRAILER_BYTES);
}

/** A pack while it fills. */
class Draft {
  readonly name: string;
  readonly items: Item[] = [];
  filledBytes = 0;
  memory: Bytes = new Uint8Array(0);
  readonly #largestBytes: number;
  #end = HEADER_BYTES;

  constructor(primitives: Primitives, largestBytes: number) {
    this.name = randomName(primitives);
    this.#largestBytes = largestBytes;
  }

  /** The newest week of what it holds; undefined where any of it is kept for ever. */
  get week(): number | undefined {
    let newest: number | undefined;
    for (const { week } of this.items) {
      if (week === undefined) return undefined;
      newest = Math.max(newest ?? week, week);
    }
    return newest;
  }

  /** The place of the next object. */
  next(length: number, takeSpare: () => Bytes | undefined): Bytes {
    if (this.memory.length === 0) this.memory = takeSpare() ?? this.memory;
    this.#makeRoom(this.#end + length);
    return this.memory.subarray(this.#end, this.#end + length);
  }

  /** Keeps what `next` gave the place for. */
  keep(object: Omit<Item, "ref">, length: number, digest: string): Ref {
    const ref: Ref = [this.name, this.#end, length, digest];
    this.items.push({ ...object, ref });
    this.#end += length;
    this.filledBytes += length + ENTRY_BYTES;
    return ref;
  }

  /** Header, the objects, random fill up to a size of the ladder, directory, trailer. */
  async finish({ primitives, key, vaultId, epoch }: PackWriterOptions): Promise<Bytes> {
    const id = textToBytes(this.name);
    const content = packContent(primitives, textToBytes(JSON.stringify(this.items.map(entryOf))));
    const directoryContext = { type: "pack", vaultId, epoch, id } as const;
    const directory = await sealObject(primitives, key, { context: directoryContext, plain: [content] });
    const trailerContext = { type: "trailer", vaultId, epoch, id } as const;
    const length = u32ToBytes(directory.length);
    const trailer = await sealObject(primitives, key, { context: trailerContext, plain: [length] });
    const total = ladderSize(this.#end + directory.length + trailer.length);
    this.#makeRoom(total);
    const bytes = this.memory.subarray(0, total);
    bytes.set(fileHeader("pack"));
    const fillEnd = total - trailer.length - directory.length;
    bytes.set(primitives.random(fillEnd - this.#end), this.#end);
    bytes.set(concatBytes(directory, trailer), fillEnd);
    return bytes;
  }

  #makeRoom(length: number): void {
    if (length <= this.memory.length) return;
    // All at once where it is not small: systems give memory as it is filled, while growing would copy it each time.
    const grownBytes =
      length <= FIRST_MEMORY_BYTES ? FIRST_MEMORY_BYTES : Math.max(length, this.#largestBytes);
    const grown = new Uint8Array(grownBytes);
    grown.set(this.memory);
    release(this.memory);
    this.memory = grown;
  }
}

function entryOf({ ref: [, offset, bytes], context }: Item): DirectoryEntry {
  const collection = bytesToHex(context.collection ?? new Uint8Array(0));
  return [offset, bytes, context.type, collection, context.epoch, bytesToHex(context.id)];
}

/** Puts an object whose name nobody else can have; "exists" then means that an earlier try went through unseen. */
async function putOnce(store: Store, name: string, bytes: Bytes, options: PutOptions): Promise<void> {
  if ((await store.put(name, bytes, options)) === "stored") return;
  const there = await store.get(name, undefined, options);
  if (there === undefined || !equalBytes(there, bytes))
    throw new KeepsakeError("store.exists", { retry: "now" });
}
