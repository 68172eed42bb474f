import type { Primitives } from "../../base/index.ts";
import { contentTextIn, type Message } from "../../model/index.ts";
import {
  encodeTable,
  leafSalts,
  rootsOfRows,
  sealContent,
  type LogNode,
  type SealedContent,
} from "../../vault/index.ts";
import { LANES, messageRowText, placeOf, rowLanes, type MessageRow, type Placed } from "./row.ts";
import { digestOf, LANE_LEVELS, laneSpec, type RowKeys, type Segment } from "./segment.ts";

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

/** Hashes, encodes, compresses and seals a segment's rows, of which only one at a time is more than a text. */
export async function sealRows(primitives: Primitives, job: SealJob): Promise<SealedRows> {
  const { keys, run, firstLeaf } = job;
  const texts = job.messages.split("\n");
  const digests: string[] = [];
  const table = encodeTable(rows(), rowLanes, LANES);
  const salts = await leafSalts(primitives, keys.saltKey, firstLeaf, texts.length);
  const nodes = rootsOfRows(primitives, firstLeaf, { salts, texts: rowTexts() });
  const lanes: (SealedContent | null)[] = [];
  for (const [i, lane] of table.entries()) {
    const content = { ...lane, level: LANE_LEVELS[i]! };
    lanes.push(lane.bytes.length === 0 ? null : await sealContent(primitives, laneSpec(keys), content));
  }
  const description = {
    rows: texts.length,
    first: placeOf(messageOf(texts[0]!)),
    last: placeOf(messageOf(texts.at(-1)!)),
    digest: digestOf(primitives, digests),
    leaves: [firstLeaf, firstLeaf + texts.length - 1] as const,
    runs: [run],
  };
  return { nodes, lanes, description };

  function* rows(): Generator<Placed<MessageRow>> {
    for (const [i, text] of texts.entries()) {
      const message = messageOf(text);
      digests.push(primitives.sha256Text(contentTextIn(text, message)));
      yield { leaf: firstLeaf + i, message, run };
    }
  }

  function* rowTexts(): Generator<string> {
    for (const text of texts) yield messageRowText(text, run);
  }
}

function messageOf(text: string): Message {
  return JSON.parse(text) as Message;
}
