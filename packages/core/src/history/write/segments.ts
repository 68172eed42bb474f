import type { Primitives } from "../../base/index.ts";
import { canonicalText, type Message } from "../../model/index.ts";
import { appendNodes, type LogState, type Ref, type SealedContent } from "../../vault/index.ts";
import { comparePlaces, placeOf, type Place } from "../rows/row.ts";
import type { RowSealer, SealedRows } from "../rows/seal-rows.ts";
import type { LaneWriters, RowKeys, Segment } from "../rows/segment.ts";
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
  /** Canonical texts: they are a fraction of what objects weigh. */
  #texts: string[] = [];
  #length = 0;
  #lastPlace: Place | undefined;
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
    const place = placeOf(message);
    const isFull = this.#texts.length >= SEGMENT_ROWS || this.#length >= SEGMENT_LENGTH;
    const launched = isFull && comparePlaces(this.#lastPlace!, place) !== 0 ? this.#launch() : undefined;
    const text = canonicalText(message);
    this.#texts.push(text);
    this.#length += text.length;
    this.#lastPlace = place;
    return launched;
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    if (this.#texts.length > 0) await this.#launch();
    while (this.#inFlight.length > 0) await this.#settle();
  }

  async #launch(): Promise<void> {
    const { seal, keys, run } = this.#target;
    const texts = this.#texts;
    this.#texts = [];
    this.#length = 0;
    const sealed = seal({ keys, run, messages: texts.join("\n"), firstLeaf: this.#nextLeaf });
    sealed.catch(() => undefined);
    this.#nextLeaf += texts.length;
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
