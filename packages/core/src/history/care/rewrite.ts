import { PackReader, putEntries, type KeyEntry, type Ref } from "../../vault/index.ts";
import { readAttachmentTable, type StoredAttachment } from "../rows/attachments.ts";
import { writeAttachmentTable } from "../rows/write-attachments.ts";
import type { Placed } from "../rows/row.ts";
import type { Segment } from "../rows/segment.ts";
import { describeRows, writeSegment } from "../rows/write-segment.ts";
import { readDeltaAttachments, readDeltaIndex, readDeltaRows, type DeltaIndex } from "../state/delta.ts";
import { writeDelta, type DeltaDraft } from "../state/write-delta.ts";
import { addSummaries, emptySummary, writeManifest, type Manifest, type Summary } from "../state/manifest.ts";
import { closedDeltas, keptHistories } from "../state/snapshots.ts";
import { manifestOf, rowKeys, type History, type MovedManifest } from "../state/state.ts";
import type { Batch } from "../write/batch.ts";
import { summarize } from "../write/summarize.ts";

/** A segment as it shall be. */
export interface ChangedSegment {
  /** The same one where nothing changes; undefined where nothing is left of it. */
  readonly segment: Segment | undefined;
  /** Rows that become notes. */
  readonly notes: readonly Placed[];
  /** What the messages that stay come to; undefined if they are the same. */
  readonly summary?: Summary;
}

/** What is to change in the rows that kept versions hold. Leaves and logs stay what they are. */
export interface Rewriting {
  /** Whether an object has to be written anew though its content stays. */
  isMoved(ref: Ref): boolean;
  segment(collection: string, segment: Segment): Promise<ChangedSegment>;
  /** Rows of a delta, as many as there are, in their order; the same list where nothing changes. */
  rows(collection: string, rows: readonly Placed[]): Promise<readonly Placed[]>;
  /** A collection's attachments; the same list where nothing changes. */
  files(collection: string, files: readonly StoredAttachment[]): Promise<readonly StoredAttachment[]>;
}

/**
 * Writes manifests and deltas of every kept version anew. Roots, trees and logs stay; the key directory, which is that
 * of all versions, says where the new ones lie. Gives the batch with that directory.
 */
export async function rewriteVersions(
  batch: Batch,
  rewriting: Rewriting,
): Promise<{ batch: Batch; closed: ReadonlySet<string> }> {
  const { history } = batch;
  const rewriter = new Rewriter(batch, rewriting);
  for await (const kept of keptHistories(history)) {
    for (const collection of kept.tree.keys()) await rewriter.manifest(kept, collection);
  }
  const closed = await closedDeltas(history);
  for (const entry of history.entries.values()) {
    if (entry.ref !== undefined && !closed.has(entry.id)) await rewriter.delta(entry);
  }
  return { batch: { ...batch, history: rewriter.rewritten() }, closed };
}

class Rewriter {
  readonly #batch: Batch;
  readonly #rewriting: Rewriting;
  readonly #segments = new Map<string, Promise<ChangedSegment>>();
  /** By the digest of the manifest before. */
  readonly #manifests = new Map<string, MovedManifest | undefined>();
  readonly #entries = new Map<string, KeyEntry>();
  readonly #deltas = new Map<string, DeltaIndex>();

  constructor(batch: Batch, rewriting: Rewriting) {
    this.#batch = batch;
    this.#rewriting = rewriting;
  }

