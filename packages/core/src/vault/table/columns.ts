import { KeepsakeError, type Bytes } from "../../base/index.ts";
import { Decoding, integerValues, nodeReader, unsignedValues } from "./decode.ts";
import type { Json } from "./encode.ts";
import { locateTable, type LocatedNode, type LocatedTable, type TextStream } from "./located.ts";
import {
  decodeIds,
  decodeMarks,
  decodeTextColumn,
  decodeUtf8Column,
  type Marks,
  type TextColumn,
} from "./strings.ts";
import { looseRoom, type Room } from "../room.ts";
import { TAG } from "./table.ts";
import type { BlockUtf8 as Utf8Column } from "./text-block.ts";

export type { TextColumn, Utf8Column };

/** Stands for a row that has no value. */
export const NONE: number = -1;

/** The values at one path, and which of them each row has; `NONE` for a row that has none. */
export interface ColumnOf<T> {
  readonly of: Int32Array;
  readonly values: T;
}

/**
 * A table by its columns: for who needs little of many rows. Nothing is decoded but what is asked for, and no row
 * becomes an object. What is asked for in lanes that were not given is not there. All throw `vault.corrupt`.
 */
export class TableColumns {
  readonly rows: number;
  readonly #table: LocatedTable;
  readonly #room: Room;
  /** Which values of a node each row has, of those that were asked for or lie above one. */
  readonly #places = new Map<LocatedNode, Place>();
  readonly #objects = new Map<LocatedNode, Objects>();
  readonly #marks = new Map<TextStream, Marks>();

  /** `room`: where the columns are put, as long as they are looked at. */
  constructor(lanes: readonly (Bytes | undefined)[], room: Room = looseRoom) {
    this.#room = room;
    this.#table = orCorrupt(() => locateTable(lanes));
    this.rows = this.#table.rows;
  }

  /** Which values there are at a path, whatever they are. */
  places(path: readonly string[]): Int32Array | undefined {
    return this.#column(path, ({ of }) => of);
  }

  /** The whole numbers at a path. */
  integers(path: readonly string[]): ColumnOf<Float64Array> | undefined {
    return this.#column(path, ({ node, of }) => {
      const values = integerValues(node, this.#room);
      return values && { of: ranked(of, node, [TAG.integer], this.#room), values };
    });
  }

  /** The texts at a path. */
  texts(path: readonly string[]): ColumnOf<TextColumn> | undefined {
    return this.#texts(path, true);
  }

  /**
   * The same for who only compares texts, with less work: where a column is not what a writer makes, it may be other
   * texts, and where one has a character of U+0001 to U+0004, that may stand for another.
   */
  unchecked(path: readonly string[]): ColumnOf<TextColumn> | undefined {
    return this.#texts(path, false);
  }

  #texts(path: readonly string[], isChecked: boolean): ColumnOf<TextColumn> | undefined {
    return this.#column(path, ({ node, of }) => {
      const stream = node.streams?.texts;
      const marks = stream && !isChecked ? this.#marks.get(stream) : undefined;
      const values = stream && textColumn(stream, { marks, room: this.#room, isChecked });
      return values && { of: ranked(of, node, textTags, this.#room), values };
    });
  }

  /** The texts at a path as they lie, where that is UTF-8 of each text after the other, and not ASCII alone. */
  utf8(path: readonly string[]): ColumnOf<Utf8Column> | undefined {
    return this.#column(path, ({ node, of }) => {
      const stream = node.streams?.texts;
      const values = stream && decodeUtf8Column(stream.bytes, stream.count, this.#room);
      return values && { of: ranked(of, node, textTags, this.#room), values };
    });
  }

  /** The texts at a path as numbers, where they are exact ones in decimal; undefined otherwise. */
  ids(path: readonly string[]): ColumnOf<Float64Array> | undefined {
    return this.#column(path, ({ node, of }) => {
      const stream = node.streams?.texts;
      const values = stream && decodeIds(stream.bytes, stream.count, this.#room);
      return values && { of: ranked(of, node, textTags, this.#room), values };
    });
  }

  /** A number for each text at a path, the same for the same text alone; undefined where that takes looking at them. */
  marks(path: readonly string[]): ColumnOf<Marks> | undefined {
    return this.#column(path, ({ node, of }) => {
      const stream = node.streams?.texts;
      const options = { room: this.#room, isChecked: false };
      const values = stream && decodeMarks(stream.bytes, stream.count, options);
      if (values !== undefined) this.#marks.set(stream!, values);
      return values && { of: ranked(of, node, textTags, this.#room), values };
    });
  }

  /** Whatever lies at a path, as it would in the row; of objects, without the fields of some names. */
  values(path: readonly string[], without: readonly string[] = []): ColumnOf<readonly Json[]> | undefined {
    return this.#column(path, ({ node, of }) => {
      const decoding = new Decoding(false);
      const fields = node.fields.map((field) =>
        without.includes(field.name) ? { ...field, streams: undefined } : field,
      );
      const read = nodeReader({ ...node, fields }, decoding);
      if (read === undefined) return undefined;
      const values: Json[] = [];
      for (let count = countOf(of); count > 0; count--) values.push(read()!);
      decoding.checkRest();
      return { of, values };
    });
  }

  #column<T>(path: readonly string[], column: (place: Place) => T): T | undefined {
    return orCorrupt(() => {
      const { root } = this.#table;
      let place: Place | undefined = this.#known(root, () => ({
        node: root,
        of: identity(this.rows, this.#room),
      }));
      for (const name of path) place = place && this.#below(place, name);
      return place && column(place);
    });
  }

