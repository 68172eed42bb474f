import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, KeepsakeError, type Bytes } from "../../base/index.ts";
import { NONE, ONLY, TableColumns, type ColumnOf, type TextColumn, type Utf8Column } from "./columns.ts";
import { SharedRoom } from "../room.ts";
import { encodeTable, type Json } from "./encode.ts";
import { readBlockUnits } from "./text-block.ts";
import { ByteReader, ByteWriter } from "./varint.ts";

type Row = Record<string, Json>;

const oddText = fc.string({ unit: fc.constantFrom(..."ab好\ud800\udc00\u000112".split("")), maxLength: 5 });
const leaf = fc.oneof(
  oddText,
  fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }).map(String),
  fc.nat(3).map(String),
  fc.integer(),
  fc.constantFrom(true, false, null, 1.5),
);
const some = <T extends Json>(value: fc.Arbitrary<T>): fc.Arbitrary<Json> => fc.oneof(leaf, value);
const element = fc.record({ x: leaf, y: leaf }, { requiredKeys: [] });
const row = fc.record(
  {
    a: leaf,
    ids: fc.bigInt({ min: 0n, max: 99_999n }).map(String),
    long: fc.bigInt({ min: 10n ** 18n, max: 10n ** 19n }).map(String),
    made: fc.nat(99).map((id) => `message-${id}`),
    b: some(fc.record({ c: leaf, d: some(fc.record({ e: leaf })) }, { requiredKeys: [] })),
    list: some(fc.array(element, { maxLength: 2 })),
  },
  { requiredKeys: [] },
) as unknown as fc.Arbitrary<Row>;

const paths = [
  ["a"],
  ["ids"],
  ["made"],
  ["b", "c"],
  ["b", "d", "e"],
  ["list", ONLY, "x"],
  ["none"],
  ["a", "c"],
];

function lanesOf(rows: readonly Row[]): Bytes[] {
  const laneOf = (path: readonly string[]): number | undefined => (path.at(-1) === "b" ? 1 : undefined);
  return encodeTable(rows, laneOf, 2).map(({ bytes }) => bytes.slice());
}

/** What a row has at a path. */
function valueIn(value: Json | undefined, [name, ...path]: readonly string[]): Json | undefined {
  if (name === undefined || value === undefined) return value;
  if (name === ONLY)
    return Array.isArray(value) && value.length === 1 ? valueIn(value[0] as Json, path) : undefined;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && Object.hasOwn(value, name) ? valueIn((value as Row)[name], path) : undefined;
}

function valuesOf<T, V>(
  column: ColumnOf<T> | undefined,
  rows: number,
  get: (values: T, at: number) => V,
): unknown[] {
  return Array.from({ length: rows }, (_, i) => {
    const at = column?.of[i] ?? NONE;
    return at === NONE ? undefined : get(column!.values, at);
  });
}

function textIn({ units, starts, places }: TextColumn, at: number): string {
  const place = places === undefined ? at : places[at]!;
  return String.fromCharCode(...units.subarray(starts[place], starts[place + 1]));
}

function utf8In({ bytes, starts }: Utf8Column, at: number): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
    .decode(bytes)
    .slice(starts[at], starts[at + 1]);
}

/** An object without one of its fields. */
function withoutC(value: Json | undefined): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== "c"));
}

