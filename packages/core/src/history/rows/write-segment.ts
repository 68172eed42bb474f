import { addObject, encodeTable, type LaneOf, type PackWriter, type Ref } from "../../vault/index.ts";
import type { Primitives } from "../../base/index.ts";
import { leafBounds } from "./leaves.ts";
import { isMessageRow, LANE, LANES, placeOf, type Placed } from "./row.ts";
import { laneSpec, type RowKeys, type Segment } from "./segment.ts";

/** Lanes are laid down by sort, so that a browser fetches texts and heads alone. */
export type LaneWriters = readonly PackWriter[];

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

/** The lanes of paths within a message, deepest first where one begins like another; what is deeper follows its parent. */
const messageLanes: Readonly<Record<string, number>> = {
  author: LANE.head,
  kind: LANE.head,
  nativeIds: LANE.head,
  order: LANE.head,
  ordinal: LANE.head,
  time: LANE.head,
  "time.raw": LANE.raw,
  direction: LANE.head,
  deletion: LANE.head,
  editedAt: LANE.head,
  body: LANE.head,
  "body.text": LANE.text,
  "body.spans": LANE.rest,
  "body.html": LANE.rest,
  payload: LANE.text,
  attachments: LANE.head,
  "attachments.[].role": LANE.head,
  "attachments.[].caption": LANE.text,
  "attachments.[].fileName": LANE.text,
  "attachments.[].transcript": LANE.text,
  residue: LANE.raw,
  raw: LANE.raw,
  invalid: LANE.raw,
};

/**
 * In which lane a path lies. What is searched lies in the text lane, and what leads to it in the head lane, so that a
 * search reads these two alone.
 */
export const rowLanes: LaneOf = ([top, ...path]) => {
  if (top !== "message" || path.length === 0) return LANE.head;
  const known = messageLanes[path.join(".")];
  if (known !== undefined || path.length === 1) return known ?? LANE.rest;
  const isBelowFiles = path[0] === "attachments" && path.length === 3;
  return isBelowFiles ? LANE.rest : undefined;
};
