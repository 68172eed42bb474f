import { KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { encodeIntegers } from "./integers.ts";
import { encodeTexts } from "./strings.ts";
import { ELEMENT, MAX_DEPTH, STREAM, TAG, type Lane, type LaneOf, type SchemaNode } from "./table.ts";
import { ByteWriter } from "./varint.ts";

/** A JSON value; rows are JSON objects. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const OWN_FRAME_BYTES = 512;

/**
 * Writes rows as `lanes` lanes. Fields that are undefined count as absent. Rows are not held: they may be made as they
 * are asked for. `decodeTable` gives them back.
 */
export function encodeTable(rows: Iterable<object>, laneOf: LaneOf, lanes: number): Lane[] {
  const root = new Column(undefined, "", 0);
  let count = 0;
  for (const row of rows) {
    add(root, row as Json, laneOf, 0);
    count++;
  }
  const writers = Array.from({ length: lanes }, () => new LaneWriter());
  const head = writers[0]!;
  head.stream(textToBytes(JSON.stringify([count, root.schema()])));
  writeStreams(root, writers);
  return writers.map((writer) => writer.finish());
}

type JsonObject = { readonly [key: string]: Json };

/** So many key sets are tried one by one before the object's keys are put together to look them up. */
const TRIED_KEY_SETS = 8;

/** One set of keys, in one order, and the nodes of their values. */
interface KeySet {
  readonly place: number;
  readonly names: readonly string[];
  readonly columns: readonly Column[];
}

/** One node while rows come in. */
class Column {
  readonly parent: Column | undefined;
  readonly name: string;
  readonly lane: number;
  readonly fields = new Map<string, Column>();
  element: Column | undefined;
  #tag = -1;
  #count = 0;
  /** The tag of each value, once two differ. */
  #tags: number[] | undefined;
  readonly keySets: KeySet[] = [];
  readonly #keySetByNames = new Map<string, KeySet>();
  #lastKeySet: KeySet | undefined;
  readonly usedKeySets: number[] = [];
  readonly lengths: number[] = [];
  readonly integers: number[] = [];
  readonly texts: string[] = [];

  constructor(parent: Column | undefined, name: string, lane: number) {
    this.parent = parent;
    this.name = name;
    this.lane = lane;
  }

  below(name: string, laneOf: LaneOf): Column {
    return new Column(this, name, laneOf([...this.path(), name]) ?? this.lane);
  }

  /** The nodes under this one, in the order in which they are written. */
  nodes(): Column[] {
    return this.element === undefined ? [...this.fields.values()] : [...this.fields.values(), this.element];
  }

  path(): string[] {
    return this.parent === undefined ? [] : [...this.parent.path(), this.name];
  }

  tag(tag: number): void {
    if (this.#tags !== undefined) this.#tags.push(tag);
    else if (this.#count === 0) this.#tag = tag;
    else if (this.#tag !== tag) {
      this.#tags = Array.from({ length: this.#count }, () => this.#tag);
      this.#tags.push(tag);
    }
    this.#count++;
  }

  get tags(): readonly number[] | undefined {
    return this.#tags;
  }

  /** The set of an object's keys; most objects have the same as the one before. */
  keySetOf(value: JsonObject, laneOf: LaneOf): KeySet {
    const last = this.#lastKeySet;
    if (last !== undefined && hasKeys(value, last.names)) return last;
    for (let i = 0; i < this.keySets.length && i < TRIED_KEY_SETS; i++) {
      const keySet = this.keySets[i]!;
      if (hasKeys(value, keySet.names)) return (this.#lastKeySet = keySet);
    }
    const names = Object.keys(value).filter((name) => (value[name] as Json | undefined) !== undefined);
    const text = JSON.stringify(names);
    let keySet = this.#keySetByNames.get(text);
    if (keySet === undefined) {
      keySet = this.#newKeySet(names, laneOf);
      this.#keySetByNames.set(text, keySet);
    }
    this.#lastKeySet = keySet;
    return keySet;
  }

  #newKeySet(names: readonly string[], laneOf: LaneOf): KeySet {
    const columns = names.map((name) => {
      const column = this.fields.get(name) ?? this.below(name, laneOf);
      this.fields.set(name, column);
      return column;
    });
    const keySet = { place: this.keySets.length, names, columns };
    this.keySets.push(keySet);
    return keySet;
  }

  schema(): SchemaNode {
    const fields = [...this.fields.values()];
    const places = new Map(fields.map((field, place) => [field.name, place]));
    const keySets = this.keySets.map(({ names }) => names.map((name) => places.get(name)!));
    const counts = [this.integers.length, this.texts.length] as const;
    const tag = this.#tags === undefined ? this.#tag : -1;
    const schemas = fields.map((field) => field.schema());
    const element = this.element === undefined ? ([] as const) : ([this.element.schema()] as const);
    return [this.name, this.lane, this.streams(), tag, counts, keySets, schemas, ...element];
  }

  streams(): number {
    return (
      (this.#tags === undefined ? 0 : STREAM.tags) |
      (this.keySets.length > 1 ? STREAM.keySets : 0) |
      (this.lengths.length > 0 ? STREAM.lengths : 0) |
      (this.integers.length > 0 ? STREAM.integers : 0) |
      (this.texts.length > 0 ? STREAM.texts : 0)
    );
  }
}

/** Whether an object has just these keys, in this order. */
function hasKeys(value: JsonObject, names: readonly string[]): boolean {
  let i = 0;
  for (const name in value) {
    if (names[i] === name && value[name] !== undefined) i++;
    else if ((value[name] as Json | undefined) !== undefined) return false;
  }
  return i === names.length;
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
    else addObject(column, value as JsonObject, laneOf, depth);
  }
}

function addArray(column: Column, value: readonly Json[], laneOf: LaneOf, depth: number): void {
  column.tag(TAG.array);
  column.lengths.push(value.length);
  if (value.length === 0) return;
  const element = (column.element ??= column.below(ELEMENT, laneOf));
  for (const item of value) add(element, item ?? null, laneOf, depth + 1);
}

function addObject(column: Column, value: JsonObject, laneOf: LaneOf, depth: number): void {
  column.tag(TAG.object);
  const { place, names, columns } = column.keySetOf(value, laneOf);
  column.usedKeySets.push(place);
  for (let i = 0; i < names.length; i++) add(columns[i]!, value[names[i]!]!, laneOf, depth + 1);
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

/** Streams in the order of nodes, parents first, each with its length before it. */
function writeStreams(column: Column, writers: readonly LaneWriter[]): void {
  const writer = writers[column.lane]!;
  const streams = column.streams();
  if (column.tags !== undefined) writer.stream(Uint8Array.from(column.tags));
  if (streams & STREAM.keySets) writer.stream(unsignedStream(column.usedKeySets));
  if (streams & STREAM.lengths) writer.stream(unsignedStream(column.lengths));
  if (streams & STREAM.integers) writer.stream(encodeIntegers(column.integers));
  if (streams & STREAM.texts) writer.texts(column.texts);
  for (const node of column.nodes()) writeStreams(node, writers);
}

function unsignedStream(values: readonly number[]): Bytes {
  const writer = new ByteWriter();
  for (const value of values) writer.unsigned(value);
  return writer.finish();
}

class LaneWriter {
  readonly #writer = new ByteWriter();
  readonly #splits: number[] = [];
  readonly #columns: (readonly string[])[] = [];

  texts(texts: readonly string[]): void {
    this.stream(encodeTexts(texts, this.#columns));
    this.#columns.push(texts);
  }

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
