import { hexToBytes, KeepsakeError, type Bytes, type Primitives } from "../../base/index.ts";
import {
  addObject,
  appendLeaves,
  decodeTable,
  encodeTable,
  leafHash,
  leafSalts,
  readObject,
  SALT_BYTES,
  type LogState,
  type ObjectSpec,
  type PackReader,
  type PackWriter,
  type Ref,
} from "../../vault/index.ts";
import {
  isMessageRow,
  LANE,
  LANES,
  placeOf,
  rowText,
  rowLanes,
  type Place,
  type Placed,
  type Row,
} from "./row.ts";

/** Lanes are laid down by sort, so that a browser fetches texts and heads alone. */
export type LaneWriters = readonly PackWriter[];

/** Where a run of rows of one collection lies. */
export interface Segment {
  readonly rows: number;
  /** Of the first and the last message; null if it holds none. */
  readonly first: Place | null;
  readonly last: Place | null;
  /** Over the content digests of its messages, in order. */
  readonly digest: string;
  /** The least and the greatest leaf. */
  readonly leaves: readonly [least: number, greatest: number];
  /** The runs that its messages come from. */
  readonly runs: readonly string[];
  /** Generation of the collection's key. */
  readonly epoch: number;
  /** Refs of the lanes; null where a lane is empty. */
  readonly lanes: readonly (Ref | null)[];
}

/** A collection's keys as its rows need them. */
export interface RowKeys {
  readonly vaultId: Bytes;
  readonly collection: string;
  readonly key: Bytes;
  readonly epoch: number;
  /** Of the collection's first generation: salts outlive a rotation. */
  readonly saltKey: Bytes;
}

/** Gives rows their leaves: the log after them, and each row with its place. */
export async function placeRows<R extends Row>(
  primitives: Primitives,
  saltKey: Bytes,
  log: LogState,
  rows: readonly R[],
): Promise<{ log: LogState; placed: Placed<R>[] }> {
  const salts = await leafSalts(primitives, saltKey, log.count, rows.length);
  const leaves = rows.map((row, i) => leafHash(primitives, saltAt(salts, i), rowText(row)));
  const placed = rows.map((row, i): Placed<R> => ({ ...row, leaf: log.count + i }));
  return { log: appendLeaves(primitives, log, leaves), placed };
}

/** The leaves of rows that are placed already; rows of one segment lie close together in their log. */
export async function leavesOf(
  primitives: Primitives,
  saltKey: Bytes,
  rows: readonly Placed[],
): Promise<(readonly [row: Placed, leaf: Bytes])[]> {
  const [least, greatest] = leafBounds(rows);
  const isDense = greatest - least < 8 * rows.length;
  const salts = isDense ? await leafSalts(primitives, saltKey, least, greatest - least + 1) : undefined;
  const leaves: (readonly [Placed, Bytes])[] = [];
  for (const row of rows) {
    const salt =
      salts === undefined
        ? await leafSalts(primitives, saltKey, row.leaf, 1)
        : saltAt(salts, row.leaf - least);
    const isForgotten = "forgotten" in row;
    leaves.push([row, isForgotten ? hexToBytes(row.forgotten)! : leafHash(primitives, salt, rowText(row))]);
  }
  return leaves;
}

function leafBounds(rows: readonly Placed[]): readonly [least: number, greatest: number] {
  let [least, greatest] = [rows[0]?.leaf ?? 0, rows[0]?.leaf ?? -1];
  for (const { leaf } of rows) [least, greatest] = [Math.min(least, leaf), Math.max(greatest, leaf)];
  return [least, greatest];
}

function saltAt(salts: Bytes, i: number): Bytes {
  return salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES);
}

/** Encodes rows, which are in canonical order, and hands their lanes to the writers. */
export async function writeSegment(
  primitives: Primitives,
  writers: LaneWriters,
  keys: RowKeys,
  described: DescribedRows,
): Promise<Segment> {
  const { rows, description } = described;
  const lanes: (Ref | null)[] = [];
  for (const [i, lane] of encodeTable(rows, rowLanes, LANES).entries()) {
    const writer = writers[i % writers.length]!;
    const placed =
      lane.bytes.length === 0
        ? null
        : await addObject(primitives, writer, laneSpec(keys), { ...lane, level: LANE_LEVELS[i]! });
    lanes.push(placed);
  }
  return { ...description, epoch: keys.epoch, lanes };
}

/** How hard zstd tries on each lane, harder on texts, which are most of it: docs/decisions/0008 has the measurements. */
export const LANE_LEVELS: readonly number[] = Array.from({ length: LANES }, (_, i) =>
  i === LANE.text ? 13 : 6,
);

/** Rows, and what their segment will say of them. */
export interface DescribedRows {
  readonly rows: readonly Placed[];
  readonly description: Omit<Segment, "epoch" | "lanes">;
}

/** All of a segment but where it lies. `digests`: those of its messages. */
export function describeRows(
  primitives: Primitives,
  rows: readonly Placed[],
  digests: readonly string[],
): DescribedRows {
  const messages = rows.filter(isMessageRow);
  const description = {
    rows: rows.length,
    first: messages.length === 0 ? null : placeOf(messages[0]!.message),
    last: messages.length === 0 ? null : placeOf(messages.at(-1)!.message),
    digest: digestOf(primitives, digests),
    leaves: leafBounds(rows),
    runs: [...new Set(messages.map((row) => row.run))].sort(),
  };
  return { rows, description };
}

/** One digest for a list of content digests: SHA-256 over their hex digits, one after the other. */
export function digestOf(primitives: Primitives, digests: readonly string[]): string {
  return primitives.sha256Text(digests.join(""));
}

interface SegmentReading {
  readonly segment: Segment;
  readonly lanes?: readonly number[] | undefined;
  readonly isSorted?: boolean | undefined;
}

/** The rows of a segment, each lane by its own reader; with `lanes`, only the fields that lie in these. Throws `vault.corrupt` and `store.not-found`. */
export async function readSegment(
  primitives: Primitives,
  readers: readonly PackReader[],
  keys: RowKeys,
  reading: SegmentReading,
): Promise<Placed[]> {
  const contents = await readLanes(primitives, readers, keys, reading);
  const rows = decodeTable(contents, { isSorted: reading.isSorted }) as unknown as Placed[];
  if (rows.length !== reading.segment.rows)
    throw new KeepsakeError("vault.corrupt", { details: { what: "segment-rows" } });
  return rows;
}

/** The contents of the lanes of a segment; undefined for those that are not asked for. */
export async function readLanes(
  primitives: Primitives,
  readers: readonly PackReader[],
  keys: RowKeys,
  { segment, lanes }: SegmentReading,
): Promise<(Bytes | undefined)[]> {
  const contents: (Bytes | undefined)[] = [];
  for (const [i, ref] of segment.lanes.entries()) {
    const isWanted = lanes === undefined || lanes.includes(i);
    if (!isWanted) contents.push(undefined);
    else if (ref === null) contents.push(new Uint8Array(0));
    else contents.push(await readObject(primitives, readers[i]!, laneSpec(keys), ref));
  }
  return contents;
}

/** What binds a lane to its collection. */
export function laneSpec({ vaultId, collection, key, epoch }: RowKeys): ObjectSpec {
  return { type: "lane", vaultId, key, epoch, collection };
}
