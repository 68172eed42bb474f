import {
  bytesToHex,
  concatBytes,
  hexToBytes,
  KeepsakeError,
  u64ToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";

/*
 * FORMAT.md, "Commitments": every row of a collection is a leaf of an append-only log, a Merkle mountain range.
 * The salt of a leaf keeps what it commits to from being guessed when its neighbours are shown.
 */
const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);
const BAG = new Uint8Array([2]);
export const SALT_BYTES = 16;

/** A log's state: how many leaves, and the roots of its mountains from the largest to the smallest. */
export interface LogState {
  readonly count: number;
  readonly peaks: readonly Bytes[];
}

export const emptyLog: LogState = { count: 0, peaks: [] };

/** What leaves and nodes are put together in, one at a time: a million of them need no million buffers. */
let scratch: Bytes = new Uint8Array(4096);
const encoder = new TextEncoder();

/** The leaf of a row, given as its canonical text. */
export function leafHash(primitives: Primitives, salt: Uint8Array, row: string): Bytes {
  const start = LEAF.length + salt.length;
  if (scratch.length < start + 3 * row.length) scratch = new Uint8Array(start + 6 * row.length);
  scratch.set(LEAF);
  scratch.set(salt, LEAF.length);
  const { written } = encoder.encodeInto(row, scratch.subarray(start));
  return primitives.sha256(scratch.subarray(0, start + written));
}

function nodeHash(primitives: Primitives, left: Uint8Array, right: Uint8Array): Bytes {
  scratch.set(NODE);
  scratch.set(left, NODE.length);
  scratch.set(right, NODE.length + left.length);
  return primitives.sha256(scratch.subarray(0, NODE.length + left.length + right.length));
}

/** The salts of leaves from `first` on, 16 bytes each, as one piece of the collection's salt stream. */
export function leafSalts(
  primitives: Primitives,
  saltKey: Bytes,
  first: number,
  count: number,
): Promise<Bytes> {
  return primitives.keystream(saltKey, first, count * SALT_BYTES);
}

/** The state after more leaves. The state given is not changed. */
export function appendLeaves(primitives: Primitives, state: LogState, leaves: Iterable<Bytes>): LogState {
  const peaks = [...state.peaks];
  let count = state.count;
  for (const leaf of leaves) {
    let node = leaf;
    for (let size = count; size % 2 === 1; size = (size - 1) / 2) {
      node = nodeHash(primitives, peaks.pop()!, node);
    }
    peaks.push(node);
    count++;
  }
  return { count, peaks };
}

/** One hash for the whole log: its count, then its peaks. */
export function logRoot(primitives: Primitives, state: LogState): Bytes {
  return primitives.sha256(concatBytes(BAG, u64ToBytes(state.count), ...state.peaks));
}

export interface LogJson {
  readonly count: number;
  readonly peaks: readonly string[];
}

export function logToJson(state: LogState): LogJson {
  return { count: state.count, peaks: state.peaks.map(bytesToHex) };
}

/** Throws `vault.corrupt` if the count and the peaks do not fit. */
export function logFromJson(json: LogJson): LogState {
  const peaks = json.peaks.map((peak) => hexToBytes(peak));
  const wanted = json.count.toString(2).replaceAll("0", "").length;
  if (peaks.length !== wanted || peaks.some((peak) => peak?.length !== 32)) {
    throw new KeepsakeError("vault.corrupt", { details: { what: "log" } });
  }
  return { count: json.count, peaks: peaks as Bytes[] };
}

/**
 * The content root of a vault: over all collections in the order of their ids, each with its log's root.
 * It stays the same when the same content is stored in another way.
 */
export function contentRoot(primitives: Primitives, logs: ReadonlyMap<string, Bytes>): Bytes {
  const leaves = [...logs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, root]) => {
      return primitives.sha256(concatBytes(LEAF, hexToBytes(id)!, root));
    });
  return logRoot(primitives, appendLeaves(primitives, emptyLog, leaves));
}
