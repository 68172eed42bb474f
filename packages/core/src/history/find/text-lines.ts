import { KeepsakeError, release, type Bytes } from "../../base/index.ts";
import { searchTexts, type Message } from "../../model/index.ts";
import {
  decodeTable,
  NONE,
  ONLY,
  SharedRoom,
  TableColumns,
  type ColumnOf,
  type Json,
  type Room,
  type TextColumn,
} from "../../vault/index.ts";
import type { Lines } from "../rows/backwards.ts";
import { compareRows } from "../rows/order.ts";
import { isMessageRow, type MessageRow, type Placed, type Row } from "../rows/row.ts";
import type { Segment } from "../rows/segment.ts";
import { numbers, textAt, type Shared } from "./columns.ts";
import { Identity } from "./identity.ts";
import type { BlockWriter } from "./text-block.ts";
import { Utf8Texts } from "./utf8-texts.ts";

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

/** The messages of a segment, of which only columns are there: what searching needs, without an object for each. */
export class ColumnLines implements Lines {
  readonly segment: Segment;
  readonly times: Float64Array;
  readonly identity: Identity;
  readonly #lanes: readonly (Bytes | undefined)[];
  readonly #room: SharedRoom;
  readonly #authors: Uint32Array;
  readonly #kinds: Uint32Array;
  readonly #kindNames: readonly string[];
  readonly #table: TableColumns;
  /** Bodies as they lie, as long as they can be taken so; else their texts, once these are wanted. */
  #utf8: ColumnOf<Utf8Texts> | undefined;
  #bodies: ColumnOf<TextColumn> | undefined;
  readonly #payloads: ColumnOf<readonly Json[]> | undefined;
  readonly #attachments: Attachments;
  #rows: readonly Placed<MessageRow>[] | undefined;

  private constructor(
    segment: Segment,
    lanes: readonly (Bytes | undefined)[],
    shared: Shared,
    room: SharedRoom,
  ) {
    const table = new TableColumns(lanes, room);
    const texts = (...path: string[]): ColumnOf<TextColumn> | undefined => table.texts(path);
    this.segment = segment;
    this.#lanes = lanes;
    this.#room = room;
    this.#table = table;
    this.times = timesOf(table, room);
    this.#authors = numbers(texts("message", "author"), shared.authors, table.rows, room);
    this.#kinds = numbers(texts("message", "kind"), shared.kinds, table.rows, room);
    this.#kindNames = shared.kinds.values;
    const utf8 = table.utf8(BODY);
    this.#utf8 = utf8 && { of: utf8.of, values: new Utf8Texts(utf8.values) };
    if (utf8 === undefined) this.#bodies = table.texts(BODY);
    this.#payloads = table.values(["message", "payload"], SILENT_FIELDS);
    this.#attachments = new Attachments(table);
    this.identity = new Identity(table, shared, room);
  }

