import { concatBytes, type Bytes, type Primitives } from "../../base/index.ts";
import { contentDigest } from "../../model/index.ts";
import {
  encodeTable,
  leafHash,
  leafSalts,
  SALT_BYTES,
  sealContent,
  type SealedContent,
} from "../../vault/index.ts";
import { LANES, rowLanes, rowText, type MessageRow, type Placed } from "./row.ts";
import { describeRows, laneLevel, laneSpec, type RowKeys, type Segment } from "./segment.ts";

/** The work on one segment that hangs on nothing but its rows: it can be done anywhere, many at a time. */
export interface SealJob {
  readonly keys: RowKeys;
  /** In canonical order; the first one becomes the leaf `firstLeaf`. */
  readonly rows: readonly MessageRow[];
  readonly firstLeaf: number;
}

/** A segment that only has to be put into packs. */
export interface SealedRows {
  /** The leaves, 32 bytes each, in order. */
  readonly leaves: Bytes;
  /** Null where a lane is empty. */
  readonly lanes: readonly (SealedContent | null)[];
  readonly description: Omit<Segment, "epoch" | "lanes">;
}

/** Where segments are sealed: in place, or by workers. */
export type RowSealer = (job: SealJob) => Promise<SealedRows>;

/** Hashes, encodes, compresses and seals a segment's rows. */
export async function sealRows(
  primitives: Primitives,
  { keys, rows, firstLeaf }: SealJob,
): Promise<SealedRows> {
  const salts = await leafSalts(primitives, keys.saltKey, firstLeaf, rows.length);
  const leaves = rows.map((row, i) =>
    leafHash(primitives, salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES), rowText(row)),
  );
  const placed = rows.map((row, i): Placed<MessageRow> => ({ ...row, leaf: firstLeaf + i }));
  const digests = rows.map((row) => contentDigest(row.message, primitives));
  const lanes: (SealedContent | null)[] = [];
  for (const [i, lane] of encodeTable(placed, rowLanes, LANES).entries()) {
    const content = { ...lane, level: laneLevel(i) };
    lanes.push(lane.bytes.length === 0 ? null : await sealContent(primitives, laneSpec(keys), content));
  }
  const { description } = describeRows(primitives, placed, digests);
  return { leaves: concatBytes(...leaves), lanes, description };
}
