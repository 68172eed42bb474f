import type { Primitives } from "../../base/index.ts";
import type { LogState } from "../../vault/index.ts";
import { comparePlaces, placeOf, type MessageRow } from "../rows/row.ts";
import {
  describeRows,
  placeRows,
  writeSegment,
  type LaneWriters,
  type RowKeys,
  type Segment,
} from "../rows/segment.ts";

import type { Resume } from "./resume.ts";

/** A segment is cut here, at the next message that does not share its place with the one before. */
export const SEGMENT_ROWS: number = 1024;

export interface SegmentTarget {
  readonly primitives: Primitives;
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
  #rows: MessageRow[] = [];
  #digests: string[] = [];

  constructor(target: SegmentTarget, log: LogState) {
    this.#target = target;
    this.#log = log;
  }

  /** The log after all rows that are written. */
  get log(): LogState {
    return this.#log;
  }

  async add(row: MessageRow, digest: string): Promise<void> {
    const last = this.#rows.at(-1);
    const isFull = this.#rows.length >= SEGMENT_ROWS;
    if (isFull && comparePlaces(placeOf(last!.message), placeOf(row.message)) !== 0) await this.finish();
    this.#rows.push(row);
    this.#digests.push(digest);
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    if (this.#rows.length === 0) return;
    const { primitives, writers, keys, resume } = this.#target;
    const [rows, digests] = [this.#rows, this.#digests];
    [this.#rows, this.#digests] = [[], []];
    const { log, placed } = await placeRows(primitives, keys.saltKey, this.#log, rows);
    this.#log = log;
    const described = describeRows(primitives, placed, digests);
    const known = resume?.segment(keys.collection, { ...described.description, epoch: keys.epoch });
    const segment = known ?? (await writeSegment(primitives, writers, keys, described));
    if (known === undefined) resume?.noteSegment(keys.collection, segment);
    this.segments.push(segment);
  }
}
