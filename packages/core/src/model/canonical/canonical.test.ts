import { expect, test } from "vitest";
import fc from "fast-check";
import { bytesToText, KeepsakeError } from "../../base/index.ts";
import { canonicalBytes, canonicalText } from "./canonical.ts";

test("the order of keys and white space do not show", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const again = JSON.parse(JSON.stringify(value, undefined, 2)) as unknown;
      expect(canonicalText(shuffled(again))).toBe(canonicalText(value));
    }),
  );
});

test("parsing gives the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      expect(JSON.parse(canonicalText(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("keys go by UTF-16 code units, not by code points", () => {
  expect(canonicalText({ "\ufb33": 1, "\u{1f600}": 2, é: 3, 10: 4, 9: 5 })).toBe(
    '{"10":4,"9":5,"é":3,"\u{1f600}":2,"\ufb33":1}',
  );
});

test("many keys are sorted as few are", () => {
  const entries = Array.from({ length: 100 }, (_, i) => [`k${(i * 37) % 100}`, i] as const);
  const keys = Object.keys(JSON.parse(canonicalText(Object.fromEntries(entries))) as object);
  expect(keys).toEqual([...keys].sort());
});

test("a key named __proto__ is data", () => {
  const value: unknown = JSON.parse('{"b":1,"__proto__":{"a":2}}');
  expect(canonicalText(value)).toBe('{"__proto__":{"a":2},"b":1}');
});

test("a lone surrogate is written as its escape, a pair as itself", () => {
  expect(bytesToText(canonicalBytes("\ud800|\u{1f600}|\udc00"))).toBe('"\\ud800|😀|\\udc00"');
});

test("numbers are written as ECMAScript does", () => {
  expect(canonicalText([1e21, -0, 0.1, 1e-7, 9007199254740991])).toBe("[1e+21,0,0.1,1e-7,9007199254740991]");
});

test("a field that is undefined is absent", () => {
  expect(canonicalText({ a: undefined, b: 1, c: undefined })).toBe('{"b":1}');
});

test("what is no JSON is refused", () => {
  for (const value of [Number.NaN, Infinity, 1n, () => 1, undefined, [undefined]]) {
    expect(() => canonicalText(value)).toThrow(KeepsakeError);
  }
});

test("nesting without end is refused by name, not by a full stack", () => {
  let value: unknown = 1;
  for (let i = 0; i < 100_000; i++) value = [value];
  expect(() => canonicalText(value)).toThrow(expect.objectContaining({ code: "base.limit" }));
});

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  const result = {};
  for (const [key, child] of Object.entries(value).reverse()) {
    Object.defineProperty(result, key, { value: shuffled(child), enumerable: true });
  }
  return result;
}

test("what objects cannot keep in order is written in order all the same", () => {
  const value: unknown = JSON.parse(
    '{"b":{"9":1,"10":[{"z":1,"__proto__":{"y":1,"x":2}}]},"a":{"2":0,"1":0}}',
  );
  expect(canonicalText(value)).toBe(
    '{"a":{"1":0,"2":0},"b":{"10":[{"__proto__":{"x":2,"y":1},"z":1}],"9":1}}',
  );
});

test("nested objects without order take no longer than others", () => {
  let value: unknown = { b: 1, a: 2 };
  for (let i = 0; i < 200; i++) value = { z: value, y: i };
  expect(canonicalText(value).length).toBeGreaterThan(1000);
});
