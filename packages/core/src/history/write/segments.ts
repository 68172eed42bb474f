import type { Primitives } from "../../base/index.ts";
import { appendLeaves, type LogState, type Ref } from "../../vault/index.ts";
import { comparePlaces, placeOf, type MessageRow } from "../rows/row.ts";
import type { RowSealer, SealedRows } from "../rows/seal-rows.ts";
import type { LaneWriters, RowKeys, Segment } from "../rows/segment.ts";
import type { Resume } from "./resume.ts";

/** A segment is cut here, at the next message that does not share its place with the one before. */
export const SEGMENT_ROWS: number = 1024;
/** So many segments are sealed at a time; they are put into packs in their order. */
const IN_FLIGHT = 4;
const LEAF_BYTES = 32;

export interface SegmentTarget {
  readonly primitives: Primitives;
  readonly seal: RowSealer;
  readonly writers: LaneWriters;
  readonly keys: RowKeys;
  /** What an interrupted run has written already. */
  readonly resume?: Resume | undefined;
}

/** Writes messages that come in canonical order as segments, giving each its leaf. */
export class SegmentBuilder {
  readonly #target: SegmentTarget;
  readonly segments: Segment[] = [];
  #log: LogState;
  #nextLeaf: number;
  #rows: MessageRow[] = [];
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

  async add(row: MessageRow): Promise<void> {
    const last = this.#rows.at(-1);
    const isFull = this.#rows.length >= SEGMENT_ROWS;
    if (isFull && comparePlaces(placeOf(last!.message), placeOf(row.message)) !== 0) await this.#launch();
    this.#rows.push(row);
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    if (this.#rows.length > 0) await this.#launch();
    while (this.#inFlight.length > 0) await this.#settle();
  }

  async #launch(): Promise<void> {
    const { seal, keys } = this.#target;
    const rows = this.#rows;
    this.#rows = [];
    const sealed = seal({ keys, rows, firstLeaf: this.#nextLeaf });
    sealed.catch(() => undefined);
    this.#nextLeaf += rows.length;
    this.#inFlight.push(sealed);
    if (this.#inFlight.length >= IN_FLIGHT) await this.#settle();
  }

  async #settle(): Promise<void> {
    const { primitives, keys, resume } = this.#target;
    const { leaves, lanes, description } = await this.#inFlight.shift()!;
    this.#log = appendLeaves(primitives, this.#log, eachLeaf(leaves));
    const described = { ...description, epoch: keys.epoch };
    const known = resume?.segment(keys.collection, described);
    const segment = known ?? { ...described, lanes: await this.#store(lanes) };
    if (known === undefined) resume?.noteSegment(keys.collection, segment);
    this.segments.push(segment);
  }

  async #store(lanes: SealedRows["lanes"]): Promise<(Ref | null)[]> {
    const { writers } = this.#target;
    const refs: (Ref | null)[] = [];
    for (const [i, lane] of lanes.entries()) {
      refs.push(lane === null ? null : await writers[i]!.add(lane.context, lane.sealed, lane.digest));
    }
    return refs;
  }
}

function* eachLeaf(leaves: SealedRows["leaves"]): Generator<SealedRows["leaves"]> {
  for (let start = 0; start < leaves.length; start += LEAF_BYTES)
    yield leaves.subarray(start, start + LEAF_BYTES);
}
