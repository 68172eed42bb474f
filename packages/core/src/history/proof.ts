import { inSteps, throwIfAborted, type Report } from "../base/index.ts";
import { newestSnapshot, PackReader, readObject, type Vault } from "../vault/index.ts";
import { chatCollections } from "./state/chats.ts";
import { inventory, type InventoryItem } from "./state/inventory.ts";
import { placesOf, readingOf, type Reading, type Readings } from "./readings.ts";
import { sumLeftOut, type Choice, type LeftOut } from "./state/choices.ts";
import { readSources } from "./state/sources.ts";
import { readFolders, summaryOfFolder } from "./state/folders.ts";
import { RowReader } from "./rows/read.ts";
import { loadHistory, summaryOf, type History } from "./state/state.ts";
import { logRoots } from "./write/logs.ts";

/** What a proof says of a chat's stored bytes. */
export interface Verified {
  /** What of it this run has read back: all, a sample, what is new of it, or nothing. */
  readonly now: "whole" | "sampled" | "newPart" | "nothing";
  /** When all of it, and when a sample of it was read back last; absent where this device does not know. */
  readonly whole?: number | undefined;
  readonly sampled?: number | undefined;
}

/** One chat's line, made from what the store holds. */
export interface ChatProof {
  readonly chat: string;
  readonly collection: string;
  readonly messages: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly attachments: number;
  readonly attachmentBytes: number;
  /** The root of the chat's log: it commits to every message, in hex. */
  readonly digest: string;
  readonly verified: Verified;
}

/** One kept folder's line. */
export interface FolderProof {
  readonly name: string;
  readonly format: string;
  readonly collection: string;
  readonly files: number;
  readonly bytes: number;
  /** When the newest of its files was written to, milliseconds. */
  readonly newest: number | null;
  /** The root of the folder's log: it commits to every file in every state, in hex. */
  readonly digest: string;
  readonly verified: Verified;
}

export interface Proof {
  readonly head: number;
  readonly contentRoot: string;
  readonly chats: readonly ChatProof[];
  readonly folders: readonly FolderProof[];
  /** What the owner chose to leave out, and how much that was at the last runs of all sources. */
  readonly leftOut: readonly (Choice & Omit<LeftOut, "choice">)[];
  readonly readBack: { readonly objects: number; readonly bytes: number };
}

export interface ProofOptions {
  /** Names of the packs that the run stored. */
  readonly written: ReadonlySet<string>;
  readonly readings?: Readings | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
}

/**
 * What is read back of what a run has written: all lists and indexes; lanes all up to some hundreds, then one in so
 * many; parts of attachments one in so many.
 */
const LANES_WHOLE = 512;
const LANES_ONE_IN = 8;
const ATTACHMENTS_ONE_IN = 64;

/**
 * Opens the newest version again, from the store alone, and reads back what a run has written.
 * Throws `vault.corrupt` or `store.not-found` where the store does not give back what it was given.
 */
export async function prove(vault: Vault, options: ProofOptions): Promise<Proof> {
  const history = await loadHistory(vault, await newestSnapshot(vault));
  const read = new Map<string, ReadPart>();
  // Where nothing was written, nothing has to be read back.
  const isNew = options.written.size > 0;
  const readBack = isNew ? await readWritten(history, options, read) : { objects: 0, bytes: 0 };
  noteDeltas(read, history, options.written);
  const line = lines(history, read, options);
  const chats = chatCollections(history).map((collection): ChatProof => {
    const chat = history.entries.get(collection)!.name;
    return { chat, collection, ...summaryOf(history, collection), ...line(collection) };
  });
  const reader = new RowReader(history);
  const folders = (await readFolders(reader)).map(
    ({ source: { name, format }, collection, entries }): FolderProof => {
      return { name, format, collection, ...summaryOfFolder(entries), ...line(collection) };
    },
  );
  const { number, contentRoot } = history.snapshot.head;
  return { head: number, contentRoot, chats, folders, leftOut: await leftOutOf(reader), readBack };
}

/** Every choice, with what it left out of each source at its last run. */
async function leftOutOf(reader: RowReader): Promise<Proof["leftOut"]> {
  const { choices = [] } = reader.history.root;
  if (choices.length === 0) return [];
  const { sources, runs } = await readSources(reader);
  const last = [...sources.keys()].flatMap(
    (id) => runs.findLast(({ source }) => source === id)?.leftOut ?? [],
  );
  const sums = new Map(sumLeftOut(last).map((sum) => [sum.choice, sum]));
  return choices.map((choice) => {
    const { messages = 0, files = 0, bytes = 0 } = sums.get(choice.id) ?? {};
    return { ...choice, messages, files, bytes };
  });
}