  #below(place: Place, name: string): Place | undefined {
    const { element, fields, streams } = place.node;
    const child = name === ONLY ? element : fields.find((field) => field.name === name);
    if (child === undefined || streams === undefined) return undefined;
    return this.#known(child, () =>
      name === ONLY ? onlyElement(place, child, this.#room) : this.#field(place, child),
    );
  }

  #field({ node, of }: Place, child: LocatedNode): Place {
    let objects = this.#objects.get(node);
    if (objects === undefined) {
      objects = {
        of: ranked(of, node, [TAG.object], this.#room),
        keySets: unsignedValues(node.streams?.keySets, this.#room),
      };
      this.#objects.set(node, objects);
    }
    return field(node, objects, child, this.#room);
  }

  #known(node: LocatedNode, make: () => Place): Place {
    const place = this.#places.get(node) ?? make();
    this.#places.set(node, place);
    return place;
  }
}

/** In a path: the element of an array that has just one. */
export const ONLY: string = "[]";

const textTags: readonly number[] = [TAG.text, TAG.number];

interface Place {
  readonly node: LocatedNode;
  readonly of: Int32Array;
}

/** Which of a node's objects each row has, and which keys each object has. */
interface Objects {
  readonly of: Int32Array;
  readonly keySets: Uint32Array | undefined;
}

function field(node: LocatedNode, { of, keySets }: Objects, child: LocatedNode, room: Room): Place {
  const at = node.fields.indexOf(child);
  const isIn = new Uint8Array(node.keySets.length);
  for (let i = 0; i < isIn.length; i++) isIn[i] = node.keySets[i]!.includes(at) ? 1 : 0;
  if (keySets === undefined) return { node: child, of: isIn[0] === 1 ? of : nowhere(of.length, room) };
  const children = room.int32(keySets.length);
  let next = 0;
  for (let i = 0; i < keySets.length; i++) children[i] = isIn[keySets[i]!] === 1 ? next++ : NONE;
  return { node: child, of: through(of, children, room) };
}

function onlyElement({ node, of }: Place, child: LocatedNode, room: Room): Place {
  const lengths = unsignedValues(node.streams?.lengths, room) ?? new Uint32Array();
  const elements = room.int32(lengths.length);
  let start = 0;
  for (let i = 0; i < lengths.length; i++) {
    elements[i] = lengths[i] === 1 ? start : NONE;
    start += lengths[i]!;
  }
  return { node: child, of: through(ranked(of, node, [TAG.array], room), elements, room) };
}

/** Which of the values of a kind each row has: those of the first tag, counted among all of the tags. */
function ranked(
  of: Int32Array,
  { tag, streams }: LocatedNode,
  tags: readonly number[],
  room: Room,
): Int32Array {
  const own = streams?.tags;
  if (own === undefined) return tag === tags[0] ? of : nowhere(of.length, room);
  const ranks = room.int32(own.length);
  let next = 0;
  for (let i = 0; i < own.length; i++) {
    const rank = tags.includes(own[i]!) ? next++ : NONE;
    ranks[i] = own[i] === tags[0] ? rank : NONE;
  }
  return through(of, ranks, room);
}

function through(of: Int32Array, places: Int32Array, room: Room): Int32Array {
  if (identities.has(of) && of.length === places.length) return places;
  const next = room.int32(of.length);
  for (let i = 0; i < of.length; i++) next[i] = of[i] === NONE ? NONE : (places[of[i]!] ?? missing());
  return next;
}

function nowhere(length: number, room: Room): Int32Array {
  return room.int32(length).fill(NONE);
}

/** Each row has the value of its own place: that of the rows themselves, and of what all of them have. */
function identity(length: number, room: Room): Int32Array {
  const of = room.int32(length);
  for (let i = 0; i < length; i++) of[i] = i;
  identities.add(of);
  return of;
}

const identities = new WeakSet<Int32Array>();

/** How many values there are; each belongs to a row. */
function countOf(of: Int32Array): number {
  let most = NONE;
  for (let i = 0; i < of.length; i++) if (of[i]! > most) most = of[i]!;
  return most + 1;
}

function textColumn(
  { bytes, count, columns, place }: TextStream,
  reading: { readonly marks: Marks | undefined; readonly room: Room; readonly isChecked: boolean },
): TextColumn {
  const decoding = new Decoding(false);
  const before = { length: place, at: (other: number) => decoding.texts(columns[other]) };
  return decodeTextColumn(bytes, count, { before, ...reading });
}

function missing(): never {
  throw damaged();
}

function damaged(cause?: unknown): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { cause, details: { what: "table-column" } });
}

function orCorrupt<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (KeepsakeError.is(cause)) throw cause;
    throw damaged(cause);
  }
}
