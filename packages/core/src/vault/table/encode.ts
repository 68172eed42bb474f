import { KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { encodeIntegers } from "./integers.ts";
import { encodeTexts } from "./strings.ts";
import { ELEMENT, MAX_DEPTH, STREAM, TAG, type Lane, type LaneOf, type SchemaNode } from "./table.ts";
import { ByteWriter } from "./varint.ts";

/** A JSON value; rows are JSON objects. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const OWN_FRAME_BYTES = 512;

/** Writes rows as `lanes` lanes. Fields that are undefined count as absent. `decodeTable` gives the rows back. */
export function encodeTable(rows: readonly object[], laneOf: LaneOf, lanes: number): Lane[] {
  const root = new Column(undefined, "", 0);
  for (const row of rows) add(root, row as Json, laneOf, 0);
  const writers = Array.from({ length: lanes }, () => new LaneWriter());
  const head = writers[0]!;
  head.stream(textToBytes(JSON.stringify([rows.length, root.schema()])));
  writeStreams(root, writers);
  return writers.map((writer) => writer.finish());
}

/** One node while rows come in. */
class Column {
  readonly parent: Column | undefined;
  readonly name: string;
  readonly lane: number;
  readonly fields = new Map<string, Column>();
  #element: Column | undefined;
  readonly tags: number[] = [];
  isMixed = false;
  readonly keySets: KeySets = new KeySets();
  readonly lengths: number[] = [];
  readonly integers: number[] = [];
  readonly texts: string[] = [];

  constructor(parent: Column | undefined, name: string, lane: number) {
    this.parent = parent;
    this.name = name;
    this.lane = lane;
  }

  field(name: string, laneOf: LaneOf): Column {
    const known = this.fields.get(name);
    if (known !== undefined) return known;
    const field = this.#below(name, laneOf);
    this.fields.set(name, field);
    return field;
  }

  element(laneOf: LaneOf): Column {
    this.#element ??= this.#below(ELEMENT, laneOf);
    return this.#element;
  }

  #below(name: string, laneOf: LaneOf): Column {
    return new Column(this, name, laneOf([...this.path(), name]) ?? this.lane);
  }

  /** The nodes under this one, in the order in which they are written. */
  below(): Column[] {
    return this.#element === undefined ? [...this.fields.values()] : [...this.fields.values(), this.#element];
  }

  path(): string[] {
    return this.parent === undefined ? [] : [...this.parent.path(), this.name];
  }

  tag(tag: number): void {
    if (this.tags.length > 0 && this.tags[0] !== tag) this.isMixed = true;
    this.tags.push(tag);
  }

  schema(): SchemaNode {
    const fields = [...this.fields.values()];
    const places = new Map(fields.map((field, place) => [field.name, place]));
    const keySets = this.keySets.all.map((keys) => keys.map((key) => places.get(key)!));
    const counts = [this.integers.length, this.texts.length] as const;
    const tag = this.isMixed ? -1 : (this.tags[0] ?? -1);
    const schemas = fields.map((field) => field.schema());
    const element = this.#element === undefined ? ([] as const) : ([this.#element.schema()] as const);
    return [this.name, this.lane, this.streams(), tag, counts, keySets, schemas, ...element];
  }

  streams(): number {
    return (
      (this.isMixed ? STREAM.tags : 0) |
      (this.keySets.all.length > 1 ? STREAM.keySets : 0) |
      (this.lengths.length > 0 ? STREAM.lengths : 0) |
      (this.integers.length > 0 ? STREAM.integers : 0) |
      (this.texts.length > 0 ? STREAM.texts : 0)
    );
  }
}

/** The sets of keys that objects of one node have, in the order in which they came, and which one each object has. */
class KeySets {
  readonly all: string[][] = [];
  readonly used: number[] = [];
  readonly #root: KeyStep = { next: new Map(), place: -1 };

  add(keys: readonly string[]): void {
    let step = this.#root;
    for (const key of keys) {
      let next = step.next.get(key);
      if (next === undefined) step.next.set(key, (next = { next: new Map(), place: -1 }));
      step = next;
    }
    if (step.place < 0) {
      step.place = this.all.length;
      this.all.push([...keys]);
    }
    this.used.push(step.place);
  }
}

interface KeyStep {
  readonly next: Map<string, KeyStep>;
  place: number;
}

function add(column: Column, value: Json, laneOf: LaneOf, depth: number): void {
  if (typeof value === "string") {
    column.tag(TAG.text);
    column.texts.push(value);
  } else if (typeof value === "number") {
    addNumber(column, value);
  } else if (typeof value === "boolean") {
    column.tag(value ? TAG.true : TAG.false);
  } else if (value === null) {
    column.tag(TAG.null);
  } else {
    if (depth >= MAX_DEPTH) throw new KeepsakeError("base.limit", { details: { what: "depth" } });
    if (Array.isArray(value)) addArray(column, value as readonly Json[], laneOf, depth);
    else addObject(column, value as { readonly [key: string]: Json }, laneOf, depth);
  }
}

function addNumber(column: Column, value: number): void {
  if (Number.isSafeInteger(value)) {
    column.tag(TAG.integer);
    column.integers.push(value === 0 ? 0 : value);
  } else {
    column.tag(TAG.number);
    column.texts.push(JSON.stringify(value));
  }
}

function addArray(column: Column, value: readonly Json[], laneOf: LaneOf, depth: number): void {
  column.tag(TAG.array);
  column.lengths.push(value.length);
  if (value.length === 0) return;
  const element = column.element(laneOf);
  for (const item of value) add(element, item ?? null, laneOf, depth + 1);
}

function addObject(
  column: Column,
  value: { readonly [key: string]: Json },
  laneOf: LaneOf,
  depth: number,
): void {
  column.tag(TAG.object);
  const keys: string[] = [];
  for (const key of Object.keys(value)) {
    if ((value[key] as Json | undefined) !== undefined) keys.push(key);
  }
  column.keySets.add(keys);
  for (const key of keys) add(column.field(key, laneOf), value[key]!, laneOf, depth + 1);
}

/** Streams in the order of nodes, parents first, each with its length before it. */
function writeStreams(column: Column, writers: readonly LaneWriter[]): void {
  const writer = writers[column.lane]!;
  const streams = column.streams();
  if (streams & STREAM.tags) writer.stream(Uint8Array.from(column.tags));
  if (streams & STREAM.keySets) writer.stream(unsignedStream(column.keySets.used));
  if (streams & STREAM.lengths) writer.stream(unsignedStream(column.lengths));
  if (streams & STREAM.integers) writer.stream(encodeIntegers(column.integers));
  if (streams & STREAM.texts) writer.stream(encodeTexts(column.texts));
  for (const node of column.below()) writeStreams(node, writers);
}

function unsignedStream(values: readonly number[]): Bytes {
  const writer = new ByteWriter();
  for (const value of values) writer.unsigned(value);
  return writer.finish();
}

class LaneWriter {
  readonly #writer = new ByteWriter();
  readonly #splits: number[] = [];

  stream(bytes: Bytes): void {
    const isLong = bytes.length >= OWN_FRAME_BYTES;
    this.#writer.unsigned(bytes.length);
    if (isLong) this.#splits.push(this.#writer.length);
    this.#writer.bytes(bytes);
    if (isLong) this.#splits.push(this.#writer.length);
  }

  finish(): Lane {
    return { bytes: this.#writer.finish(), splits: this.#splits };
  }
}
