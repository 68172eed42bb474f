import { bytesToHex, type Report } from "../../base/index.ts";
import { packWriter, type KeyEntry, type PackWriter, type StoredPack } from "../../vault/index.ts";
import { LANES } from "../rows/row.ts";
import type { RowSealer } from "../rows/seal-rows.ts";
import type { Manifest, Summary } from "../state/manifest.ts";
import { collectionLike, DeltaCache, isLike, type CollectionName, type History } from "../state/state.ts";
import { RowReader } from "../rows/read.ts";
import type { Resume } from "./resume.ts";
import { DeltaBuffer } from "./delta-buffer.ts";

export interface BatchOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
  readonly onStored?: ((pack: StoredPack) => Promise<void> | void) | undefined;
  readonly resume?: Resume | undefined;
  /** Where segments are sealed; in place if absent. */
  readonly seal?: RowSealer | undefined;
}

/** What one new version is written with: its packs, and the lists that it changes. */
export interface Batch {
  readonly history: History;
  readonly reader: RowReader;
  readonly deltas: DeltaCache;
  /** One writer a lane, so that segments of one lane lie side by side. */
  readonly lanes: readonly PackWriter[];
  /** Deltas, manifests, trees, and at last the root. */
  readonly state: PackWriter;
  readonly files: PackWriter;
  readonly buffer: DeltaBuffer;
  /** Manifests written anew, by collection. */
  readonly manifests: Map<string, { readonly manifest: Manifest; readonly summary: Summary }>;
  /** Key entries that are new or changed, by id. */
  readonly entries: Map<string, KeyEntry>;
  /** Deltas that this version does not list any more. */
  readonly closed: Set<string>;
  readonly options: BatchOptions;
}

export function newBatch(history: History, options: BatchOptions = {}): Batch {
  const { vault } = history;
  const { signal, onStored } = options;
  const deltas = new DeltaCache(history);
  const state = packWriter(vault, { signal, onStored });
  return {
    history,
    deltas,
    reader: new RowReader(history, deltas),
    lanes: Array.from({ length: LANES }, () =>
      packWriter(vault, { signal, onStored, aimBytes: LANE_PACK_BYTES }),
    ),
    state,
    files: packWriter(vault, { signal, onStored }),
    buffer: new DeltaBuffer(vault.primitives, state, vault.id),
    manifests: new Map(),
    entries: new Map(),
    closed: new Set(),
    options,
  };
}

/** Lanes fill their packs side by side: half the size takes half the memory. */
const LANE_PACK_BYTES = 8 * 1024 * 1024;

/** The key entry of the collection; a new one, with a key of its own, if there is none. */
export function ensureCollection(batch: Batch, like: CollectionName): KeyEntry {
  const { vault, entries } = batch.history;
  const known = collectionLike(batch.history, like);
  const fresh = [...batch.entries.values()].find((entry) => isLike(entry, like));
  if (fresh !== undefined) return fresh;
  if (known !== undefined) return entries.get(known)!;
  const { primitives, keyring } = vault;
  const begun = batch.options.resume?.entry(like);
  const entry: KeyEntry = begun ?? {
    id: bytesToHex(primitives.random(16)),
    kind: like.kind,
    name: like.name,
    keys: [[keyring.newest.epoch, bytesToHex(primitives.random(32))]],
  };
  batch.entries.set(entry.id, entry);
  if (begun === undefined) batch.options.resume?.noteEntry(entry);
  return entry;
}
