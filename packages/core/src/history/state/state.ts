import { bytesToHex, hexToBytes, type Primitives } from "../../base/index.ts";
import {
  contentRoot,
  deriveKey,
  directoryEntries,
  entryKey,
  newestKey,
  PackReader,
  stateSpec,
  type KeyEntry,
  type Ref,
  type Snapshot,
  type Vault,
} from "../../vault/index.ts";
import type { Placed } from "../rows/row.ts";
import type { RowKeys } from "../rows/segment.ts";
import { readDeltaIndex, readDeltaRows, type DeltaIndex } from "./delta.ts";
import type { Chosen } from "./choices.ts";
import type { ForgetRule } from "./rules.ts";
import {
  addSummaries,
  emptySummary,
  readManifest,
  readTree,
  type Manifest,
  type Summary,
  type TreeEntry,
} from "./manifest.ts";

/** The root of a snapshot: FORMAT.md, "Roots". */
export interface Root extends Chosen {
  /** The list of collections that have a manifest, and the generation of the key that seals it. */
  readonly tree: { readonly ref: Ref; readonly epoch: number } | null;
  /** Ids of the open deltas, oldest first. */
  readonly deltas: readonly string[];
  /** Numbers of heads whose snapshots were given up; their heads stay. */
  readonly forgotten: readonly number[];
  /** Packs that a prune gave up and that are still there, and when it did. */
  readonly dead: readonly DeadPacks[];
  /** Messages that were forgotten, and that no backup brings back; absent if none were. */
  readonly rules?: readonly ForgetRule[] | undefined;
  /** Ids of chats out of which the window of a plan takes nothing; absent if none were chosen. */
  readonly keptForEver?: readonly string[] | undefined;
}

/** Packs that no later head may name again. */
export interface DeadPacks {
  readonly since: number;
  readonly head: number;
  readonly packs: readonly string[];
}

export const emptyRoot: Root = { tree: null, deltas: [], forgotten: [], dead: [] };

/** The content root of a vault that holds nothing. */
export function emptyContentRoot(primitives: Primitives): string {
  return bytesToHex(contentRoot(primitives, new Map()));
}

/** A snapshot with its lists of collections and deltas loaded: what every verb starts from. */
export interface History {
  readonly vault: Vault;
  readonly snapshot: Snapshot;
  readonly root: Root;
  /** Every key entry, by id. */
  readonly entries: ReadonlyMap<string, KeyEntry>;
  /** By collection id. */
  readonly tree: ReadonlyMap<string, TreeEntry>;
  /** Digests of the manifests that the tree names, also of those that were written anew since. */
  readonly named: ReadonlySet<string>;
  readonly deltas: readonly OpenDelta[];
}

export interface OpenDelta {
  readonly entry: KeyEntry;
  readonly index: DeltaIndex;
}

/** Loads a snapshot's lists. Throws `vault.corrupt` or `store.not-found`. */
export async function loadHistory(vault: Vault, snapshot: Snapshot): Promise<History> {
  const { primitives } = vault;
  const root = snapshot.root as Root;
  const reader = new PackReader(vault.store);
  const entries = new Map(directoryEntries(snapshot.directory).map((entry) => [entry.id, entry]));
  const tree =
    root.tree === null
      ? []
      : await readTree(primitives, reader, stateSpec(vault, "tree", root.tree.epoch), root.tree.ref);
  const deltas: OpenDelta[] = [];
  for (const id of root.deltas) {
    const entry = entries.get(id);
    // A delta whose key is gone held nothing but what was forgotten.
    if (entry?.kind !== "delta") continue;
    deltas.push({ entry, index: await readDeltaIndex(primitives, reader, vault.id, entry) });
  }
  const named = new Set<string>();
  const kept = tree.flatMap((each) => {
    const entry = entries.get(each.id);
    return entry === undefined ? [] : [[each.id, asItIsNow(each, entry, named)] as const];
  });
  return { vault, snapshot, root, entries, tree: new Map(kept), named, deltas };
}

/** Where a manifest that was written anew lies now, and its summary: what the tree of an earlier version cannot say. */
function asItIsNow(listed: TreeEntry, { moved = [] }: KeyEntry, named: Set<string>): TreeEntry {
  const next = new Map(moved);
  let entry = listed;
  for (let [, , , digest] = listed.manifest; !named.has(digest); [, , , digest] = entry.manifest) {
    named.add(digest);
    entry = { ...entry, ...(next.get(digest) as MovedManifest | undefined) };
  }
  return entry;
}

