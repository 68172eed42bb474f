import type { Primitives } from "../../base/index.ts";
import { contentDigest, type Message } from "../../model/index.ts";
import {
  encodeTable,
  leafSalts,
  rootsOfRows,
  sealContent,
  type LogNode,
  type SealedContent,
} from "../../vault/index.ts";
import { LANES, messageRowText, rowLanes, type MessageRow, type Placed } from "./row.ts";
import { describeRows, LANE_LEVEL, laneSpec, type RowKeys, type Segment } from "./segment.ts";

/** The work on one segment that hangs on nothing but its messages: it can be done anywhere, many at a time. */
export interface SealJob {
  readonly keys: RowKeys;
  readonly run: string;
  /** The canonical texts of messages in canonical order, one a line; the first one becomes the leaf `firstLeaf`. */
  readonly messages: string;
  readonly firstLeaf: number;
}

/** A segment that only has to be put into packs. */
export interface SealedRows {
  /** What its rows are in their log. */
  readonly nodes: readonly LogNode[];
  /** Null where a lane is empty. */
  readonly lanes: readonly (SealedContent | null)[];
  readonly description: Omit<Segment, "epoch" | "lanes">;
}

/** Where segments are sealed: in place, or by workers. */
export type RowSealer = (job: SealJob) => Promise<SealedRows>;

/** Hashes, encodes, compresses and seals a segment's rows. */
export async function sealRows(primitives: Primitives, job: SealJob): Promise<SealedRows> {
  const { keys, run, firstLeaf } = job;
  const texts = job.messages.split("\n");
  const rows = texts.map((text, i): Placed<MessageRow> => {
    return { leaf: firstLeaf + i, message: JSON.parse(text) as Message, run };
  });
  const digests = rows.map(({ message }) => contentDigest(message, primitives));
  const salts = await leafSalts(primitives, keys.saltKey, firstLeaf, rows.length);
  const rowTexts = texts.map((text) => messageRowText(text, run));
  const nodes = rootsOfRows(primitives, firstLeaf, { salts, texts: rowTexts });
  const lanes: (SealedContent | null)[] = [];
  for (const lane of encodeTable(rows, rowLanes, LANES)) {
    const content = { ...lane, level: LANE_LEVEL };
    lanes.push(lane.bytes.length === 0 ? null : await sealContent(primitives, laneSpec(keys), content));
  }
  const { description } = describeRows(primitives, rows, digests);
  return { nodes, lanes, description };
}
