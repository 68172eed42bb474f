import type { Report } from "../../base/index.ts";
import { contentDigest } from "../../model/index.ts";
import { emptyLog, PackReader, type Snapshot } from "../../vault/index.ts";
import { readAttachmentTable, type StoredAttachment } from "../rows/attachments.ts";
import { writeAttachmentTable } from "../rows/write-attachments.ts";
import { compareRows, mergeSorted } from "../rows/order.ts";
import { atPlace, comparePlaces, isMessageRow, type MessageRow, type Placed } from "../rows/row.ts";
import type { RowKeys, Segment } from "../rows/segment.ts";
import { describeRows, writeSegment } from "../rows/write-segment.ts";
import { readDeltaAttachments } from "../state/delta.ts";
import { writeDelta, type DeltaDraft } from "../state/write-delta.ts";
import { addSummaries, emptySummary, type Manifest } from "../state/manifest.ts";
import { manifestOf, rowKeys, summaryOf, type History } from "../state/state.ts";
import { logOf } from "../write/logs.ts";
import { newBatch, type Batch } from "../write/batch.ts";
import { commitBatch } from "../write/commit.ts";
import { SEGMENT_ROWS } from "../write/segments.ts";

/** More open deltas make opening slow. */
const MAX_DELTAS = 32;
/** Deltas are folded into segments once they hold as many rows: whoever reads a history holds all of these at once. */
const FOLD_ROWS = 20_000;
/**
 * What is added takes along up to so many times as many rows that lie before it, and is written with them as one: so
 * pieces stay few, and no row is written anew more than a few times, however often a little is added.
 */
const TAIL_SHARE = 4;
/** A second order of as large a share is merged into the first. */
const LATE_SHARE = 0.1;

/** What a compaction would do; the content stays what it is. */
export type CompactPlan = "nothing" | "merge-deltas" | "fold";

export function planCompact(history: History): CompactPlan {
  const count = history.deltas.length;
  if (count <= 1) return "nothing";
  const rows = history.deltas.flatMap(({ index }) => index.parts).reduce((sum, part) => sum + part.rows, 0);
  if (rows > FOLD_ROWS) return "fold";
  return count > MAX_DELTAS ? "merge-deltas" : "nothing";
}

/** Carries out the plan as a version with the same content root, and reports each chat. */
export async function compact(
  history: History,
  plan: Exclude<CompactPlan, "nothing">,
  report?: Report,
): Promise<Snapshot | "raced"> {
  const batch = newBatch(history);
  let chats = 0;
  const onChat = (): void => report?.({ type: "progress", stage: "compact", done: { chats: ++chats } });
  for (const { entry } of history.deltas) batch.closed.add(entry.id);
  if (plan === "fold") await foldAll(batch, onChat);
  else await mergeDeltas(batch, onChat);
  return commitBatch(batch, { verb: "compact" });
}

/** All open deltas as one: their rows of a collection follow each other in its log. */
async function mergeDeltas(batch: Batch, onChat: () => void): Promise<void> {
  const { history, deltas, state } = batch;
  const { primitives, id: vaultId } = history.vault;
  const files = await deltaAttachments(history);
  const collections = touchedCollections(history);
  const drafts: DeltaDraft[] = [];
  for (const collection of collections) {
    const parts = history.deltas.flatMap(({ index }) =>
      index.parts.filter((part) => part.collection === collection),
    );
    drafts.push({
      collection,
      rows: (await deltas.rowsOf(collection)).flat(),
      leaf: parts[0]!.leaf,
      logRoot: parts.at(-1)!.logRoot,
      attachments: files.get(collection) ?? [],
      summary: parts.reduce((sum, part) => addSummaries(sum, part.summary), emptySummary),
    });
    onChat();
  }
  batch.buffer.written.push(await writeDelta(primitives, state, { vaultId }, drafts));
}

async function foldAll(batch: Batch, onChat: () => void): Promise<void> {
  const files = await deltaAttachments(batch.history);
  for (const collection of touchedCollections(batch.history)) {
    await foldCollection(batch, collection, files.get(collection) ?? []);
    onChat();
  }
}

/** Those of the newest delta first: what lies together in a large one is read together. */
function touchedCollections({ deltas, entries }: History): Set<string> {
  const all = deltas.toReversed().flatMap(({ index }) => index.parts.map((part) => part.collection));
  return new Set(all.filter((collection) => entries.has(collection)));
}

async function deltaAttachments(history: History): Promise<Map<string, StoredAttachment[]>> {
  const { vault, deltas } = history;
  const reader = new PackReader(vault.store);
  const all = new Map<string, StoredAttachment[]>();
  for (const { entry, index } of deltas) {
    const rows = await readDeltaAttachments(vault.primitives, reader, { vaultId: vault.id, entry, index });
    for (const [collection, files] of rows) all.set(collection, [...(all.get(collection) ?? []), ...files]);
  }
  return all;
}

async function foldCollection(
  batch: Batch,
  collection: string,
  files: readonly StoredAttachment[],
): Promise<void> {
  const { history, deltas } = batch;
  const keys = rowKeys(history.vault, history.entries.get(collection)!);
  const manifest = (await manifestOf(history, collection)) ?? emptyManifest;
  const log = await logOf(history, deltas, collection);
  const rows = (await deltas.rowsOf(collection)).flat();
  const fold = new Fold(batch, keys, collection);
  const orders = await fold.messages(manifest, rows.filter(isMessageRow).sort(compareRows));
  const notes = await fold.notes(
    manifest,
    rows.filter((row) => !isMessageRow(row)),
  );
  const attachments = await fold.attachments(manifest, files);
  const folded: Manifest = { log, notes, ...orders, attachments };
  batch.manifests.set(collection, { manifest: folded, summary: summaryOf(history, collection) });
}

