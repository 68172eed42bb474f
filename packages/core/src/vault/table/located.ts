import { bytesToText, KeepsakeError, type Bytes } from "../../base/index.ts";
import { MAX_DEPTH, MAX_VISITS, STREAM, type SchemaNode } from "./table.ts";
import { ByteReader } from "./varint.ts";

/** A table of which it is known where each stream lies; nothing of them is decoded. */
export interface LocatedTable {
  readonly rows: number;
  readonly root: LocatedNode;
}

/** A node, and its streams as they lie in its lane. */
export interface LocatedNode {
  readonly name: string;
  /** Of all its values; -1 where they differ. */
  readonly tag: number;
  readonly keySets: readonly (readonly number[])[];
  readonly integerCount: number;
  /** Undefined where its lane was not given. */
  readonly streams: Streams | undefined;
  readonly fields: readonly LocatedNode[];
  readonly element: LocatedNode | undefined;
}

/** The streams that a node has. */
export interface Streams {
  readonly tags: Bytes | undefined;
  readonly keySets: Bytes | undefined;
  readonly lengths: Bytes | undefined;
  readonly integers: Bytes | undefined;
  readonly texts: TextStream | undefined;
}

/** A column of texts, and its place among the columns of texts of its lane. */
export interface TextStream {
  readonly bytes: Bytes;
  readonly count: number;
  readonly columns: readonly TextStream[];
  readonly place: number;
}

const ALL_STREAMS = Object.values(STREAM).reduce((all, bit) => all | bit, 0);

/** Throws `vault.corrupt` if the lanes do not hold just the streams that the schema tells of. */
export function locateTable(lanes: readonly (Bytes | undefined)[]): LocatedTable {
  const readers = lanes.map((lane) => (lane === undefined ? undefined : new ByteReader(lane)));
  const head = readers[0];
  if (head === undefined) throw damaged("no-head-lane");
  const [rows, schema] = JSON.parse(bytesToText(head.bytes(head.unsigned()))) as [number, SchemaNode];
  if (rows > MAX_VISITS) throw damaged("rows");
  const root = locate(schema, { lanes: readers, columns: lanes.map(() => []) }, 0);
  if (readers.some((reader) => reader !== undefined && reader.remaining > 0)) throw damaged("rest");
  return { rows, root };
}

interface Locating {
  readonly lanes: readonly (ByteReader | undefined)[];
  /** The columns of texts of each lane, as far as they were found. */
  readonly columns: readonly TextStream[][];
}

/** Streams lie in the order of the tree: a node's own, then those of its fields, then those of its element. */
function locate(node: SchemaNode, locating: Locating, depth: number): LocatedNode {
  if (depth > MAX_DEPTH + 1) throw damaged("depth");
  const [name, lane, , tag, [integerCount], keySets, fields, element] = node;
  const source = locating.lanes[lane];
  const streams = source === undefined ? undefined : takeStreams(node, source, locating);
  const below = (child: SchemaNode): LocatedNode => locate(child, locating, depth + 1);
  return {
    name,
    tag,
    keySets,
    integerCount,
    streams,
    fields: fields.map(below),
    element: element && below(element),
  };
}

function takeStreams(node: SchemaNode, source: ByteReader, { columns }: Locating): Streams {
  const [, lane, streams, , [integerCount, textCount]] = node;
  if ((streams & ~ALL_STREAMS) !== 0) throw damaged("streams");
  const isCounted = (bit: number, count: number): boolean => (streams & bit) !== 0 || count === 0;
  if (!isCounted(STREAM.integers, integerCount) || !isCounted(STREAM.texts, textCount))
    throw damaged("counts");
  const take = (bit: number): Bytes | undefined =>
    (streams & bit) === 0 ? undefined : source.bytes(source.unsigned());
  const [tags, keySets, lengths] = [take(STREAM.tags), take(STREAM.keySets), take(STREAM.lengths)];
  const [integers, bytes] = [take(STREAM.integers), take(STREAM.texts)];
  const own = columns[lane]!;
  const texts = bytes && { bytes, count: textCount, columns: own, place: own.length };
  if (texts !== undefined) own.push(texts);
  return { tags, keySets, lengths, integers, texts };
}

function damaged(what: string): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: `table-${what}` } });
}
