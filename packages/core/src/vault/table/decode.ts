import { KeepsakeError, type Bytes } from "../../base/index.ts";
import type { Json } from "./encode.ts";
import { decodeIntegers } from "./integers.ts";
import { locateTable, type LocatedNode, type Streams, type TextStream } from "./located.ts";
import { decodeTexts } from "./strings.ts";
import { looseRoom, type Room } from "../room.ts";
import { MAX_VISITS } from "./table.ts";
import { ByteReader, countNumbers } from "./varint.ts";

type Read = () => Json | undefined;
type Fields = Record<string, Json>;

export interface DecodeOptions {
  /** Whether the keys of every object come in the order of their code units; else in the order of the encoded rows. */
  readonly isSorted?: boolean | undefined;
}

/**
 * The rows of a table. Where a lane is not given, the fields that lie in it are absent.
 * Throws `vault.corrupt` if the lanes are not what `encodeTable` wrote.
 */
export function decodeTable(lanes: readonly (Bytes | undefined)[], options: DecodeOptions = {}): Fields[] {
  try {
    return decodeLanes(lanes, options);
  } catch (cause) {
    if (KeepsakeError.is(cause)) throw cause;
    throw new KeepsakeError("vault.corrupt", { cause, details: { what: "table-schema" } });
  }
}

function decodeLanes(lanes: readonly (Bytes | undefined)[], { isSorted = false }: DecodeOptions): Fields[] {
  const { rows: count, root } = locateTable(lanes);
  const decoding = new Decoding(isSorted);
  const read = nodeReader(root, decoding);
  const rows: Fields[] = [];
  for (let i = 0; i < count; i++) {
    const row = read?.();
    if (typeof row !== "object" || row === null || Array.isArray(row)) throw damaged("row");
    rows.push(row as Fields);
  }
  decoding.checkRest();
  return rows;
}

/** How many values arrays may still have, and the streams that values are read from: none may have a rest. */
export class Decoding {
  readonly isSorted: boolean;
  visits: number = MAX_VISITS;
  readonly #streams: Stream<unknown>[] = [];
  readonly #texts = new Map<TextStream, readonly string[]>();

  constructor(isSorted: boolean) {
    this.isSorted = isSorted;
  }

  checkRest(): void {
    if (this.#streams.some(({ values, next }) => next < values.length)) throw damaged("rest");
  }

  /** What gives the next value of a stream; undefined where there is none. */
  next<T>(values: ArrayLike<T> | undefined): (() => T) | undefined {
    if (values === undefined) return undefined;
    const stream: Stream<T> = { values, next: 0 };
    this.#streams.push(stream);
    return () => stream.values[stream.next++] ?? missing();
  }

  texts(stream: TextStream | undefined): readonly string[] | undefined {
    if (stream === undefined) return undefined;
    const known = this.#texts.get(stream);
    if (known !== undefined) return known;
    const { bytes, count, columns, place } = stream;
    const texts = decodeTexts(bytes, count, { length: place, at: (other) => this.texts(columns[other]) });
    this.#texts.set(stream, texts);
    return texts;
  }
}

/** The values of a stream, and how many of them are read. */
interface Stream<T> {
  readonly values: ArrayLike<T>;
  next: number;
}

/** A function that gives the node's next value; undefined if its lane is not there. */
export function nodeReader(node: LocatedNode, decoding: Decoding): Read | undefined {
  const { tag, keySets, fields: fieldNodes, streams } = node;
  // What lies in other lanes beneath a field that is not there is not read.
  if (streams === undefined) return undefined;
  const own = streamsOf(node, streams, decoding);
  const fieldReaders = fieldNodes.map((field) => ({ name: field.name, read: nodeReader(field, decoding) }));
  const element = node.element && nodeReader(node.element, decoding);
  const shapes = keySets.map((keys) => {
    const shape = keys.map((place) => fieldReaders[place] ?? missing());
    return decoding.isSorted ? shape.sort((a, b) => (a.name < b.name ? -1 : 1)) : shape;
  });

  const readObject = (): Fields => {
    const fields: Fields = {};
    const shape = shapes[own.keySet?.() ?? 0] ?? missing();
    for (let i = 0; i < shape.length; i++) {
      const { name, read } = shape[i]!;
      const value = read?.();
      if (value !== undefined) setField(fields, name, value);
    }
    return fields;
  };
  const readArray = (): Json[] => {
    const length = (own.length ?? missing())();
    if ((decoding.visits -= length) < 0) throw damaged("visits");
    const items: Json[] = [];
    for (let i = 0; i < length; i++) items.push(element?.() ?? null);
    return items;
  };
  const readers: readonly (() => Json)[] = [
    own.text ?? missing,
    own.integer ?? missing,
    () => true,
    () => false,
    () => null,
    readObject,
    readArray,
    () => otherNumber((own.text ?? missing())()),
  ];
  const { tag: nextTag } = own;
  if (nextTag === undefined) return readers[tag] ?? missing;
  return () => (readers[nextTag()] ?? missing())();
}

/** What gives the next value of each stream that a node has. */
interface NodeStreams {
  readonly tag: (() => number) | undefined;
  readonly keySet: (() => number) | undefined;
  readonly length: (() => number) | undefined;
  readonly integer: (() => number) | undefined;
  readonly text: (() => string) | undefined;
}

function streamsOf(node: LocatedNode, streams: Streams, decoding: Decoding): NodeStreams {
  return {
    tag: decoding.next(streams.tags),
    keySet: decoding.next(unsignedValues(streams.keySets)),
    length: decoding.next(unsignedValues(streams.lengths)),
    integer: decoding.next(integerValues(node)),
    text: decoding.next(decoding.texts(streams.texts)),
  };
}

/** The whole numbers of a node. */
export function integerValues({ streams, integerCount }: LocatedNode, room?: Room): Float64Array | undefined {
  if (streams?.integers === undefined) return undefined;
  const values = decodeIntegers(streams.integers, room);
  return values.length === integerCount ? values : missing();
}

/** All whole numbers of a stream; those of key sets and lengths are small. */
export function unsignedValues(bytes: Bytes | undefined, room: Room = looseRoom): Uint32Array | undefined {
  if (bytes === undefined) return undefined;
  const count = countNumbers(bytes);
  const values = room.uint32(count);
  if (count === bytes.length) {
    values.set(bytes);
    return values;
  }
  const reader = new ByteReader(bytes);
  reader.unsignedInto(values, MAX_VISITS + 1);
  return reader.remaining === 0 ? values : missing();
}

function otherNumber(text: string): number {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "number") throw damaged("number");
  return value;
}

/** `__proto__` is a name like any other. */
function setField(fields: Fields, name: string, value: Json): void {
  if (name !== "__proto__") fields[name] = value;
  else Object.defineProperty(fields, name, { value, enumerable: true, writable: true, configurable: true });
}

function missing(): never {
  throw damaged("value");
}

function damaged(what: string): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: `table-${what}` } });
}