const emptyManifest: Manifest = { log: emptyLog, notes: [], messages: [], late: [], attachments: [] };

/** Folds one collection's rows into its segments. */
class Fold {
  readonly #batch: Batch;
  readonly #keys: RowKeys;
  readonly #collection: string;

  constructor(batch: Batch, keys: RowKeys, collection: string) {
    this.#batch = batch;
    this.#keys = keys;
    this.#collection = collection;
  }

  /**
   * Messages after all others continue the first order, from its last segment if that is not full; the rest join the
   * second order. Where that has become large, both are written anew as one.
   */
  async messages(
    manifest: Manifest,
    rows: readonly Placed<MessageRow>[],
  ): Promise<Pick<Manifest, "messages" | "late">> {
    const last = manifest.messages.at(-1)?.last ?? null;
    const end = last && atPlace(last);
    const isAfter = (row: Placed<MessageRow>): boolean => end === null || comparePlaces(row.message, end) > 0;
    const [after, late] = [rows.filter(isAfter), rows.filter((row) => !isAfter(row))];
    const rowsOf = (segments: readonly Segment[]): number =>
      segments.reduce((sum, { rows: count }) => sum + count, 0);
    const lateRows = rowsOf(manifest.late) + late.length;
    if (lateRows > rowsOf(manifest.messages) * LATE_SHARE && lateRows > SEGMENT_ROWS) {
      const lists = [this.#read(manifest.messages), this.#read(manifest.late), listed(rows)];
      return { messages: await this.#write(mergeSorted(lists)), late: [] };
    }
    return {
      messages: await this.#append(manifest.messages, after),
      late:
        late.length === 0
          ? manifest.late
          : await this.#write(mergeSorted([this.#read(manifest.late), listed(late)])),
    };
  }

  /** Small and few: all in one segment. */
  async notes(manifest: Manifest, rows: readonly Placed[]): Promise<readonly Segment[]> {
    if (rows.length === 0) return manifest.notes;
    const all: Placed[] = [];
    for (const segment of manifest.notes)
      all.push(...(await this.#batch.reader.segment(this.#collection, segment)));
    const { primitives } = this.#batch.history.vault;
    return [
      await writeSegment(
        primitives,
        [this.#batch.state],
        this.#keys,
        describeRows(primitives, [...all, ...rows], []),
      ),
    ];
  }

  async attachments(
    manifest: Manifest,
    files: readonly StoredAttachment[],
  ): Promise<Manifest["attachments"]> {
    if (files.length === 0) return manifest.attachments;
    const { vault, entries } = this.#batch.history;
    const reader = new PackReader(vault.store);
    const all: StoredAttachment[] = [];
    const kept = manifest.attachments.length - tailLength(manifest.attachments, files.length);
    for (const { ref, epoch } of manifest.attachments.slice(kept)) {
      const keys = rowKeys(vault, entries.get(this.#collection)!, epoch);
      all.push(...(await readAttachmentTable(vault.primitives, reader, keys, ref)));
    }
    all.push(...files);
    const ref = await writeAttachmentTable(vault.primitives, this.#batch.state, this.#keys, all);
    return [...manifest.attachments.slice(0, kept), { epoch: this.#keys.epoch, ref, rows: all.length }];
  }

  async #append(
    segments: readonly Segment[],
    rows: readonly Placed<MessageRow>[],
  ): Promise<readonly Segment[]> {
    if (rows.length === 0) return segments;
    const kept = segments.length - tailLength(segments, rows.length);
    const tail = this.#read(segments.slice(kept));
    return [...segments.slice(0, kept), ...(await this.#write(mergeSorted([tail, listed(rows)])))];
  }

  async *#read(segments: readonly Segment[]): AsyncGenerator<Placed<MessageRow>> {
    for (const segment of segments) {
      for (const row of await this.#batch.reader.segment(this.#collection, segment))
        if (isMessageRow(row)) yield row;
    }
  }

  async #write(rows: AsyncIterable<Placed<MessageRow>>): Promise<Segment[]> {
    const segments: Segment[] = [];
    let held: Placed<MessageRow>[] = [];
    for await (const row of rows) {
      const isFull = held.length >= SEGMENT_ROWS;
      if (isFull && comparePlaces(held.at(-1)!.message, row.message) !== 0) {
        segments.push(await this.#segment(held));
        held = [];
      }
      held.push(row);
    }
    if (held.length > 0) segments.push(await this.#segment(held));
    return segments;
  }

  #segment(rows: readonly Placed<MessageRow>[]): Promise<Segment> {
    const { primitives } = this.#batch.history.vault;
    const digests = rows.map((row) => contentDigest(row.message, primitives));
    return writeSegment(primitives, this.#batch.lanes, this.#keys, describeRows(primitives, rows, digests));
  }
}

/** How many of the last pieces are written anew with so many more rows. */
function tailLength(pieces: readonly { readonly rows: number }[], more: number): number {
  let [length, rows] = [0, more];
  for (const piece of pieces.toReversed()) {
    if (piece.rows >= SEGMENT_ROWS || piece.rows > TAIL_SHARE * rows) break;
    rows += piece.rows;
    length++;
  }
  return length;
}

// oxlint-disable-next-line typescript/require-await -- one of several lists, the others come from the store
async function* listed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
