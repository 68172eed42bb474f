import { bytesToText, KeepsakeError, type Bytes } from "../../base/index.ts";
import type { Json } from "./encode.ts";
import { integerReader } from "./integers.ts";
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
  const decoding = { lanes: readers, isSorted, visits: MAX_VISITS };
  const read = nodeReader(root, decoding, 0);
  const rows: Fields[] = [];
  for (let i = 0; i < count; i++) {
    const row = read?.();
    if (typeof row !== "object" || row === null || Array.isArray(row)) throw damaged("row");
    rows.push(row as Fields);
  }
  if (readers.some((reader) => reader !== undefined && reader.remaining > 0)) throw damaged("rest");
  return rows;
}

/** The lanes, and how many values arrays may still have. */
interface Decoding {
  readonly lanes: readonly (ByteReader | undefined)[];
  readonly isSorted: boolean;
  visits: number;
}

/** A function that gives the node's next value; undefined if its lane is not there. Takes its streams at once. */
function nodeReader(node: SchemaNode, decoding: Decoding, depth: number): Read | undefined {
  if (depth > MAX_DEPTH + 1) throw damaged("depth");
  const [, lane, streams, tag, [, textCount], keySets, fieldNodes, elementNode] = node;
  const source = decoding.lanes[lane];
  const stream = (bit: number): Bytes | undefined =>
    source !== undefined && (streams & bit) !== 0 ? source.bytes(source.unsigned()) : undefined;
  const tags = stream(STREAM.tags);
  const nextKeySet = unsignedReader(stream(STREAM.keySets));
  const nextLength = unsignedReader(stream(STREAM.lengths));
  const integers = stream(STREAM.integers);
  const nextInteger = integers === undefined ? undefined : integerReader(integers);
  const texts = stream(STREAM.texts);
  const nextText = texts === undefined ? undefined : listReader(decodeTexts(texts, textCount));
  const below = (child: SchemaNode): Read | undefined => nodeReader(child, decoding, depth + 1);
  const fieldReaders = fieldNodes.map((field) => ({ name: field[0], read: below(field) }));
  const element = elementNode === undefined ? undefined : below(elementNode);
  if (source === undefined) return undefined;
  const nextTag = tags === undefined ? () => tag : listReader(tags);
  const shapes = keySets.map((keys) => {
    const shape = keys.map((place) => fieldReaders[place] ?? missing());
    return decoding.isSorted ? shape.sort((a, b) => (a.name < b.name ? -1 : 1)) : shape;
  });

  const readObject = (): Fields => {
    const fields: Fields = {};
    for (const { name, read } of shapes[nextKeySet?.() ?? 0] ?? missing()) {
      const value = read?.();
      if (value !== undefined) setField(fields, name, value);
    }
    return fields;
  };
  const readArray = (): Json[] => {
    const length = (nextLength ?? missing())();
    if ((decoding.visits -= length) < 0) throw damaged("visits");
    const items: Json[] = [];
    for (let i = 0; i < length; i++) items.push(element?.() ?? null);
    return items;
  };
  const readers: readonly (() => Json)[] = [
    () => (nextText ?? missing())(),
    () => (nextInteger ?? missing())(),
    () => true,
    () => false,
    () => null,
    readObject,
    readArray,
    () => JSON.parse((nextText ?? missing())()) as number,
  ];
  if (tags === undefined) return readers[tag];
  return () => (readers[nextTag()] ?? missing())();
}

/** `__proto__` is a name like any other. */
function setField(fields: Fields, name: string, value: Json): void {
  if (name !== "__proto__") fields[name] = value;
  else Object.defineProperty(fields, name, { value, enumerable: true, writable: true, configurable: true });
}

function unsignedReader(bytes: Bytes | undefined): (() => number) | undefined {
  if (bytes === undefined) return undefined;
  const reader = new ByteReader(bytes);
  return () => reader.unsigned();
}

function listReader<T>(list: ArrayLike<T>): () => T {
  let next = 0;
  return () => list[next++] ?? missing();
}

function missing(): never {
  throw damaged("value");
}

function damaged(what: string): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: `table-${what}` } });
}
