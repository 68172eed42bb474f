import { compareMessages, type Stretch } from "../../model/index.ts";
import { comparePlaces, type AtPlace } from "../rows/row.ts";
import type { Incoming } from "./join.ts";

/** Messages that are at most this far from their place are put right on the way. */
const WINDOW = 128;

/**
 * Puts messages that are nearly in canonical order into it. One that comes too late for that is handed to
 * `straggler`, to be joined on its own.
 */
export async function* inOrder(
  incoming: AsyncIterable<readonly Incoming[] | Stretch>,
  straggler: (late: Incoming) => void,
): AsyncGenerator<readonly Incoming[] | Stretch> {
  let window: Incoming[] = [];
  let done: AtPlace | undefined;
  for await (const some of incoming) {
    if (isStretch(some)) {
      if (window.length > 0) yield sorted(window);
      window = [];
      done = { time: { sent: some.until } };
      yield some;
      continue;
    }
    for (const next of some) {
      if (done !== undefined && comparePlaces(next.message, done) < 0) straggler(next);
      else window.push(next);
    }
    while (window.length >= 2 * WINDOW) {
      window = sorted(window);
      const ordered = window.slice(0, window.length - WINDOW);
      window = window.slice(ordered.length);
      done = ordered.at(-1)!.message;
      yield ordered;
    }
  }
  if (window.length > 0) yield sorted(window);
}

export function isStretch(some: readonly unknown[] | Stretch): some is Stretch {
  return "from" in some;
}

/** Most windows are in order as they come. */
function sorted(window: Incoming[]): Incoming[] {
  const isSorted = window.every(
    (next, i) => i === 0 || comparePlaces(window[i - 1]!.message, next.message) < 0,
  );
  return isSorted ? window : sortIncoming(window);
}

export function sortIncoming(list: readonly Incoming[]): Incoming[] {
  return list.toSorted((a, b) => compareMessages(a.message, b.message));
}
