import type { LeafRange, Run } from "../../rows/row.ts";

/** What a run says of records: that it found them too, or misses them. */
export interface Word {
  readonly run: string;
  readonly isSeen: boolean;
  /** In order, without overlaps. */
  readonly ranges: readonly LeafRange[];
}

/**
 * The words to add where `known` ones stand already, so that of each source the latest run has the last word, whichever
 * copy it wrote to: the fresh ones, and after them again what was known and is later than they are.
 */
export function laterWords(
  fresh: readonly Word[],
  known: readonly Word[],
  runs: ReadonlyMap<string, Run>,
): Word[] {
  const timeOf = ({ run }: Word): number => runs.get(run)?.asOf ?? 0;
  const compare = (a: Word, b: Word): number =>
    timeOf(a) - timeOf(b) || (a.run < b.run ? -1 : Number(a.run > b.run));
  const sourceOf = ({ run }: Word): string | undefined => runs.get(run)?.source;
  const again = known.flatMap((word): Word[] => {
    const earlier = fresh.filter((each) => sourceOf(each) === sourceOf(word) && compare(each, word) < 0);
    const ranges = union(earlier.flatMap((each) => intersection(each.ranges, word.ranges)));
    return ranges.length === 0 ? [] : [{ ...word, ranges }];
  });
  return [...fresh, ...again].sort(compare);
}

function intersection(a: readonly LeafRange[], b: readonly LeafRange[]): LeafRange[] {
  const common: LeafRange[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [first, last] = [Math.max(a[i]![0], b[j]![0]), Math.min(a[i]![1], b[j]![1])];
    if (first <= last) common.push([first, last]);
    if (a[i]![1] < b[j]![1]) i++;
    else j++;
  }
  return common;
}

function union(ranges: readonly LeafRange[]): LeafRange[] {
  const joined: [number, number][] = [];
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}
