/*
 * FORMAT.md, "Tables": rows of JSON in columns. A table is a tree of nodes, one for each path that occurs: the row
 * itself, its fields, the elements of an array (one node for all of them). A node has up to five streams: the tags
 * of its values, the key sets of its objects, the lengths of its arrays, its whole numbers, its texts. The streams
 * of a node lie in the node's lane, so that a lane can be fetched and opened without the others.
 */

/** What a value is. */
export const TAG: Readonly<
  Record<"text" | "integer" | "true" | "false" | "null" | "object" | "array" | "number", number>
> = {
  text: 0,
  integer: 1,
  true: 2,
  false: 3,
  null: 4,
  object: 5,
  array: 6,
  /** A number that is no safe integer, as its JSON text among the texts. */
  number: 7,
};

/** Which streams a node has: bits of its `streams`. */
export const STREAM: Readonly<Record<"tags" | "keySets" | "lengths" | "integers" | "texts", number>> = {
  tags: 1,
  keySets: 2,
  lengths: 4,
  integers: 8,
  texts: 16,
};

/** A node as it is written; tag -1 where they differ, no element where it is never an array with items. */
export type SchemaNode = readonly [
  name: string,
  lane: number,
  streams: number,
  tag: number,
  counts: readonly [integers: number, texts: number],
  keySets: readonly (readonly number[])[],
  fields: readonly SchemaNode[],
  element?: SchemaNode,
];

/** Which lane a path belongs to; undefined: its parent's. An element of an array has the name `[]`. */
export type LaneOf = (path: readonly string[]) => number | undefined;

/** A table's lane: its bytes, and where long streams begin and end, which compress better apart. */
export interface Lane {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly splits: readonly number[];
}

export const ELEMENT = "[]";
export const MAX_DEPTH = 64;
export const MAX_VISITS = 50_000_000;
