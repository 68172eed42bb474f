import { release, type Bytes, type Primitives } from "../../base/index.ts";
import { canonicalText, type Message } from "../../model/index.ts";
import { appendNodes, type LogState, type Ref, type SealedContent } from "../../vault/index.ts";
import { comparePlaces } from "../rows/row.ts";
import { LINE_END, type RowSealer, type SealedRows } from "../rows/seal-rows.ts";
import type { RowKeys, Segment } from "../rows/segment.ts";
import type { LaneWriters } from "../rows/write-segment.ts";
import type { Resume } from "./resume.ts";

/** A segment is cut here, at the next message that does not share its place with the one before. */
export const SEGMENT_ROWS: number = 4096;
/** Or here, in UTF-16 code units of its canonical texts: as many rows that carry long XML would fill the memory. */
const SEGMENT_LENGTH = 2 * 1024 * 1024;
/** So many segments are sealed at a time; they are put into packs in their order. */
const IN_FLIGHT = 3;

export interface SegmentTarget {
  readonly primitives: Primitives;
  readonly seal: RowSealer;
  readonly writers: LaneWriters;
  readonly keys: RowKeys;
  readonly run: string;
  /** What an interrupted run has written already. */
  readonly resume?: Resume | undefined;
}

/** Writes messages that come in canonical order as segments, giving each its leaf. */
export class SegmentBuilder {
  readonly #target: SegmentTarget;
  readonly segments: Segment[] = [];
  #log: LogState;
  #nextLeaf: number;
  #lines: Lines = new Lines();
  #last: Message | undefined;
  readonly #inFlight: Promise<SealedRows>[] = [];

  constructor(target: SegmentTarget, log: LogState) {
    this.#target = target;
    this.#log = log;
    this.#nextLeaf = log.count;
  }

  /** The log after all rows that are written: after `finish`, all. */
  get log(): LogState {
    return this.#log;
  }

  /** Takes a message in; what comes back is to be awaited before the next one, if anything does. */
  add(message: Message): Promise<void> | undefined {
    const { count, length } = this.#lines;
    const isFull = count >= SEGMENT_ROWS || length >= SEGMENT_LENGTH;
    const launched = isFull && comparePlaces(this.#last!, message) !== 0 ? this.#launch() : undefined;
    this.#lines.add(canonicalText(message));
    this.#last = message;
    return launched;
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    if (this.#lines.count > 0) await this.#launch();
    while (this.#inFlight.length > 0) await this.#settle();
  }

  async #launch(): Promise<void> {
    const { seal, keys, run } = this.#target;
    const lines = this.#lines;
    this.#lines = new Lines();
    const sealed = seal({ keys, run, messages: lines.bytes, firstLeaf: this.#nextLeaf });
    sealed.catch(() => undefined);
    this.#nextLeaf += lines.count;
    this.#inFlight.push(sealed);
    if (this.#inFlight.length >= IN_FLIGHT) await this.#settle();
  }

  async #settle(): Promise<void> {
    const { primitives, keys } = this.#target;
    const { nodes, lanes, description } = await this.#inFlight.shift()!;
    this.#log = appendNodes(primitives, this.#log, nodes);
    const refs: (Ref | null)[] = [];
    for (const [i, lane] of lanes.entries()) refs.push(lane === null ? null : await this.#store(i, lane));
    this.segments.push({ ...description, epoch: keys.epoch, lanes: refs });
  }

  /** Each lane goes its own way: a pack of texts is full long before one of the others is. */
  async #store(place: number, { context, sealed, digest }: SealedContent): Promise<Ref> {
    const { writers, keys, resume } = this.#target;
    const known = resume?.lane(keys, digest);
    if (known !== undefined) return known;
    const ref = await writers[place]!.add(context, sealed, digest);
    resume?.noteLane(keys, ref);
    return ref;
  }
}

const FIRST_LINES_BYTES = 2 * 1024 * 1024;
/** The most that a UTF-16 code unit takes in UTF-8. */
const BYTES_A_UNIT = 3;
const encoder = new TextEncoder();

/** Canonical texts as they are sealed: bytes outside of the heap, which the collector need not move. */
class Lines {
  #memory: Bytes = new Uint8Array(FIRST_LINES_BYTES);
  #end = 0;
  count = 0;
  /** In UTF-16 code units. */
  length = 0;

  add(text: string): void {
    const most = this.#end + BYTES_A_UNIT * text.length + 1;
    if (most > this.#memory.length) this.#grow(most);
    const { written } = encoder.encodeInto(text, this.#memory.subarray(this.#end));
    this.#end += written;
    this.#memory[this.#end++] = LINE_END;
    this.count++;
    this.length += text.length;
  }

  get bytes(): Bytes {
    return this.#memory.subarray(0, this.#end);
  }

  #grow(most: number): void {
    const grown = new Uint8Array(Math.max(most, 2 * this.#memory.length));
    grown.set(this.#memory.subarray(0, this.#end));
    release(this.#memory);
    this.#memory = grown;
  }
}
