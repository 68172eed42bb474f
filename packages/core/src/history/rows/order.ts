import { compareMessages } from "../../model/index.ts";
import { isMessageRow, type MessageRow, type Placed } from "./row.ts";

/** Notes first, as they were added; then messages in canonical order. */
export function compareRows(a: Placed, b: Placed): number {
  if (isMessageRow(a)) return isMessageRow(b) ? compareMessages(a.message, b.message) || a.leaf - b.leaf : 1;
  return isMessageRow(b) ? -1 : a.leaf - b.leaf;
}

/** Merges sorted lists that come bit by bit into one; each is read only as far as the merge has come. */
export async function* mergeSorted(
  lists: readonly AsyncIterable<Placed<MessageRow>>[],
): AsyncGenerator<Placed<MessageRow>> {
  const iterators = lists.map((list) => list[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
    for (;;) {
      let least: number | undefined;
      for (const [i, head] of heads.entries()) {
        if (head.done === true) continue;
        if (least === undefined || compareRows(head.value, heads[least]!.value as Placed) < 0) least = i;
      }
      if (least === undefined) return;
      yield heads[least]!.value as Placed<MessageRow>;
      heads[least] = await iterators[least]!.next();
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}
