import { expect, test } from "vitest";
import fc from "fast-check";
import { bytesToHex, bytesToText, concatBytes, equalBytes, hexToBytes, textToBytes } from "./bytes.ts";

test("hex and back is the same bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(hexToBytes(bytesToHex(bytes))).toEqual(new Uint8Array(bytes));
    }),
  );
});

test("what is not lower-case hex in pairs is undefined", () => {
  for (const text of ["0", "0g", "AB", " 00", "00\n"]) expect(hexToBytes(text)).toBeUndefined();
});

test("text and back is the same text, a BOM included", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(bytesToText(textToBytes("\ufeff" + text))).toBe("\ufeff" + text);
    }),
  );
});

test("invalid UTF-8 is refused", () => {
  expect(() => bytesToText(new Uint8Array([0xff]))).toThrow(TypeError);
});

test("equality looks at length and at every byte", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  expect(equalBytes(bytes, concatBytes(bytes.slice(0, 1), bytes.slice(1)))).toBe(true);
  expect(equalBytes(bytes, new Uint8Array([1, 2]))).toBe(false);
  expect(equalBytes(bytes, new Uint8Array([1, 2, 4]))).toBe(false);
});