/** What a run has written and read of a chat. */
interface ReadPart {
  isFresh: boolean;
  /** Whether some of it lay there before. */
  isOld: boolean;
  /** Whether some of what is fresh was not read. */
  isSampled: boolean;
}

async function readWritten(
  history: History,
  { written, signal, report }: ProofOptions,
  read: Map<string, ReadPart>,
): Promise<Proof["readBack"]> {
  const { vault } = history;
  const done = { objects: 0, bytes: 0 };
  const sample = new Sample();
  report?.({ type: "stage", stage: "verify" });
  const tell = inSteps(report, "verify");
  const readers = new Map<string, PackReader>();
  for await (const item of inventory(history, rethrow)) {
    throwIfAborted(signal);
    const isFresh = written.has(item.ref[0]);
    const isTaken = isFresh && sample.takes(item);
    if (item.collection !== undefined)
      notePart(read, item.collection, { isFresh, isOld: !isFresh, isSampled: isFresh && !isTaken });
    if (!isTaken) continue;
    const content = await readObject(vault.primitives, readerFor(readers, vault, item), item.spec, item.ref);
    done.objects++;
    done.bytes += content.length;
    tell(done);
  }
  return done;
}

/** What a proof says of a collection, whatever it is. */
function lines(
  history: History,
  read: ReadonlyMap<string, ReadPart>,
  { written, readings }: ProofOptions,
): (collection: string) => { readonly digest: string; readonly verified: Verified } {
  const roots = logRoots(history);
  const now = history.vault.clock.now();
  return (collection) => {
    const state = read.get(collection);
    const places = placesOf(history, collection);
    const before = places.filter(({ pack }) => !written.has(pack)).map(({ place }) => place);
    const known = readingOf(readings, collection, before);
    const verified = verifiedNow(state, known, now);
    const { whole, sampled } = verified;
    if (verified.now !== "nothing")
      readings?.set(collection, { places: places.map(({ place }) => place), whole, sampled });
    return { digest: roots.get(collection)!, verified };
  };
}

/** What is known of a chat after a run: a part that was only sampled makes a sample of the whole. */
function verifiedNow(state: ReadPart | undefined, known: Reading | undefined, now: number): Verified {
  if (state?.isFresh !== true) return { now: "nothing", whole: known?.whole, sampled: known?.sampled };
  if (!state.isOld) return state.isSampled ? { now: "sampled", sampled: now } : { now: "whole", whole: now };
  const sampled = latest(known?.whole, known?.sampled);
  return state.isSampled
    ? { now: "newPart", sampled }
    : { now: "newPart", whole: known?.whole, sampled: known?.sampled };
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function notePart(read: Map<string, ReadPart>, collection: string, part: ReadPart): void {
  const known = read.get(collection) ?? { isFresh: false, isOld: false, isSampled: false };
  read.set(collection, {
    isFresh: known.isFresh || part.isFresh,
    isOld: known.isOld || part.isOld,
    isSampled: known.isSampled || part.isSampled,
  });
}

/** The objects of an open delta belong to all chats that have a part in it. */
function noteDeltas(read: Map<string, ReadPart>, { deltas }: History, written: ReadonlySet<string>): void {
  for (const { entry, index } of deltas) {
    const isFresh = entry.ref !== undefined && written.has(entry.ref[0]);
    for (const { collection } of index.parts)
      notePart(read, collection, { isFresh, isOld: !isFresh, isSampled: false });
  }
}

/** Chooses what is read back. */
class Sample {
  #lanes = 0;
  #attachments = 0;

  takes({ part }: InventoryItem): boolean {
    if (part === "attachment") return this.#attachments++ % ATTACHMENTS_ONE_IN === 0;
    if (part !== "lane") return true;
    const place = this.#lanes++;
    return place < LANES_WHOLE || place % LANES_ONE_IN === 0;
  }
}

function readerFor(
  readers: Map<string, PackReader>,
  { store }: Vault,
  { ref, part }: InventoryItem,
): PackReader {
  const key = part === "lane" ? ref[0] : part;
  const reader =
    readers.get(key) ?? new PackReader(store, { readAheadBytes: part === "attachment" ? 0 : 512 * 1024 });
  readers.set(key, reader);
  return reader;
}

function rethrow(error: unknown): never {
  throw error;
}
