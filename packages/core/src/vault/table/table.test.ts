import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToText, concatBytes, KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { decodeTable } from "./decode.ts";
import { encodeTable, type Json } from "./encode.ts";
import { decodeTexts, encodeTexts } from "./strings.ts";
import type { LaneOf } from "./table.ts";
import { ByteReader, ByteWriter } from "./varint.ts";

const oneLane: LaneOf = () => 0;
const threeLanes: LaneOf = (path) => ({ text: 1, rest: 2 })[path.at(-1) ?? ""];

function roundTrip(rows: readonly object[], laneOf: LaneOf = oneLane, lanes = 1): unknown[] {
  return decodeTable(encodeTable(rows, laneOf, lanes).map((lane) => lane.bytes.slice()));
}

const row = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })) as fc.Arbitrary<Record<string, Json>>;
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

describe("a table", () => {
  test("gives back the rows that went in", () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const expected = rows.map((r) => JSON.stringify(r));
        expect(roundTrip(rows).map((r) => JSON.stringify(r))).toEqual(expected);
      }),
    );
  });

  test("gives back any text, lone surrogates and marks of templates included", () => {
    const nasty = fc.oneof(
      anyText,
      fc.stringMatching(/^[0-9a-f\u0001-\u0005]{0,40}$/),
      fc.stringMatching(/^photos\/photo_[0-9]{1,20}@[0-9]{2}-[0-9]{2}\.jpg$/),
      fc.bigInt().map(String),
    );
    fc.assert(
      fc.property(fc.array(nasty), (texts) => {
        expect(roundTrip(texts.map((text) => ({ text })))).toEqual(texts.map((text) => ({ text })));
      }),
    );
  });

  test("gives back any safe integer and any other number", () => {
    const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(fc.array(number), (values) => {
        const plain = values.map((value) => (value === 0 ? 0 : value));
        expect(roundTrip(values.map((value) => ({ value })))).toEqual(plain.map((value) => ({ value })));
      }),
    );
  });

  test("keeps a field named __proto__ as data", () => {
    const rows = [JSON.parse('{"__proto__":{"polluted":true},"a":1}') as object];
    const [back] = roundTrip(rows) as [Record<string, unknown>];
    expect(Object.keys(back)).toEqual(["__proto__", "a"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("can be opened without the lanes that are not needed", () => {
    const rows = [
      { time: 1, text: "a", rest: { deep: [1, 2] } },
      { time: 2, rest: "x" },
    ];
    const lanes = encodeTable(rows, threeLanes, 3).map((lane) => lane.bytes.slice());
    expect(decodeTable(lanes)).toEqual(rows);
    expect(decodeTable([lanes[0], lanes[1], undefined])).toEqual([{ time: 1, text: "a" }, { time: 2 }]);
    expect(decodeTable([lanes[0], undefined, undefined])).toEqual([{ time: 1 }, { time: 2 }]);
  });

  test("refuses lanes cut short, and never hangs or takes memory without bound on damaged ones", () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({
      time: i * 1000,
      text: `message ${i}`,
      rest: [i, null],
    }));
    const [lane] = encodeTable(rows, oneLane, 1).map((each) => each.bytes.slice());
    for (let length = 0; length < lane!.length; length++) {
      expect(() => decodeTable([lane!.slice(0, length)])).toThrow(KeepsakeError);
    }
    fc.assert(
      fc.property(fc.nat(lane!.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = lane!.slice();
        damaged[at]! ^= flip;
        try {
          decodeTable([damaged]);
        } catch (error) {
          expect(KeepsakeError.is(error, "vault.corrupt")).toBe(true);
        }
      }),
    );
  });

  test("uses up every stream, and the counts of its schema are those of its columns", () => {
    const rows = [
      { a: 1, list: [1, 2], text: "x" },
      { a: null, list: [], other: "yz" },
    ];
    const { schema, streams } = laneParts(encodeTable(rows, oneLane, 1)[0]!.bytes);
    expect(decodeTable([laneOfParts(schema, streams)])).toEqual(rows);
    const [tags, keySets, integers, lengths, elements] = streams;
    for (const each of [tags, keySets, integers, lengths, elements]) {
      const longer = streams.map((stream) =>
        stream === each ? concatBytes(stream, new Uint8Array(1)) : stream,
      );
      expect(() => decodeTable([laneOfParts(schema, longer)])).toThrow(KeepsakeError);
    }
    for (const [from, to] of [
      ["[2,[", "[1,["],
      ["[2,[", "[3,["],
      ["[1,0]", "[0,0]"],
      ["[1,0]", "[2,0]"],
      ["[1,0]", "[1,1]"],
      ["[0,1]", "[0,2]"],
      ['["a",0,9,', '["a",0,41,'],
      ['["",0,2,5,', '["",0,2,9,'],
    ] as const) {
      expect(schema).toContain(from);
      const changed = laneOfParts(schema.replace(from, to), streams);
      expect(() => decodeTable([changed])).toThrow(KeepsakeError);
    }
  });

  test("writes a column of texts that another of its lane has already as a word about it", () => {
    const text = fc.constantFrom("1", "22", "x", "");
    const some = fc.record(
      { a: text, b: text, text, list: fc.array(text, { maxLength: 2 }) },
      { requiredKeys: [] },
    );
    const twice = some.map((one) => ({ ...one, again: one.a, deep: { again: one.b, text: one.text } }));
    fc.assert(
      fc.property(fc.array(fc.oneof(some, twice)), (rows) => {
        const plain = JSON.parse(JSON.stringify(rows)) as unknown;
        expect(roundTrip(rows)).toEqual(plain);
        expect(roundTrip(rows, threeLanes, 3)).toEqual(plain);
      }),
    );
    const ids = Array.from({ length: 500 }, (_, i) => String(i * i * 7919));
    const bytesOf = (rows: readonly object[]): number => encodeTable(rows, oneLane, 1)[0]!.bytes.length;
    const once = bytesOf(ids.map((id) => ({ id })));
    expect(bytesOf(ids.map((id) => ({ id, order: id }))) - once).toBeLessThan(60);
  });

  test("refuses a word about a column that is not there, has another length, or is within another", () => {
    const before = [["a", "b"], ["c"]];
    expect(decodeTexts(new Uint8Array([5, 1]), 1, before)).toEqual(["c"]);
    expect(decodeTexts(new Uint8Array([5, 2]), 2, before)).toEqual(["a", "b"]);
    for (const bad of [[5, 0], [5, 2], [5, 3], [5, 1, 0], [5], [1, 1, 2, 5, 1, 0]])
      expect(() => decodeTexts(new Uint8Array(bad), 1, before)).toThrow(KeepsakeError);
  });

  test("refuses a column of texts, of whatever method, with a byte too many", () => {
    const columns = [
      ["one", "two", "three"],
      ["same", "same", "same", "same"],
      ["1", "22", "333"],
      ["00112233aa", "00112233bb"],
      ["<a>1</a>", "<a>2</a>", "<a>3</a>", "<a>4</a>"],
    ];
    for (const texts of columns) {
      const column = encodeTexts(texts);
      expect(decodeTexts(column, texts.length)).toEqual(texts);
      expect(() => decodeTexts(concatBytes(column, new Uint8Array(1)), texts.length)).toThrow(KeepsakeError);
    }
  });

  test("refuses a column of templates with more than 24 columns of numbers, a rest or too little in one", () => {
    const texts = [Array.from({ length: 30 }, (_, i) => String(i * 11)).join(" ")];
    expect(decodeTexts(encodeTexts(texts), 1)).toEqual(texts);
    // Method 4, the one template of two numbers with a blank between, and the text's place among the templates.
    const block = [4, 1, 3, 0, 3, 1, 32, 1, 0];
    const column = (...columns: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> =>
      new Uint8Array([...block, columns.length, ...columns.flatMap((each) => [each.length, ...each])]);
    expect(decodeTexts(column([0, 2], [0, 4]), 1)).toEqual(["1 2"]);
    for (const bad of [
      column(...Array.from({ length: 25 }, (_, i) => (i < 2 ? [0, 2] : [0]))),
      column([0, 2, 2], [0, 4]),
      column([0, 2], [0]),
      column([0, 2]),
      concatBytes(column([0, 2], [0, 4]), new Uint8Array([0, 2])),
    ])
      expect(() => decodeTexts(bad, 1)).toThrow(KeepsakeError);
  });
});

/** A lane of one table: its schema and its streams. */
function laneParts(lane: Bytes): { schema: string; streams: Bytes[] } {
  const reader = new ByteReader(lane);
  const parts: Bytes[] = [];
  while (reader.remaining > 0) parts.push(reader.bytes(reader.unsigned()));
  return { schema: bytesToText(parts[0]!), streams: parts.slice(1) };
}

function laneOfParts(schema: string, streams: readonly Bytes[]): Bytes {
  const writer = new ByteWriter();
  for (const part of [textToBytes(schema), ...streams]) {
    writer.unsigned(part.length);
    writer.bytes(part);
  }
  return writer.finish().slice();
}