  async manifest(kept: History, collection: string): Promise<void> {
    const before = kept.tree.get(collection)!;
    const digest = before.manifest[3];
    if (this.#manifests.has(digest)) return;
    const now = await this.#changed(kept, collection);
    this.#manifests.set(digest, now);
    if (now === undefined) return;
    const entry = this.#entries.get(collection) ?? kept.entries.get(collection)!;
    this.#entries.set(collection, { ...entry, moved: [...(entry.moved ?? []), [digest, now]] });
  }

  async #changed(kept: History, collection: string): Promise<MovedManifest | undefined> {
    const { summary, manifest: ref } = kept.tree.get(collection)!;
    const manifest = (await manifestOf(kept, collection))!;
    const left: Placed[] = [];
    const sums: (Summary | undefined)[] = [];
    const changeAll = async (segments: readonly Segment[]): Promise<Segment[]> => {
      const changed: Segment[] = [];
      for (const segment of segments) {
        const change = await this.#segment(collection, segment);
        if (change.segment !== undefined) changed.push(change.segment);
        left.push(...change.notes);
        sums.push(change.summary);
      }
      return changed;
    };
    const messages = await changeAll(manifest.messages);
    const late = await changeAll(manifest.late);
    const notes = await changeAll(manifest.notes);
    const files = await this.#files(collection, manifest);
    const after: Manifest = {
      log: manifest.log,
      notes: [...notes, ...(await this.#notes(collection, left))],
      messages,
      late,
      attachments: files?.tables ?? manifest.attachments,
    };
    const isSame = JSON.stringify(listed(after)) === JSON.stringify(listed(manifest));
    if (isSame && !this.#rewriting.isMoved(ref)) return undefined;
    const keys = this.#keys(collection);
    const { primitives } = this.#batch.history.vault;
    const written = await writeManifest(primitives, this.#batch.state, keys, after);
    const counted = { ...summary, ...countMessages(sums), ...files?.counts };
    return { epoch: keys.epoch, manifest: written, summary: counted };
  }

  /** Versions share most of their segments: each is changed once. */
  #segment(collection: string, segment: Segment): Promise<ChangedSegment> {
    const key = segment.lanes.join();
    const known = this.#segments.get(key);
    if (known !== undefined) return known;
    const changed = this.#rewriting.segment(collection, segment);
    this.#segments.set(key, changed);
    return changed;
  }

  async #notes(collection: string, rows: readonly Placed[]): Promise<Segment[]> {
    if (rows.length === 0) return [];
    const { primitives } = this.#batch.history.vault;
    const ordered = rows.toSorted((a, b) => a.leaf - b.leaf);
    const described = describeRows(primitives, ordered, []);
    return [await writeSegment(primitives, [this.#batch.state], this.#keys(collection), described)];
  }

  /** The tables as one, where one of their rows changes; undefined where none does. */
  async #files(
    collection: string,
    { attachments }: Manifest,
  ): Promise<{ tables: Manifest["attachments"]; counts: Partial<Summary> } | undefined> {
    const { vault, entries } = this.#batch.history;
    const { primitives } = vault;
    const reader = new PackReader(vault.store);
    const before: StoredAttachment[] = [];
    for (const { epoch, ref } of attachments) {
      const keys = rowKeys(vault, entries.get(collection)!, epoch);
      before.push(...(await readAttachmentTable(primitives, reader, keys, ref)));
    }
    const after = await this.#rewriting.files(collection, before);
    if (after === before && !attachments.some(({ ref }) => this.#rewriting.isMoved(ref))) return undefined;
    const counts = {
      attachments: after.length,
      attachmentBytes: after.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    };
    if (after.length === 0) return { tables: [], counts };
    const keys = this.#keys(collection);
    const ref = await writeAttachmentTable(primitives, this.#batch.state, keys, after);
    return { tables: [{ epoch: keys.epoch, ref, rows: after.length }], counts };
  }

  async delta(entry: KeyEntry): Promise<void> {
    const { vault, entries } = this.#batch.history;
    const { primitives, id: vaultId } = vault;
    const reader = new PackReader(vault.store);
    const index = await readDeltaIndex(primitives, reader, vaultId, entry);
    const options = { vaultId, entry, index };
    const rows = await readDeltaRows(primitives, reader, options);
    const files = await readDeltaAttachments(primitives, reader, options);
    const refs = [entry.ref!, index.attachments, ...index.lanes];
    let isChanged = refs.some((ref) => ref !== null && this.#rewriting.isMoved(ref));
    const drafts: DeltaDraft[] = [];
    for (const part of index.parts) {
      const { collection } = part;
      const isKnown = entries.has(collection);
      const [oldRows, oldFiles] = [rows.get(collection) ?? [], files.get(collection) ?? []];
      const newRows = isKnown ? await this.#rewriting.rows(collection, oldRows) : oldRows;
      const newFiles = isKnown ? await this.#rewriting.files(collection, oldFiles) : oldFiles;
      isChanged ||= newRows !== oldRows || newFiles !== oldFiles;
      const summary = summarize(newRows, newFiles);
      drafts.push({ ...part, rows: newRows, attachments: newFiles, summary });
    }
    if (!isChanged) return;
    const written = await writeDelta(primitives, this.#batch.state, { vaultId, id: entry.id }, drafts);
    this.#entries.set(entry.id, written.entry);
    this.#deltas.set(entry.id, written.index);
  }

  /** The history as it will be loaded with the new directory. */
  rewritten(): History {
    const { history } = this.#batch;
    const entries = new Map([...history.entries, ...this.#entries]);
    const tree = [...history.tree].map(([id, entry]) => {
      return [id, { ...entry, ...this.#manifests.get(entry.manifest[3]) }] as const;
    });
    const deltas = history.deltas.map(({ entry, index }) => {
      return { entry: entries.get(entry.id)!, index: this.#deltas.get(entry.id) ?? index };
    });
    const directory = putEntries(history.snapshot.directory, [...this.#entries.values()]);
    const snapshot = { ...history.snapshot, directory };
    return { ...history, snapshot, entries, tree: new Map(tree), deltas };
  }

  #keys(collection: string): ReturnType<typeof rowKeys> {
    const { vault, entries } = this.#batch.history;
    return rowKeys(vault, entries.get(collection)!);
  }
}

/** What of a manifest tells whether it is another. */
function listed({ notes, messages, late, attachments }: Manifest): unknown {
  return [notes, messages, late].map((list) => list.map(({ lanes }) => lanes)).concat([attachments] as never);
}

/** The sum of what the changed segments say; nothing where none says anything. */
function countMessages(sums: readonly (Summary | undefined)[]): Partial<Summary> {
  if (sums.every((sum) => sum === undefined)) return {};
  const { messages, first, last } = sums.reduce<Summary>(
    (sum, each) => addSummaries(sum, each ?? emptySummary),
    emptySummary,
  );
  return { messages, first, last };
}
