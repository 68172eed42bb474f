import { compareRows } from "./order.ts";
import type { MessageRow, Placed } from "./row.ts";
import type { Segment } from "./segment.ts";

const DAY_MS = 86_400_000;

/**
 * The messages of a collection from the newest on. Segments come in any order of the log, late ones too: a day is whole
 * as soon as no segment that is still to come reaches up to it.
 */
export class RowsBackwards {
  /** Those still to be read; the one that reaches farthest is the last. */
  readonly #segments: Segment[];
  #held: Placed<MessageRow>[];

  /** `loose`: the rows that lie in no segment. */
  constructor(segments: readonly Segment[], loose: readonly Placed<MessageRow>[]) {
    this.#segments = segments.filter(({ last }) => last !== null).sort((a, b) => lastOf(a) - lastOf(b));
    this.#held = [...loose];
  }

  /** The segments that are to be read next, so many, in this order. */
  next(count: number): readonly Segment[] {
    return this.#segments.slice(this.#segments.length - count).reverse();
  }

  /** When the newest message was sent of those that are left after so many segments; -Infinity if there are none. */
  untilAfter(segments: number): number {
    const next = this.#segments.at(-1 - segments);
    return next === undefined ? -Infinity : lastOf(next);
  }

  /** Takes the rows of the next segments. Gives those of whole days, in canonical order. */
  take(rows: readonly (readonly Placed<MessageRow>[])[]): readonly Placed<MessageRow>[] {
    this.#segments.splice(this.#segments.length - rows.length);
    const held = this.#held.concat(...rows).sort(compareRows);
    const open = Math.floor(this.untilAfter(0) / DAY_MS);
    const whole = held.findLastIndex(({ message }) => Math.floor(message.time.sent / DAY_MS) <= open) + 1;
    this.#held = held.slice(0, whole);
    return held.slice(whole);
  }
}

function lastOf({ last }: Segment): number {
  return last?.[0] ?? -Infinity;
}
