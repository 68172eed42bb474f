import type { Stretch } from "../../model/index.ts";
import type { Segment } from "../rows/segment.ts";
import { isStretch } from "./ordered.ts";

/** The stretches of one chat that are as they were at the source's last run, as far as they have come. */
export class Stretches {
  readonly #all: Stretch[] = [];

  /** The messages without the stretches between them, which are taken down. */
  async *without<T>(incoming: AsyncIterable<readonly T[] | Stretch>): AsyncGenerator<readonly T[]> {
    for await (const some of incoming)
      if (isStretch(some)) this.#all.push(some);
      else yield some;
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** When the first message of them was sent. */
  get from(): number {
    return this.#all[0]?.from ?? Infinity;
  }

  /** When the last message of them was sent. */
  get until(): number {
    return this.#all.at(-1)?.until ?? -Infinity;
  }

  /** Whether they reach into a segment or beyond it. */
  reaches({ first }: Segment): boolean {
    return first !== null && first[0] <= this.until;
  }

  has(sent: number): boolean {
    return this.#find(sent) !== undefined;
  }

  /** Whether the time of a segment lies in one stretch: then the source shows nothing else of that time. */
  covers({ first, last }: Segment): boolean {
    const stretch = first === null ? undefined : this.#find(first[0]);
    return stretch !== undefined && last !== null && last[0] <= stretch.until;
  }

  #find(sent: number): Stretch | undefined {
    let [low, high] = [0, this.#all.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#all[middle]!.until < sent) low = middle + 1;
      else high = middle;
    }
    const found = this.#all[low];
    return found !== undefined && found.from <= sent ? found : undefined;
  }
}
