import { atPlace, comparePlaces } from "./row.ts";
import type { Segment } from "./segment.ts";

const DAY_MS = 86_400_000;

/** Messages that lie together, in canonical order: when each was sent, and of which segment they are. */
export interface Lines {
  readonly times: Float64Array;
  readonly segment: Segment | undefined;
}

/** Some of them, from one to before another. */
export interface Stretch<L extends Lines> {
  readonly lines: L;
  readonly from: number;
  readonly until: number;
}

/**
 * The messages of a collection from the newest on. Segments come in any order of the log, late ones too: a day is whole
 * as soon as no segment that is still to come reaches up to it.
 */
export class LinesBackwards<L extends Lines> {
  /** Those still to be read; the one that reaches farthest is the last. */
  readonly #segments: Segment[];
  #held: Stretch<L>[];

  /** `loose`: the messages that lie in no segment. */
  constructor(segments: readonly Segment[], loose: L) {
    this.#segments = segments.filter(({ last }) => last !== null).sort((a, b) => lastOf(a) - lastOf(b));
    this.#held = [whole(loose)];
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

  /** What there is of days that are not whole yet. */
  held(): readonly L[] {
    return this.#held.map(({ lines }) => lines);
  }

  /** Takes the messages of the next segments. Gives those of whole days, the one that begins first before the others. */
  take(read: readonly L[]): readonly Stretch<L>[] {
    this.#segments.splice(this.#segments.length - read.length);
    const open = (Math.floor(this.untilAfter(0) / DAY_MS) + 1) * DAY_MS;
    const all = [...this.#held, ...read.map(whole)];
    const cut = (stretch: Stretch<L>): number =>
      Math.max(stretch.from, countBelow(stretch.lines.times, open));
    this.#held = all.map((each) => ({ ...each, until: Math.min(each.until, cut(each)) })).filter(isSome);
    return all
      .map((each) => ({ ...each, from: cut(each) }))
      .filter(isSome)
      .sort(byFirst);
  }
}

/** The days of stretches, each with what there is of it, in order. */
export function* daysOf<L extends Lines>(stretches: readonly Stretch<L>[]): Generator<Stretch<L>[]> {
  let rest = stretches.filter(isSome);
  while (rest.length > 0) {
    const day = Math.min(...rest.map(({ lines, from }) => Math.floor(lines.times[from]! / DAY_MS)));
    const end = (day + 1) * DAY_MS;
    const today: Stretch<L>[] = [];
    const later: Stretch<L>[] = [];
    for (const { lines, from, until } of rest) {
      let at = from;
      while (at < until && lines.times[at]! < end) at++;
      if (at > from) today.push({ lines, from, until: at });
      if (at < until) later.push({ lines, from: at, until });
    }
    rest = later;
    yield today.sort(byFirst);
  }
}

/** Whether all messages of a stretch come before all of the next one, as far as can be told. */
export function isInOrder(stretches: readonly Stretch<Lines>[]): boolean {
  return stretches.every((stretch, i) => {
    const before = stretches[i - 1];
    return before === undefined || isBefore(before, stretch);
  });
}

function isBefore(a: Stretch<Lines>, b: Stretch<Lines>): boolean {
  const [last, first] = [a.lines.segment?.last, b.lines.segment?.first];
  if (last && first && comparePlaces(atPlace(last), atPlace(first)) < 0) return true;
  return a.lines.times[a.until - 1]! < b.lines.times[b.from]!;
}

function byFirst(a: Stretch<Lines>, b: Stretch<Lines>): number {
  const byTime = a.lines.times[a.from]! - b.lines.times[b.from]!;
  const [first, second] = [a.lines.segment?.first, b.lines.segment?.first];
  return byTime || (first && second ? comparePlaces(atPlace(first), atPlace(second)) : 0);
}

function isSome({ from, until }: Stretch<Lines>): boolean {
  return from < until;
}

function whole<L extends Lines>(lines: L): Stretch<L> {
  return { lines, from: 0, until: lines.times.length };
}

function lastOf({ last }: Segment): number {
  return last?.[0] ?? -Infinity;
}

/** How many of the numbers, which rise, are less than `limit`. */
export function countBelow(rising: Float64Array | Uint32Array, limit: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
