import { KeepsakeError, type Bytes, type Primitives } from "../../base/index.ts";
import { decodeTable, readObject, type ObjectSpec, type PackReader, type Ref } from "../../vault/index.ts";
import type { Place, Placed } from "./row.ts";

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
  const contents = segment.lanes.map(async (ref, i): Promise<Bytes | undefined> => {
    const isWanted = lanes === undefined || lanes.includes(i);
    if (!isWanted) return undefined;
    return ref === null ? new Uint8Array(0) : readObject(primitives, readers[i]!, laneSpec(keys), ref);
  });
  return Promise.all(contents);
}

/** What binds a lane to its collection. */
export function laneSpec({ vaultId, collection, key, epoch }: RowKeys): ObjectSpec {
  return { type: "lane", vaultId, key, epoch, collection };
}
