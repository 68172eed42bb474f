import { KeepsakeError } from "../../base/index.ts";
import { allHeads, isDamage, snapshotAt, type Head } from "../../vault/index.ts";
import { loadHistory, type History } from "./state.ts";

/** A version as a list of snapshots shows it. */
export interface ListedSnapshot {
  readonly head: Head;
  readonly isForgotten: boolean;
}

/** Every version, the newest first. */
export async function* listSnapshots(history: History): AsyncGenerator<ListedSnapshot> {
  const forgotten = new Set(history.root.forgotten);
  for await (const head of allHeads(history.vault)) yield { head, isForgotten: forgotten.has(head.number) };
}

/** Ids of deltas that no kept version lists any more: they were folded into segments, and their versions forgotten. */
export async function closedDeltas(history: History): Promise<Set<string>> {
  const closed = new Set(
    [...history.entries.values()].filter(({ ref }) => ref !== undefined).map(({ id }) => id),
  );
  for await (const { root } of keptHistories(history)) for (const id of root.deltas) closed.delete(id);
  return closed;
}

/** An earlier version, opened with the keys of the newest. Throws `store.not-found` if it was forgotten. */
export async function historyAt(history: History, number: number): Promise<History> {
  if (history.root.forgotten.includes(number)) {
    throw new KeepsakeError("store.not-found", { details: { what: "snapshot", number } });
  }
  return loadHistory(history.vault, await snapshotAt(history.vault, history.snapshot, number));
}

/**
 * Every version that is kept, each root once, the newest first. The damage of one that cannot be read is handed to
 * `onError`, and the version passed over; without it, the error is thrown.
 */
export async function* keptHistories(
  history: History,
  onError?: (error: unknown) => void,
): AsyncGenerator<History> {
  const seen = new Set<string>();
  for await (const { head, isForgotten } of listSnapshots(history)) {
    const key = head.root.join();
    if (isForgotten || seen.has(key)) continue;
    seen.add(key);
    try {
      yield head.number === history.snapshot.head.number ? history : await historyAt(history, head.number);
    } catch (error) {
      if (onError === undefined || !isDamage(error)) throw error;
      onError(error);
    }
  }
}
