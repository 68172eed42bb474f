import { KeepsakeError, type Bytes } from "../../base/index.ts";
import { searchTexts, type Message } from "../../model/index.ts";
import {
  decodeTable,
  NONE,
  ONLY,
  TableColumns,
  type ColumnOf,
  type Json,
  type TextColumn,
} from "../../vault/index.ts";
import type { Lines } from "../rows/backwards.ts";
import { compareRows } from "../rows/order.ts";
import { isMessageRow, type MessageRow, type Placed, type Row } from "../rows/row.ts";
import type { Segment } from "../rows/segment.ts";
import { Places, type BlockWriter } from "./text-block.ts";

/** Numbers for what occurs often in a history, the same for all of its segments. */
export class Shared {
  readonly authors: Places = new Places();
  readonly kinds: Places = new Places();
  readonly runs: Places = new Places();
  readonly schemes: Places = new Places();
  readonly forms: Places = new Places();
}

/** Messages that are there as rows. */
export class LooseLines implements Lines {
  readonly segment: Segment | undefined;
  readonly times: Float64Array;
  readonly #rows: readonly Placed<MessageRow>[];

  constructor(rows: readonly Placed<MessageRow>[], segment?: Segment) {
    this.segment = segment;
    this.#rows = rows.toSorted(compareRows);
    this.times = Float64Array.from(this.#rows, ({ message }) => message.time.sent);
  }

  rows(from: number, until: number): readonly Placed<MessageRow>[] {
    return this.#rows.slice(from, until);
  }
}

/** What tells whether two messages may be versions of one. */
interface Identity {
  readonly runs: Uint32Array;
  readonly schemes: Uint32Array;
  /** As numbers of one form, where they are; as texts otherwise. */
  readonly ids: ColumnOf<Float64Array> | undefined;
  readonly form: number;
  readonly idTexts: ColumnOf<TextColumn> | undefined;
}

/** The messages of a segment, of which only columns are there: what searching needs, without an object for each. */
export class ColumnLines implements Lines {
  readonly segment: Segment;
  readonly times: Float64Array;
  readonly #lanes: readonly (Bytes | undefined)[];
  readonly #authors: Uint32Array;
  readonly #kinds: Uint32Array;
  readonly #kindNames: readonly string[];
  readonly #bodies: ColumnOf<TextColumn> | undefined;
  readonly #payloads: ColumnOf<readonly Json[]> | undefined;
  readonly #attachments: ColumnOf<readonly Json[]> | undefined;
  readonly #identity: Identity;
  #rows: readonly Placed<MessageRow>[] | undefined;

  private constructor(segment: Segment, lanes: readonly (Bytes | undefined)[], shared: Shared) {
    const table = new TableColumns(lanes);
    const texts = (...path: string[]): ColumnOf<TextColumn> | undefined => table.texts(path);
    this.segment = segment;
    this.#lanes = lanes;
    this.times = timesOf(table);
    this.#authors = numbers(texts("message", "author"), shared.authors, table.rows);
    this.#kinds = numbers(texts("message", "kind"), shared.kinds, table.rows);
    this.#kindNames = shared.kinds.values;
    this.#bodies = texts("message", "body", "text");
    this.#payloads = table.values(["message", "payload"]);
    this.#attachments = table.values(["message", "attachments"]);
    const ids = table.ids(["message", "nativeIds", ONLY, "value"]);
    this.#identity = {
      runs: numbers(texts("run"), shared.runs, table.rows),
      schemes: numbers(texts("message", "nativeIds", ONLY, "scheme"), shared.schemes, table.rows),
      ids: ids?.numbers,
      form: ids === undefined ? NONE : shared.forms.of(ids.form),
      idTexts: ids === undefined ? texts("message", "nativeIds", ONLY, "value") : undefined,
    };
  }

  /** Of a segment's heads and texts. Where something but messages in order of time is in it: as rows. */
  static of(
    segment: Segment,
    lanes: readonly (Bytes | undefined)[],
    shared: Shared,
  ): ColumnLines | LooseLines {
    const lines = new ColumnLines(segment, lanes, shared);
    const { length } = lines.times;
    if (length !== segment.rows)
      throw new KeepsakeError("vault.corrupt", { details: { what: "segment-rows" } });
    // A message without a time has none in its place, which is less than nothing.
    for (let i = 0; i < length; i++)
      if (!(lines.times[i]! >= (lines.times[i - 1] ?? -Infinity)))
        return new LooseLines(rowsOf(lanes), segment);
    return lines;
  }

  /** The messages as rows; all of the segment's are made for the first of them. */
  rows(from: number, until: number): readonly Placed<MessageRow>[] {
    this.#rows ??= rowsOf(this.#lanes);
    return this.#rows.slice(from, until);
  }