/** What a key entry says of a manifest that was written anew. */
export type MovedManifest = Pick<TreeEntry, "epoch" | "manifest" | "summary">;

/** Ids of all collections that hold rows in this snapshot. */
export function collectionIds(history: History): string[] {
  const ids = new Set(history.tree.keys());
  for (const { index } of history.deltas) {
    for (const part of index.parts) if (history.entries.has(part.collection)) ids.add(part.collection);
  }
  return [...ids];
}

/** The collection of the chat of that id; undefined if there is none. */
export function collectionNamed(history: History, name: string): string | undefined {
  return collectionLike(history, { kind: "chat", name });
}

/** The collection of that kind and name; undefined if there is none. */
export function collectionLike(history: History, like: CollectionName): string | undefined {
  return collectionIds(history).find((id) => isLike(history.entries.get(id), like));
}

/** What a collection is known by; its id is its own in every copy of a vault. */
export type CollectionName = Pick<KeyEntry, "kind" | "name">;

/** The collection that holds sources and runs. */
export const sourcesName: CollectionName = { kind: "sources", name: "" };

export function isLike(entry: CollectionName | undefined, { kind, name }: CollectionName): boolean {
  return entry?.kind === kind && entry.name === name;
}

/** Whether the collection is a chat's. */
export function isChat({ entries }: History, collection: string): boolean {
  return entries.get(collection)?.kind === "chat";
}

/** What a collection holds in all. */
export function summaryOf(history: History, collection: string): Summary {
  let summary = history.tree.get(collection)?.summary ?? emptySummary;
  for (const { index } of history.deltas) {
    for (const part of index.parts)
      if (part.collection === collection) summary = addSummaries(summary, part.summary);
  }
  return summary;
}

/** The keys for a collection's rows of one generation; the newest if none is given. */
export function rowKeys(vault: Vault, entry: KeyEntry, epoch?: number): RowKeys {
  const { primitives, id: vaultId } = vault;
  const chosen = epoch === undefined ? newestKey(entry) : entryKey(entry, epoch);
  const first = hexToBytes(entry.keys[0]![1])!;
  return { vaultId, collection: entry.id, ...chosen, saltKey: deriveKey(primitives, first, "salt", vaultId) };
}

/** The manifest of a collection; undefined while all that it holds lies in open deltas. */
export async function manifestOf(history: History, collection: string): Promise<Manifest | undefined> {
  const { vault, tree, entries } = history;
  const listed = tree.get(collection);
  if (listed === undefined) return undefined;
  const keys = rowKeys(vault, entries.get(collection)!, listed.epoch);
  return readManifest(vault.primitives, new PackReader(vault.store), keys, listed.manifest);
}

type DeltaRows = Promise<Map<string, Placed[]>>;

/** So many rows of deltas are kept, and at least those of one. */
const KEPT_ROWS = 64 * 1024;

/** Reads the rows of open deltas, and keeps those that were asked for last: mostly all, as a few thousand are folded. */
export class DeltaCache {
  readonly #history: History;
  /** What was asked for last comes last. */
  readonly #kept = new Map<string, { readonly rows: DeltaRows; readonly count: number }>();

  constructor(history: History) {
    this.#history = history;
  }

  /** A collection's rows in each delta that has some, oldest delta first, each in the order of the log. */
  async rowsOf(collection: string): Promise<Placed[][]> {
    const lists: Placed[][] = [];
    for (const delta of this.#history.deltas) {
      if (!delta.index.parts.some((part) => part.collection === collection)) continue;
      lists.push((await this.#load(delta)).get(collection) ?? []);
    }
    return lists;
  }

  #load({ entry, index }: OpenDelta): DeltaRows {
    const { primitives, store, id: vaultId } = this.#history.vault;
    let known = this.#kept.get(entry.id);
    if (known === undefined) {
      const rows = readDeltaRows(primitives, new PackReader(store), { vaultId, entry, index });
      rows.catch(() => this.#kept.delete(entry.id));
      known = { rows, count: index.parts.reduce((sum, part) => sum + part.rows, 0) };
    }
    this.#kept.delete(entry.id);
    this.#kept.set(entry.id, known);
    this.#letGo();
    return known.rows;
  }

  #letGo(): void {
    let count = [...this.#kept.values()].reduce((sum, each) => sum + each.count, 0);
    for (const [id, each] of this.#kept) {
      if (count <= KEPT_ROWS || this.#kept.size === 1) return;
      this.#kept.delete(id);
      count -= each.count;
    }
  }
}
