import { hexToBytes } from "../../base/index.ts";
import {
  directoryRefs,
  isDamage,
  PackReader,
  stateSpec,
  type ObjectSpec,
  type Ref,
} from "../../vault/index.ts";
import { attachmentRefs, readAttachmentTable, type StoredAttachment } from "../rows/attachments.ts";
import { LANES } from "../rows/row.ts";
import type { RowKeys, Segment } from "../rows/segment.ts";
import { deltaSpec, readDeltaAttachments } from "./delta.ts";
import type { Manifest } from "./manifest.ts";
import { keptHistories, listSnapshots } from "./snapshots.ts";
import { manifestOf, rowKeys, type History, type OpenDelta } from "./state.ts";

/** Every object that the kept versions need, each once: the newest version's first. */
export async function* keptInventory(
  history: History,
  onError: (error: unknown, collection: string | undefined) => void,
): AsyncGenerator<InventoryItem> {
  const seen = new Set<string>();
  const isNew = ({ ref: [pack, offset] }: InventoryItem): boolean => {
    const size = seen.size;
    return seen.add(`${pack} ${offset}`).size > size;
  };
  // Roots first: a version whose root is damaged has nothing else to show.
  for await (const { head, isForgotten } of listSnapshots(history)) {
    const root = {
      ref: head.root,
      spec: stateSpec(history.vault, "root", head.epoch),
      part: "state",
    } as const;
    if (!isForgotten && isNew(root)) yield root;
  }
  for await (const kept of keptHistories(history, (error) => onError(error, undefined))) {
    for await (const item of inventory(kept, onError)) {
      // The newest key directory opens every version: older ones are not needed.
      const isOldDirectory =
        kept !== history && (item.spec.type === "directory" || item.spec.type === "page");
      if (!isOldDirectory && isNew(item)) yield item;
    }
  }
}

/** One object that a snapshot needs: where it lies, what opens it, and whose it is. */
export interface InventoryItem {
  readonly ref: Ref;
  readonly spec: ObjectSpec;
  readonly part: "state" | "manifest" | "lane" | "attachments" | "attachment" | "delta";
  /** Of a part of a file that may go by its age: the week that it is from. */
  readonly week?: number | undefined;
  /** The collection that loses something without it; none for what belongs to all. */
  readonly collection?: string;
}

/**
 * Every object of a snapshot, from the root down. The damage of lists is handed to `onError`, and they are passed over,
 * so that one damaged object does not hide the rest.
 */
export async function* inventory(
  history: History,
  onError: (error: unknown, collection: string | undefined) => void,
): AsyncGenerator<InventoryItem> {
  yield* stateItems(history);
  for (const [collection, entry] of history.tree) {
    const keys = rowKeys(history.vault, history.entries.get(collection)!, entry.epoch);
    yield { ref: entry.manifest, spec: specOf("manifest", keys), part: "manifest", collection };
    try {
      const manifest = (await manifestOf(history, collection))!;
      yield* manifestItems(history, collection, manifest);
    } catch (error) {
      if (!isDamage(error)) throw error;
      onError(error, collection);
    }
  }
  for (const delta of history.deltas) {
    try {
      yield* deltaItems(history, delta);
    } catch (error) {
      if (!isDamage(error)) throw error;
      onError(error, undefined);
    }
  }
}

function* stateItems({ vault, snapshot, root }: History): Generator<InventoryItem> {
  const { head, directory } = snapshot;
  yield { ref: head.root, spec: stateSpec(vault, "root", head.epoch), part: "state" };
  for (const { ref, type } of directoryRefs(head.directory, directory)) {
    yield { ref, spec: stateSpec(vault, type, head.epoch), part: "state" };
  }
  if (root.tree !== null)
    yield { ref: root.tree.ref, spec: stateSpec(vault, "tree", root.tree.epoch), part: "state" };
}

/** The segments of a manifest, whatever order they belong to. */
function allSegments(manifest: Manifest): Segment[] {
  return [...manifest.notes, ...manifest.messages, ...manifest.late];
}

async function* manifestItems(
  history: History,
  collection: string,
  manifest: Manifest,
): AsyncGenerator<InventoryItem> {
  const entry = history.entries.get(collection)!;
  for (let lane = 0; lane < LANES; lane++) {
    for (const segment of allSegments(manifest)) {
      const ref = segment.lanes[lane];
      if (ref === null || ref === undefined) continue;
      yield {
        ref,
        spec: specOf("lane", rowKeys(history.vault, entry, segment.epoch)),
        part: "lane",
        collection,
      };
    }
  }
  const reader = new PackReader(history.vault.store);
  for (const { ref, epoch } of manifest.attachments) {
    const keys = rowKeys(history.vault, entry, epoch);
    yield { ref, spec: specOf("attachments", keys), part: "attachments", collection };
    const rows = await readAttachmentTable(history.vault.primitives, reader, keys, ref);
    yield* attachmentItems(history, collection, rows);
  }
}

async function* deltaItems(history: History, { entry, index }: OpenDelta): AsyncGenerator<InventoryItem> {
  const { vault } = history;
  const spec = (type: Parameters<typeof deltaSpec>[2]): ObjectSpec => deltaSpec(vault.id, entry, type);
  yield { ref: entry.ref!, spec: spec("delta"), part: "delta" };
  for (const ref of index.lanes) if (ref !== null) yield { ref, spec: spec("lane"), part: "delta" };
  if (index.attachments === null) return;
  yield { ref: index.attachments, spec: spec("attachments"), part: "delta" };
  const reader = new PackReader(vault.store);
  const byCollection = await readDeltaAttachments(vault.primitives, reader, {
    vaultId: vault.id,
    entry,
    index,
  });
  for (const [collection, rows] of byCollection) {
    if (history.entries.has(collection)) yield* attachmentItems(history, collection, rows);
  }
}

function* attachmentItems(
  { vault }: History,
  collection: string,
  rows: readonly StoredAttachment[],
): Generator<InventoryItem> {
  for (const row of rows) {
    const spec: ObjectSpec = { type: "attachment", vaultId: vault.id, key: hexToBytes(row.key)!, epoch: 0 };
    const { week } = row;
    for (const ref of attachmentRefs(row)) yield { ref, spec, part: "attachment", collection, week };
  }
}

function specOf(type: "manifest" | "lane" | "attachments", keys: RowKeys): ObjectSpec {
  const { vaultId, collection, key, epoch } = keys;
  return { type, vaultId, key, epoch, collection };
}
