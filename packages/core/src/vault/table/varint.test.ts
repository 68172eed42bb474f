import fc from "fast-check";
import { expect, test } from "vitest";
import { KeepsakeError } from "../../base/index.ts";
import { ByteReader, ByteWriter } from "./varint.ts";

const edges = fc.constantFrom(0, 1, 63, 64, 127, 128, 8191, 8192, 16383, 16384, 2 ** 31 - 1, 2 ** 32 - 1);
const unsigned = fc.oneof(edges, fc.nat(20_000), fc.nat(2 ** 32 - 1));
const signed = fc.oneof(
  edges,
  edges.map((number) => -number),
  fc.maxSafeInteger(),
);

function written(method: "unsigned" | "signed", numbers: readonly number[]) {
  const writer = new ByteWriter();
  for (const number of numbers) writer[method](number);
  return writer.finish();
}

test("many numbers at once are those that come one by one, or are passed over", () => {
  const property = fc.property(fc.array(unsigned), unsigned, (numbers, next) => {
    const bytes = written("unsigned", [...numbers, next]);
    const reader = new ByteReader(bytes);
    const into = new Uint32Array(numbers.length);
    reader.unsignedInto(into, 2 ** 32);
    expect([...into]).toEqual(numbers);
    expect(reader.unsigned()).toBe(next);
    const other = new ByteReader(bytes);
    other.skip(numbers.length);
    expect(other.unsigned()).toBe(next);
    expect(other.remaining).toBe(0);
  });
  fc.assert(property);
});

test("signed numbers of all lengths come back", () => {
  const property = fc.property(fc.array(signed), (numbers) => {
    const reader = new ByteReader(written("signed", numbers));
    expect(numbers.map(() => reader.signed())).toEqual(numbers.map((number) => number + 0));
    expect(reader.remaining).toBe(0);
  });
  fc.assert(property);
});

test("numbers that are cut off, or reach the limit, are refused", () => {
  const property = fc.property(fc.array(unsigned, { minLength: 1 }), (numbers) => {
    const bytes = written("unsigned", numbers);
    const short = (): ByteReader => new ByteReader(bytes.subarray(0, -1));
    const into = new Uint32Array(numbers.length);
    expect(() => short().unsignedInto(into, 2 ** 32)).toThrow(KeepsakeError);
    expect(() => short().skip(numbers.length)).toThrow(KeepsakeError);
    const most = Math.max(...numbers);
    expect(() => new ByteReader(bytes).unsignedInto(into, most)).toThrow(KeepsakeError);
    new ByteReader(bytes).unsignedInto(into, most + 1);
    expect([...into]).toEqual(numbers);
  });
  fc.assert(property);
});
