import { PackReader } from "../../vault/index.ts";
import { DeltaCache, manifestOf, rowKeys, type History } from "../state/state.ts";
import { compareRows, mergeSorted } from "./order.ts";
import { isMessageRow, LANES, type MessageRow, type Placed } from "./row.ts";
import { readSegment, type Segment } from "./segment.ts";

/** Reading ahead saves round trips where segments of one lane lie side by side. */
const READ_AHEAD_BYTES = 512 * 1024;

export interface RowRange {
  /** Only the fields that lie in these lanes; all if absent. */
  readonly lanes?: readonly number[] | undefined;
  /** Messages of this time or later, milliseconds. */
  readonly from?: number | undefined;
  /** Messages before this time. */
  readonly until?: number | undefined;
}

/** All that a collection's rows are read from; keeps what several readings share. */
export class RowReader {
  readonly history: History;
  readonly #deltas: DeltaCache;
  readonly #packs: readonly PackReader[];

  constructor(history: History, deltas: DeltaCache = new DeltaCache(history)) {
    this.history = history;
    this.#deltas = deltas;
    const { store } = history.vault;
    this.#packs = Array.from(
      { length: LANES },
      () => new PackReader(store, { readAheadBytes: READ_AHEAD_BYTES }),
    );
  }

  /** What is said of a chat, its accounts and its runs, in the order in which it was added. */
  async notes(collection: string): Promise<Placed[]> {
    const manifest = await manifestOf(this.history, collection);
    const rows: Placed[] = [];
    for (const segment of manifest?.notes ?? []) rows.push(...(await this.segment(collection, segment)));
    for (const delta of await this.#deltas.rowsOf(collection))
      rows.push(...delta.filter((row) => !isMessageRow(row)));
    return rows.sort((a, b) => a.leaf - b.leaf);
  }

  /** The messages of open deltas, a list each, in canonical order. */
  async deltaMessages(collection: string): Promise<Placed<MessageRow>[][]> {
    return (await this.#deltas.rowsOf(collection)).map((rows) => rows.filter(isMessageRow).sort(compareRows));
  }

  /** The rows of open deltas, a list each, oldest delta first, in the order of the log. */
  deltaRows(collection: string): Promise<Placed[][]> {
    return this.#deltas.rowsOf(collection);
  }

  /** The messages of a collection as they were found, in canonical order, one segment in memory at a time. */
  async *messages(collection: string, range: RowRange = {}): AsyncGenerator<Placed<MessageRow>> {
    const manifest = await manifestOf(this.history, collection);
    const deltas = await this.deltaMessages(collection);
    const lists = [
      this.#segments(collection, manifest?.messages ?? [], range),
      this.#segments(collection, manifest?.late ?? [], range),
      ...deltas.map(listed),
    ];
    const { from = -Infinity, until = Infinity } = range;
    for await (const row of mergeSorted(lists)) {
      if (row.message.time.sent >= until) return;
      if (row.message.time.sent >= from) yield row;
    }
  }

  /** The rows of one segment. */
  segment(collection: string, segment: Segment, lanes?: readonly number[]): Promise<Placed[]> {
    const { vault, entries } = this.history;
    const keys = rowKeys(vault, entries.get(collection)!, segment.epoch);
    return readSegment(vault.primitives, this.#packs, keys, { segment, lanes });
  }

  async *#segments(
    collection: string,
    segments: readonly Segment[],
    { lanes, from = -Infinity, until = Infinity }: RowRange,
  ): AsyncGenerator<Placed<MessageRow>> {
    for (const segment of segments) {
      if ((segment.last?.[0] ?? -Infinity) < from || (segment.first?.[0] ?? Infinity) >= until) continue;
      yield* (await this.segment(collection, segment, lanes)).filter(isMessageRow);
    }
  }
}

// oxlint-disable-next-line typescript/require-await -- one of several lists, the others come from the store
async function* listed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
