import { bytesToText, KeepsakeError, type Bytes } from "../../base/index.ts";
import type { Json } from "./encode.ts";
import { decodeIntegers } from "./integers.ts";
import { decodeTexts } from "./strings.ts";
import { MAX_DEPTH, MAX_VISITS, STREAM, type SchemaNode } from "./table.ts";
import { ByteReader } from "./varint.ts";

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
  const readers = lanes.map((lane) => (lane === undefined ? undefined : new ByteReader(lane)));
  const head = readers[0];
  if (head === undefined) throw damaged("no-head-lane");
  const [count, root] = JSON.parse(bytesToText(head.bytes(head.unsigned()))) as [number, SchemaNode];
  if (count > MAX_VISITS) throw damaged("rows");
  const decoding: Decoding = {
    lanes: readers,
    isSorted,
    visits: MAX_VISITS,
    streams: [],
    columns: lanes.map(() => []),
  };
  const read = nodeReader(root, decoding, 0);
  const rows: Fields[] = [];
  for (let i = 0; i < count; i++) {
    const row = read?.();
    if (typeof row !== "object" || row === null || Array.isArray(row)) throw damaged("row");
    rows.push(row as Fields);
  }
  const isRest = readers.some((reader) => reader !== undefined && reader.remaining > 0);
  if (isRest || decoding.streams.some(({ values, next }) => next < values.length)) throw damaged("rest");
  return rows;
}

/** The lanes, how many values arrays may still have, and the streams that rows are read from: none may have a rest. */
interface Decoding {
  readonly lanes: readonly (ByteReader | undefined)[];
  readonly isSorted: boolean;
  visits: number;
  readonly streams: Stream<unknown>[];
  /** The columns of texts of each lane. */
  readonly columns: readonly (readonly string[])[][];
}

/** The values of a stream, and how many of them are read. */
interface Stream<T> {
  readonly values: ArrayLike<T>;
  next: number;
}

/** A function that gives the node's next value; undefined if its lane is not there. Takes its streams at once. */
function nodeReader(node: SchemaNode, decoding: Decoding, depth: number): Read | undefined {
  if (depth > MAX_DEPTH + 1) throw damaged("depth");
  const [, lane, , tag, , keySets, fieldNodes, elementNode] = node;
  const source = decoding.lanes[lane];
  const before = decoding.streams.length;
  const own = source === undefined ? undefined : takeStreams(node, source, decoding);
  const below = (child: SchemaNode): Read | undefined => nodeReader(child, decoding, depth + 1);
  const fieldReaders = fieldNodes.map((field) => ({ name: field[0], read: below(field) }));
  const element = elementNode === undefined ? undefined : below(elementNode);
  if (own === undefined) {
    // What lies in other lanes beneath a field that is not there is not read.
    decoding.streams.length = before;
    return undefined;
  }
  const shapes = keySets.map((keys) => {
    const shape = keys.map((place) => fieldReaders[place] ?? missing());
    return decoding.isSorted ? shape.sort((a, b) => (a.name < b.name ? -1 : 1)) : shape;
  });

  const readObject = (): Fields => {
    const fields: Fields = {};
    for (const { name, read } of shapes[own.keySet?.() ?? 0] ?? missing()) {
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

const ALL_STREAMS = Object.values(STREAM).reduce((all, bit) => all | bit, 0);

/** What gives the next value of each stream that a node has. */
interface NodeStreams {
  readonly tag: (() => number) | undefined;
  readonly keySet: (() => number) | undefined;
  readonly length: (() => number) | undefined;
  readonly integer: (() => number) | undefined;
  readonly text: (() => string) | undefined;
}

function takeStreams(node: SchemaNode, source: ByteReader, decoding: Decoding): NodeStreams {
  const [, lane, streams, , [integerCount, textCount]] = node;
  const columns = decoding.columns[lane]!;
  const take = <T>(bit: number, decode: (bytes: Bytes) => ArrayLike<T>): (() => T) | undefined => {
    if ((streams & bit) === 0) return undefined;
    const stream: Stream<T> = { values: decode(source.bytes(source.unsigned())), next: 0 };
    decoding.streams.push(stream);
    return () => stream.values[stream.next++] ?? missing();
  };
  if ((streams & ~ALL_STREAMS) !== 0) throw damaged("streams");
  const isCounted = (bit: number, count: number): boolean => (streams & bit) !== 0 || count === 0;
  if (!isCounted(STREAM.integers, integerCount) || !isCounted(STREAM.texts, textCount))
    throw damaged("counts");
  return {
    tag: take(STREAM.tags, (bytes) => bytes),
    keySet: take(STREAM.keySets, unsignedValues),
    length: take(STREAM.lengths, unsignedValues),
    integer: take(STREAM.integers, (bytes) => {
      const values = decodeIntegers(bytes);
      return values.length === integerCount ? values : missing();
    }),
    text: take(STREAM.texts, (bytes) => {
      const texts = decodeTexts(bytes, textCount, columns);
      columns.push(texts);
      return texts;
    }),
  };
}

function unsignedValues(bytes: Bytes): number[] {
  const reader = new ByteReader(bytes);
  const values: number[] = [];
  while (reader.remaining > 0) values.push(reader.unsigned());
  return values;
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
