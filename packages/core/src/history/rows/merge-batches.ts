/**
 * Merges sorted lists that come batch by batch into one, batch by batch; each is read only as far as the merge has
 * come. No batch that it yields is empty. A single list passes as it is.
 */
export async function* mergeBatches<T>(
  lists: readonly AsyncIterable<T[]>[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T[]> {
  const iterators = lists.map((list) => list[Symbol.asyncIterator]());
  try {
    const heads: T[][] = [];
    for (const iterator of iterators) heads.push(await nextBatch(iterator));
    for (;;) {
      const alive = [...heads.keys()].filter((i) => heads[i]!.length > 0);
      if (alive.length === 0) return;
      // What comes later in any list is not before the least of the last ones that are here.
      const bound = alive.map((i) => heads[i]!.at(-1)!).reduce((a, b) => (compare(b, a) < 0 ? b : a));
      const ready: T[][] = [];
      for (const i of alive) {
        const head = heads[i]!;
        const count = alive.length === 1 ? head.length : countUpTo(head, bound, compare);
        if (count > 0) ready.push(count === head.length ? head : head.slice(0, count));
        heads[i] = count === head.length ? await nextBatch(iterators[i]!) : head.slice(count);
      }
      yield ready.length === 1 ? ready[0]! : ready.flat().sort(compare);
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

async function nextBatch<T>(iterator: AsyncIterator<T[]>): Promise<T[]> {
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return [];
    if (next.value.length > 0) return next.value;
  }
}

/** How many of a sorted list are not after the bound. */
export function countUpTo<T>(sorted: readonly T[], bound: T, compare: (a: T, b: T) => number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(sorted[middle]!, bound) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