  /** Adds the messages to a block. */
  write(writer: BlockWriter, from: number, until: number): void {
    for (let i = from; i < until; i++) {
      writer.begin(this.times[i]!, this.#authors[i]!, this.#kinds[i]!);
      const payload = valueAt(this.#payloads, i);
      const attachments = valueAt(this.#attachments, i);
      if (payload === undefined && attachments === undefined) this.#writeBody(writer, i);
      else this.#writeAll(writer, i, { payload, attachments });
    }
  }

  #writeBody(writer: BlockWriter, i: number): void {
    const at = this.#bodies?.of[i] ?? NONE;
    if (at === NONE) return;
    const { whole, starts, places } = this.#bodies!.values;
    const place = places === undefined ? at : places[at]!;
    writer.text(whole, starts[place]!, starts[place + 1]!);
  }

  #writeAll(writer: BlockWriter, i: number, rest: Record<string, Json | undefined>): void {
    const body = textAt(this.#bodies, i);
    const message = {
      kind: this.#kindNames[this.#kinds[i]!]!,
      ...(body !== undefined && { body: { text: body } }),
      ...rest,
    } as unknown as Message;
    for (const { text } of searchTexts(message)) writer.text(text, 0, text.length);
  }

  /** Tells of messages of one day, bit by bit, whether they are all different by what their source calls them. */
  addTo(day: PlainDay, from: number, until: number): boolean {
    const { runs, schemes, ids, form, idTexts } = this.#identity;
    if (!day.takes(form)) return false;
    for (let i = from; i < until; i++) {
      const at = (ids ?? idTexts)?.of[i] ?? NONE;
      if (at === NONE) return false;
      const id = ids === undefined ? textAt(idTexts, i)! : ids.values[at]!;
      if (!day.add(runs[i]!, schemes[i]!, id)) return false;
    }
    return true;
  }
}

/** Messages of a day, as long as none can be a version of another: all of one run, each with an id of its own. */
export class PlainDay {
  #form: number | undefined;
  #run = NONE;
  #scheme = NONE;
  #last = -Infinity;
  readonly #rising: number[] = [];
  /** Once ids do not rise in the order of the messages. */
  #known: Set<string> | undefined;

  /** Ids of different forms cannot be compared. */
  takes(form: number): boolean {
    this.#form ??= form;
    return this.#form === form;
  }

  add(run: number, scheme: number, id: number | string): boolean {
    if (this.#run === NONE) [this.#run, this.#scheme] = [run, scheme];
    if (run !== this.#run) return false;
    if (this.#known === undefined && scheme === this.#scheme && typeof id === "number" && id > this.#last) {
      this.#rising.push((this.#last = id));
      return true;
    }
    this.#known ??= new Set(this.#rising.map((each) => keyOf(this.#scheme, each)));
    const before = this.#known.size;
    return this.#known.add(keyOf(scheme, id)).size > before;
  }
}

/** Adds a message to a block. */
export function writeMessage(writer: BlockWriter, { authors, kinds }: Shared, message: Message): void {
  writer.begin(message.time.sent, authors.of(message.author ?? ""), kinds.of(message.kind));
  for (const { text } of searchTexts(message)) writer.text(text, 0, text.length);
}

function keyOf(scheme: number, id: number | string): string {
  return `${scheme}:${id}`;
}

function rowsOf(lanes: readonly (Bytes | undefined)[]): readonly Placed<MessageRow>[] {
  return (decodeTable(lanes) as unknown as Placed<Row>[]).filter(isMessageRow);
}

function timesOf(table: TableColumns): Float64Array {
  const sent = table.integers(["message", "time", "sent"]);
  const times = new Float64Array(table.rows).fill(NaN);
  if (sent !== undefined)
    for (let i = 0; i < times.length; i++) if (sent.of[i] !== NONE) times[i] = sent.values[sent.of[i]!]!;
  return times;
}

/** The number of each row's text; 0 where it has none. */
function numbers(column: ColumnOf<TextColumn> | undefined, places: Places, rows: number): Uint32Array {
  const numbered = new Uint32Array(rows);
  if (column === undefined) return numbered;
  const { whole, starts, places: distinct } = column.values;
  const known: Int32Array = new Int32Array(starts.length - 1).fill(NONE);
  for (let i = 0; i < rows; i++) {
    const at: number = column.of[i]!;
    if (at === NONE) continue;
    const place = distinct === undefined ? at : distinct[at]!;
    if (known[place] === NONE) known[place] = places.of(whole.slice(starts[place], starts[place + 1]));
    numbered[i] = known[place]!;
  }
  return numbered;
}

function textAt(column: ColumnOf<TextColumn> | undefined, i: number): string | undefined {
  if (column === undefined || column.of[i] === NONE) return undefined;
  const { whole, starts, places } = column.values;
  const at = column.of[i]!;
  const place = places === undefined ? at : places[at]!;
  return whole.slice(starts[place], starts[place + 1]);
}

function valueAt(column: ColumnOf<readonly Json[]> | undefined, i: number): Json | undefined {
  const at = column?.of[i] ?? NONE;
  return at === NONE ? undefined : column!.values[at];
}