  /** Of a segment's heads and texts. Where something but messages in order of time is in it: as rows. */
  static of(
    segment: Segment,
    lanes: readonly (Bytes | undefined)[],
    shared: Shared,
    room: SharedRoom = new SharedRoom(),
  ): ColumnLines | LooseLines {
    const lines = new ColumnLines(segment, lanes, shared, room);
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

  /** Gives back what they lie in: nothing may be asked of them any more. */
  release(): SharedRoom {
    for (const lane of this.#lanes) if (lane !== undefined) release(lane);
    this.#room.clear();
    return this.#room;
  }

  /** Adds the messages to a block. */
  write(writer: BlockWriter, from: number, until: number): void {
    for (let i = from; i < until; i++) {
      writer.begin(this.times[i]!, this.#authors[i]!, this.#kinds[i]!);
      this.#writeBody(writer, i);
      const hasFiles = this.#attachments.haveTexts(i);
      if (hasFiles || hasFields(valueAt(this.#payloads, i))) this.#writeRest(writer, i, hasFiles);
    }
  }

  #writeBody(writer: BlockWriter, i: number): void {
    if (this.#utf8 !== undefined) {
      const { of, values } = this.#utf8;
      if (of[i] === NONE || values.write(writer, of[i]!)) return;
      this.#utf8 = undefined;
      this.#bodies = this.#table.texts(BODY);
    }
    const at = this.#bodies?.of[i] ?? NONE;
    if (at === NONE) return;
    const { units, starts, places } = this.#bodies!.values;
    const place = places === undefined ? at : places[at]!;
    writer.units(units, starts[place]!, starts[place + 1]!);
  }

  /** What stands behind the body of a message. */
  #writeRest(writer: BlockWriter, i: number, hasFiles: boolean): void {
    const message = {
      kind: this.#kindNames[this.#kinds[i]!]!,
      payload: valueAt(this.#payloads, i),
      attachments: hasFiles ? this.#attachments.of(i) : undefined,
    } as unknown as Message;
    for (const { text } of searchTexts(message)) writer.text(text);
  }
}

/** Fields of payloads that are many, and in none of which a text is that is searched. */
export const SILENT_FIELDS: readonly string[] = [
  "action",
  "appId",
  "currency",
  "durationMs",
  "id",
  "latitude",
  "longitude",
  "meaning",
  "media",
  "result",
  "state",
];

const BODY: readonly string[] = ["message", "body", "text"];

/** Files of messages, most of which have no text at all. */
class Attachments {
  readonly #table: TableColumns;
  /** Which rows have any, which have just one, and which of these have a text. */
  readonly #any: Int32Array | undefined;
  readonly #only: Int32Array | undefined;
  readonly #texts: readonly Int32Array[];
  #columns: Readonly<Record<string, ColumnOf<TextColumn> | undefined>> | undefined;
  #values: ColumnOf<readonly Json[]> | undefined;

  constructor(table: TableColumns) {
    const path = ["message", "attachments"];
    this.#table = table;
    this.#any = table.places(path);
    this.#only = table.places([...path, ONLY]);
    const texts = ATTACHMENT_TEXTS.map((name) => table.places([...path, ONLY, name]));
    this.#texts = texts.filter((places) => places !== undefined);
  }

  /** Whether a row may have one with a text. */
  haveTexts(i: number): boolean {
    if (this.#any === undefined || this.#any[i] === NONE) return false;
    if (this.#only?.[i] === NONE) return true;
    return this.#texts.some((places) => places[i] !== NONE);
  }

  /** Of just one, only what searching needs. */
  of(i: number): Json | undefined {
    if (this.#only !== undefined && this.#only[i] !== NONE) return [this.#onlyOf(i)];
    this.#values ??= this.#table.values(["message", "attachments"]);
    return valueAt(this.#values, i);
  }

  #onlyOf(i: number): Json {
    const path = ["message", "attachments", ONLY];
    this.#columns ??= Object.fromEntries(
      ["role", ...ATTACHMENT_TEXTS].map((name) => [name, this.#table.texts([...path, name])]),
    );
    const fields: Record<string, Json> = {};
    for (const [name, column] of Object.entries(this.#columns)) {
      const text = textAt(column, i);
      if (text !== undefined) fields[name] = text;
    }
    return fields;
  }
}

/** By what an attachment is found. */
const ATTACHMENT_TEXTS = ["caption", "fileName", "transcript"] as const;

/** Adds a message to a block. */
export function writeMessage(writer: BlockWriter, { authors, kinds }: Shared, message: Message): void {
  writer.begin(message.time.sent, authors.of(message.author ?? ""), kinds.of(message.kind));
  for (const { text } of searchTexts(message)) writer.text(text);
}

function rowsOf(lanes: readonly (Bytes | undefined)[]): readonly Placed<MessageRow>[] {
  return (decodeTable(lanes) as unknown as Placed<Row>[]).filter(isMessageRow);
}

function timesOf(table: TableColumns, room: Room): Float64Array {
  const sent = table.integers(["message", "time", "sent"]);
  const times = room.float64(table.rows).fill(NaN);
  if (sent !== undefined)
    for (let i = 0; i < times.length; i++) if (sent.of[i] !== NONE) times[i] = sent.values[sent.of[i]!]!;
  return times;
}

function hasFields(payload: Json | undefined): boolean {
  for (const _ in payload as object | undefined) return true;
  return false;
}

function valueAt(column: ColumnOf<readonly Json[]> | undefined, i: number): Json | undefined {
  const at = column?.of[i] ?? NONE;
  return at === NONE ? undefined : column!.values[at];
}
