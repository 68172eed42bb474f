import type { LeafRange, Placed, Row } from "../rows/row.ts";
import type { Segment } from "../rows/segment.ts";

/** What one source has said of a chat's leaves: which records it saw, which it missed later. */
export class Witness {
  readonly #isOwnRun: (run: string) => boolean;
  readonly #words: { readonly ranges: readonly LeafRange[]; readonly isSeen: boolean }[] = [];

  /** `notes` in the order of their leaves; `isOwnRun` tells the source's runs. */
  constructor(notes: readonly Placed[], isOwnRun: (run: string) => boolean) {
    this.#isOwnRun = isOwnRun;
    for (const note of notes) {
      if ("seen" in note && isOwnRun(note.run)) this.#words.push({ ranges: note.seen, isSeen: true });
      if ("gone" in note && isOwnRun(note.run)) this.#words.push({ ranges: note.gone, isSeen: false });
    }
  }

  /** Whether the source's last word on a record is that it is there. */
  has(row: Placed<Extract<Row, { run: string }>>): boolean {
    return this.#lastWord(row.leaf) ?? this.#isOwnRun(row.run);
  }

  /** Whether the source once had a record and said later that it is gone. */
  hasLost(leaf: number): boolean {
    return this.#lastWord(leaf) === false;
  }

  /** Whether the source is known to have every message of a segment, without a look into it. */
  hasAll(segment: Segment): boolean {
    const [least, greatest] = segment.leaves;
    const isTouched = this.#words.some(({ ranges }) =>
      ranges.some(([first, last]) => first <= greatest && last >= least),
    );
    if (!isTouched) return segment.runs.every((run) => this.#isOwnRun(run));
    const word = this.#words.findLast(({ ranges }) =>
      ranges.some(([first, last]) => first <= greatest && last >= least),
    );
    return word?.isSeen === true && word.ranges.some(([first, last]) => first <= least && greatest <= last);
  }

  #lastWord(leaf: number): boolean | undefined {
    return this.#words.findLast(({ ranges }) => ranges.some(([first, last]) => first <= leaf && leaf <= last))
      ?.isSeen;
  }
}

/** Numbers as ranges without gaps. */
export function toRanges(leaves: readonly number[]): LeafRange[] {
  const ranges: [number, number][] = [];
  for (const leaf of leaves.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && leaf <= last[1] + 1) last[1] = leaf;
    else ranges.push([leaf, leaf]);
  }
  return ranges;
}
