import { compareMessages } from "../../model/index.ts";
import { comparePlaces, placeOf } from "../rows/row.ts";
import type { Incoming } from "./join.ts";

/** Messages that are at most this far from their place are put right on the way. */
const WINDOW = 2048;

/**
 * Puts messages that are nearly in canonical order into it. One that comes too late for that is handed to
 * `straggler`, to be joined on its own.
 */
export async function* inOrder(
  incoming: AsyncIterable<Incoming>,
  straggler: (late: Incoming) => Promise<void> | void,
): AsyncGenerator<Incoming> {
  let window: Incoming[] = [];
  let done: Incoming | undefined;
  for await (const next of incoming) {
    if (done !== undefined && comparePlaces(placeOf(next.message), placeOf(done.message)) < 0)
      await straggler(next);
    else window.push(next);
    if (window.length < 2 * WINDOW) continue;
    window = sorted(window);
    yield* window.slice(0, WINDOW);
    done = window[WINDOW - 1];
    window = window.slice(WINDOW);
  }
  yield* sorted(window);
}

/** Most windows are in order as they come. */
function sorted(window: Incoming[]): Incoming[] {
  const isSorted = window.every(
    (next, i) => i === 0 || comparePlaces(placeOf(window[i - 1]!.message), placeOf(next.message)) < 0,
  );
  return isSorted ? window : sortIncoming(window);
}

export function sortIncoming(list: readonly Incoming[]): Incoming[] {
  return list.toSorted((a, b) => compareMessages(a.message, b.message));
}
