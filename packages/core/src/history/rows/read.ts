import type { Bytes } from "../../base/index.ts";
import { laneTexts, PackReader, readObject } from "../../vault/index.ts";
import { DeltaCache, manifestOf, rowKeys, type History } from "../state/state.ts";
import { mergeBatches } from "./merge-batches.ts";
import { compareRows } from "./order.ts";
import { isMessageRow, LANE, LANES, type MessageRow, type Placed } from "./row.ts";
import { laneSpec, readLanes, readSegment, type RowKeys, type Segment } from "./segment.ts";

/** Reading ahead saves round trips where segments of one lane lie side by side. */
const READ_AHEAD_BYTES = 512 * 1024;

export interface RowRange {
  /** Only the fields that lie in these lanes; all if absent. */
  readonly lanes?: readonly number[] | undefined;
  /** Messages of this time or later, milliseconds. */
  readonly from?: number | undefined;
  /** Messages before this time. */
  readonly until?: number | undefined;
  /** Whether the keys of objects are to be sorted, where it costs nothing: sorted messages are quicker to write. */
  readonly isSorted?: boolean | undefined;
}

/** All that a collection's rows are read from; keeps what several readings share. */
export class RowReader {
  readonly history: History;
  readonly #deltas: DeltaCache;
  readonly #packs: readonly PackReader[];
  /** By collection and epoch. */
  readonly #keys = new Map<string, RowKeys>();

  constructor(
    history: History,
    deltas: DeltaCache = new DeltaCache(history),
    readAheadBytes: number = READ_AHEAD_BYTES,
  ) {
    this.history = history;
    this.#deltas = deltas;
    const { store } = history.vault;
    this.#packs = Array.from({ length: LANES }, () => new PackReader(store, { readAheadBytes }));
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
    for await (const rows of this.batches(collection, range)) yield* rows;
  }

  /** The same, many at a time: a step of an async generator costs more than most work on a message. */
  async *batches(collection: string, range: RowRange = {}): AsyncGenerator<Placed<MessageRow>[]> {
    const manifest = await manifestOf(this.history, collection);
    const deltas = await this.deltaMessages(collection);
    const lists = [
      this.#segments(collection, manifest?.messages ?? [], range),
      this.#segments(collection, manifest?.late ?? [], range),
      ...deltas.map(listed),
    ];
    for await (const rows of mergeBatches(lists, compareRows)) {
      const inside = inRange(rows, range);
      if (inside.length > 0) yield inside;
      if (rows.at(-1)!.message.time.sent >= (range.until ?? Infinity)) return;
    }
  }

  /** The rows of one segment. */
  segment(collection: string, segment: Segment, lanes?: readonly number[]): Promise<Placed[]> {
    return this.#rows(collection, segment, { lanes });
  }

  /** Tells of which segments lanes are read next: what lies together is fetched in one go. */
  expect(segments: readonly Segment[], lanes: readonly number[]): void {
    for (const lane of lanes) {
      const refs = segments.map((segment) => segment.lanes[lane] ?? null);
      this.#packs[lane]!.expect(refs.filter((ref) => ref !== null));
    }
  }

  /** The lanes of one segment as they lie in their table; undefined for those that are not asked for. */
  lanes(collection: string, segment: Segment, lanes: readonly number[]): Promise<(Bytes | undefined)[]> {
    const { vault } = this.history;
    const keys = this.#keysOf(collection, segment.epoch);
    return readLanes(vault.primitives, this.#packs, keys, { segment, lanes });
  }

  /** A few long texts that hold every text of a segment's text lane. */
  async texts(collection: string, segment: Segment): Promise<string[]> {
    const { vault } = this.history;
    const [head, text] = [segment.lanes[LANE.head], segment.lanes[LANE.text]];
    if (head === null || head === undefined || text === null || text === undefined) return [];
    const spec = laneSpec(this.#keysOf(collection, segment.epoch));
    const [heads, texts] = [this.#packs[LANE.head]!, this.#packs[LANE.text]!];
    const schema = await readObject(vault.primitives, heads, spec, head);
    return laneTexts(schema, LANE.text, await readObject(vault.primitives, texts, spec, text));
  }

  #keysOf(collection: string, epoch: number): RowKeys {
    const name = `${collection} ${epoch}`;
    const { vault, entries } = this.history;
    const keys = this.#keys.get(name) ?? rowKeys(vault, entries.get(collection)!, epoch);
    this.#keys.set(name, keys);
    return keys;
  }

  #rows(collection: string, segment: Segment, { lanes, isSorted }: RowRange): Promise<Placed[]> {
    const { vault } = this.history;
    const keys = this.#keysOf(collection, segment.epoch);
    return readSegment(vault.primitives, this.#packs, keys, { segment, lanes, isSorted });
  }

  async *#segments(
    collection: string,
    segments: readonly Segment[],
    range: RowRange,
  ): AsyncGenerator<Placed<MessageRow>[]> {
    const { from = -Infinity, until = Infinity } = range;
    for (const segment of segments) {
      if ((segment.last?.[0] ?? -Infinity) < from || (segment.first?.[0] ?? Infinity) >= until) continue;
      yield (await this.#rows(collection, segment, range)).filter(isMessageRow);
    }
  }
}

function inRange(
  rows: Placed<MessageRow>[],
  { from = -Infinity, until = Infinity }: RowRange,
): Placed<MessageRow>[] {
  const [first, last] = [rows[0]!.message.time.sent, rows.at(-1)!.message.time.sent];
  if (first >= from && last < until) return rows;
  return rows.filter(({ message: { time } }) => time.sent >= from && time.sent < until);
}

// oxlint-disable-next-line typescript/require-await -- one of several lists, the others come from the store
async function* listed<T>(items: T): AsyncGenerator<T> {
  yield items;
}