test("each column holds what the rows have there", () => {
  const room = new SharedRoom();
  const property = fc.property(fc.array(row), (rows) => {
    room.clear();
    const table = new TableColumns(lanesOf(rows), room);
    expect(table.rows).toBe(rows.length);
    for (const path of paths) {
      const inRows = rows.map((each) => valueIn(each, path));
      const only = (isOne: (value: Json | undefined) => boolean): (Json | undefined)[] =>
        inRows.map((value) => (isOne(value) ? value : undefined));
      expect(valuesOf(table.texts(path), rows.length, textIn)).toEqual(
        only((value) => typeof value === "string"),
      );
      expect(valuesOf(table.integers(path), rows.length, (values, at) => values[at])).toEqual(
        only((value) => Number.isSafeInteger(value)),
      );
      const unchecked = valuesOf(table.unchecked(path), rows.length, textIn);
      const isMarked = (text: Json | undefined): boolean =>
        typeof text === "string" && /[\u0001-\u0004]/.test(text);
      expect(unchecked.map((text, i) => (isMarked(inRows[i]) ? "" : text))).toEqual(
        only((value) => typeof value === "string").map((text) => (isMarked(text) ? "" : text)),
      );
      const utf8 = table.utf8(path);
      if (utf8 !== undefined)
        expect(valuesOf(utf8, rows.length, (values, at) => utf8In(values, at))).toEqual(
          only((value) => typeof value === "string"),
        );
      const ids = table.ids(path);
      if (ids !== undefined)
        expect(valuesOf(ids, rows.length, (values, at) => String(values[at]))).toEqual(
          only((value) => typeof value === "string"),
        );
      const marks = table.marks(path);
      if (marks !== undefined) {
        const marked = valuesOf(marks, rows.length, (values, at) => values[at]);
        const known = new Map(marked.map((mark, i) => [mark, inRows[i]]));
        expect(marked.map((mark) => mark !== undefined)).toEqual(
          inRows.map((value) => typeof value === "string"),
        );
        for (const [i, mark] of marked.entries())
          if (mark !== undefined) expect(known.get(mark)).toBe(inRows[i]);
        expect(new Set(marked.filter((mark) => mark !== undefined)).size).toBe(
          new Set(inRows.filter((value) => typeof value === "string")).size,
        );
      }
      const places = table.places(path);
      if (places !== undefined)
        expect([...places].map((at) => at !== NONE)).toEqual(inRows.map((value) => value !== undefined));
      if (path.includes(ONLY)) continue;
      expect(valuesOf(table.values(path), rows.length, (values, at) => values[at])).toEqual(inRows);
      const rest = table.values(path, ["c"]);
      expect(valuesOf(rest, rows.length, (values, at) => values[at])).toEqual(inRows.map(withoutC));
    }
  });
  fc.assert(property, { numRuns: 500 });
});

test("fields of a lane that is not there have no column", () => {
  const [head] = lanesOf([{ a: "1", b: { c: "2" } }]);
  const table = new TableColumns([head!, undefined]);
  expect(table.texts(["b", "c"])).toBeUndefined();
  expect(valuesOf(table.texts(["a"]), 1, textIn)).toEqual(["1"]);
});

test("what no table is made of is refused", () => {
  const [head, rest] = lanesOf([{ a: "x", b: { c: "y" } }]) as [Bytes, Bytes];
  for (const lanes of [
    [],
    [undefined, rest],
    [head, rest.subarray(1)],
    [concatBytes(head, new Uint8Array(1)), rest],
  ])
    expect(() => new TableColumns(lanes).texts(["b", "c"])).toThrow(KeepsakeError);
});

test("a block of texts has the code units that a decoder of UTF-8 gives, and is refused where that refuses", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const edges = "00 41 7f 80 8f 90 9f a0 bf c0 c1 c2 df e0 e4 ed ef f0 f1 f4 f5 f8 ff".split(" ");
  const near = fc.constantFrom(...edges.map((digits) => Number.parseInt(digits, 16)));
  const bytes = fc.oneof(
    fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
    fc.array(near, { maxLength: 6 }).map((some) => Uint8Array.from(some)),
  );
  const property = fc.property(bytes, (encoded) => {
    let expected: string | undefined;
    try {
      expected = strict.decode(encoded);
    } catch {}
    const lengths = expected === undefined ? [1, 2, 3, 4, 5, 6] : [expected.length];
    for (const length of lengths) {
      const writer = new ByteWriter();
      for (const number of [1, length]) writer.unsigned(number);
      writer.byte(0);
      writer.unsigned(encoded.length);
      writer.bytes(encoded);
      const read = (): string =>
        String.fromCharCode(...readBlockUnits(new ByteReader(writer.finish())).units);
      if (expected === undefined) expect(read).toThrow(KeepsakeError);
      else expect(read()).toBe(expected);
    }
  });
  fc.assert(property, { numRuns: 2000 });
});
