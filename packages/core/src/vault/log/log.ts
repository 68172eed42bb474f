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
const HASH_BYTES = 32;
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
  const start = beginLeaf(salt, 3 * row.length);
  const { written } = encoder.encodeInto(row, scratch.subarray(start));
  return hashOf(primitives, start + written);
}

/** The same of a row that comes as the pieces of its canonical bytes. */
function leafHashOf(primitives: Primitives, salt: Uint8Array, row: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const piece of row) length += piece.length;
  let end = beginLeaf(salt, length);
  for (const piece of row) {
    scratch.set(piece, end);
    end += piece.length;
  }
  return hashOf(primitives, end);
}

/** What stands before a row in its leaf, and room for so much more; where the row begins. */
function beginLeaf(salt: Uint8Array, length: number): number {
  const start = LEAF.length + salt.length;
  if (scratch.length < start + length) scratch = new Uint8Array(start + 2 * length);
  scratch.set(LEAF);
  scratch.set(salt, LEAF.length);
  return start;
}

function hashOf(primitives: Primitives, end: number): Bytes {
  const hash = new Uint8Array(HASH_BYTES);
  primitives.sha256Into(scratch.subarray(0, end), hash);
  return hash;
}

function nodeHash(primitives: Primitives, left: Uint8Array, right: Uint8Array): Bytes {
  scratch.set(NODE);
  scratch.set(left, NODE.length);
  scratch.set(right, NODE.length + left.length);
  return hashOf(primitives, NODE.length + left.length + right.length);
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

/** The root of so many leaves, a power of two, that stand at a multiple of it. */
export interface LogNode {
  readonly size: number;
  readonly hash: Bytes;
}

/** The state after more leaves. The state given is not changed. */
export function appendLeaves(primitives: Primitives, state: LogState, leaves: Iterable<Bytes>): LogState {
  return appendNodes(primitives, state, eachAlone(leaves));
}

function* eachAlone(leaves: Iterable<Bytes>): Generator<LogNode> {
  for (const hash of leaves) yield { size: 1, hash };
}

/** Rows as the pieces of their canonical bytes, and the salts of their leaves. */
export interface SaltedRows {
  readonly salts: Bytes;
  readonly rows: Iterable<readonly Uint8Array[]>;
}

/** The roots of rows that become leaves from `first` on, in as few nodes as there can be. */
export function rootsOfRows(primitives: Primitives, first: number, { salts, rows }: SaltedRows): LogNode[] {
  const nodes: LogNode[] = [];
  let i = -1;
  for (const row of rows) {
    i++;
    const salt = salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES);
    let node: LogNode = { size: 1, hash: leafHashOf(primitives, salt, row) };
    // The node before it begins at first + i + 1 - 2 * size: the two are one where that is a multiple of both.
    while (nodes.at(-1)?.size === node.size && (first + i + 1) % (2 * node.size) === 0) {
      node = { size: 2 * node.size, hash: nodeHash(primitives, nodes.pop()!.hash, node.hash) };
    }
    nodes.push(node);
  }
  return nodes;
}

/** The state after more leaves, of which these are the roots. */
export function appendNodes(primitives: Primitives, state: LogState, nodes: Iterable<LogNode>): LogState {
  const peaks = [...state.peaks];
  let count = state.count;
  for (const { size, hash } of nodes) {
    let root = hash;
    for (let below = size; Math.floor(count / below) % 2 === 1; below *= 2) {
      root = nodeHash(primitives, peaks.pop()!, root);
    }
    peaks.push(root);
    count += size;
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
