import { throwIfAborted, type Report } from "../base/index.ts";
import { newestSnapshot, PackReader, readObject, type Vault } from "../vault/index.ts";
import { chatCollections } from "./state/chats.ts";
import { inventory, type InventoryItem } from "./state/inventory.ts";
import { loadHistory, logRoots, summaryOf, type History } from "./state/state.ts";

/** What a proof says of a chat's stored bytes: all read back now, what is new read back now, or read at an earlier time. */
export type Verified = "now" | "newPart" | "earlier";

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

export interface Proof {
  readonly head: number;
  readonly contentRoot: string;
  readonly chats: readonly ChatProof[];
  readonly readBack: { readonly objects: number; readonly bytes: number };
}

export interface ProofOptions {
  /** Names of the packs that the run stored. */
  readonly written: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
}

/** One attachment's part in so many is read back; of everything else that was written, all. */
const ATTACHMENTS_ONE_IN = 64;

/**
 * Opens the newest version again, from the store alone, and reads back what a run has written.
 * Throws `vault.corrupt` or `store.not-found` where the store does not give back what it was given.
 */
export async function prove(vault: Vault, options: ProofOptions): Promise<Proof> {
  const history = await loadHistory(vault, await newestSnapshot(vault));
  const freshByChat = new Map<string, Verified>();
  // Where nothing was written, nothing has to be read back.
  const isNew = options.written.size > 0;
  const readBack = isNew ? await readWritten(history, options, freshByChat) : { objects: 0, bytes: 0 };
  noteDeltas(freshByChat, history, options.written);
  const chats = proofLines(history, freshByChat);
  const { number, contentRoot } = history.snapshot.head;
  return { head: number, contentRoot, chats, readBack };
}

async function readWritten(
  history: History,
  { written, signal, report }: ProofOptions,
  freshByChat: Map<string, Verified>,
): Promise<Proof["readBack"]> {
  const { vault } = history;
  const done = { objects: 0, bytes: 0 };
  const readers = new Map<string, PackReader>();
  for await (const item of inventory(history, rethrow)) {
    throwIfAborted(signal);
    const isFresh = written.has(item.ref[0]);
    if (item.collection !== undefined) noteFresh(freshByChat, item.collection, isFresh);
    if (!isFresh || !isRead(item, done.objects++)) continue;
    const content = await readObject(vault.primitives, readerFor(readers, vault, item), item.spec, item.ref);
    done.bytes += content.length;
    if (done.objects % 256 === 0) report?.({ type: "progress", stage: "verify", done: { ...done } });
  }
  return done;
}

function proofLines(history: History, freshByChat: ReadonlyMap<string, Verified>): ChatProof[] {
  const roots = logRoots(history);
  return chatCollections(history).map((collection) => ({
    chat: history.entries.get(collection)!.name,
    collection,
    ...summaryOf(history, collection),
    digest: roots.get(collection)!,
    verified: freshByChat.get(collection) ?? "earlier",
  }));
}

function noteFresh(freshByChat: Map<string, Verified>, collection: string, isFresh: boolean): void {
  const before = freshByChat.get(collection);
  const now: Verified = isFresh ? "now" : "earlier";
  freshByChat.set(collection, before === undefined || before === now ? now : "newPart");
}

/** The objects of an open delta belong to all chats that have a part in it. */
function noteDeltas(
  freshByChat: Map<string, Verified>,
  { deltas }: History,
  written: ReadonlySet<string>,
): void {
  for (const { entry, index } of deltas) {
    const isFresh = entry.ref !== undefined && written.has(entry.ref[0]);
    for (const { collection } of index.parts) noteFresh(freshByChat, collection, isFresh);
  }
}

function isRead({ part }: InventoryItem, count: number): boolean {
  return part !== "attachment" || count % ATTACHMENTS_ONE_IN === 0;
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
