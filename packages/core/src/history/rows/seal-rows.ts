import { bytesToText, release, textToBytes, type Bytes, type Primitives } from "../../base/index.ts";
import { contentTextIn, type Message } from "../../model/index.ts";
import {
  encodeTable,
  leafSalts,
  rootsOfRows,
  sealContent,
  type LogNode,
  type SealedContent,
} from "../../vault/index.ts";
import { LANES, placeOf, type MessageRow, type Placed } from "./row.ts";
import { digestOf, LANE_LEVELS, rowLanes } from "./write-segment.ts";
import { aroundMessage } from "./leaves.ts";
import { laneSpec, type RowKeys, type Segment } from "./segment.ts";

/** The work on one segment that hangs on nothing but its messages: it can be done anywhere, many at a time. */
export interface SealJob {
  readonly keys: RowKeys;
  readonly run: string;
  /**
   * The canonical bytes of messages in canonical order, each followed by `LINE_END`; the first one becomes the leaf
   * `firstLeaf`. Their memory is the sealer's.
   */
  readonly messages: Bytes;
  readonly firstLeaf: number;
}

/** Ends a message in a job: no JSON text has it inside. */
export const LINE_END: number = 0x0a;

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
  const lines = linesOf(job.messages);
  const digests: string[] = [];
  const table = encodeTable(rows(), rowLanes, LANES);
  const salts = await leafSalts(primitives, keys.saltKey, firstLeaf, lines.length);
  const nodes = rootsOfRows(primitives, firstLeaf, { salts, rows: rowBytes() });
  const lanes: (SealedContent | null)[] = [];
  for (const [i, lane] of table.entries()) {
    const content = { ...lane, level: LANE_LEVELS[i]! };
    lanes.push(lane.bytes.length === 0 ? null : await sealContent(primitives, laneSpec(keys), content));
  }
  const description = {
    rows: lines.length,
    first: placeOf(messageOf(bytesToText(lines[0]!))),
    last: placeOf(messageOf(bytesToText(lines.at(-1)!))),
    digest: digestOf(primitives, digests),
    leaves: [firstLeaf, firstLeaf + lines.length - 1] as const,
    runs: [run],
  };
  release(job.messages);
  return { nodes, lanes, description };

  function* rows(): Generator<Placed<MessageRow>> {
    for (let i = 0; i < lines.length; i++) {
      const text = bytesToText(lines[i]!);
      const message = messageOf(text);
      digests.push(primitives.sha256Text(contentTextIn(text, message)));
      yield { leaf: firstLeaf + i, message, run };
    }
  }

  function* rowBytes(): Generator<readonly Uint8Array[]> {
    const [before, after] = aroundMessage(run).map(textToBytes) as [Bytes, Bytes];
    for (const line of lines) yield [before, line, after];
  }
}

function linesOf(bytes: Bytes): Bytes[] {
  const lines: Bytes[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function messageOf(text: string): Message {
  return JSON.parse(text) as Message;
}
