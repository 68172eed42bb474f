import fc from "fast-check";
import { expect, test } from "vitest";
import { testPrimitives } from "../../../../../testing/primitives.ts";
import { base64Of, concatBytes, textToBytes, type Bytes } from "../../../../base/index.ts";
import { heldIn } from "./packed.ts";

const primitives = await testPrimitives();
const bytes = (...values: readonly number[]): Bytes => Uint8Array.from(values);

test("a text as text, as bytes or packed is the same text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (drawn) => {
      const text = drawn.toWellFormed();
      expect(heldIn(text, primitives)).toEqual({ text });
      expect(heldIn(textToBytes(text), primitives)).toEqual({ text });
      expect(heldIn(primitives.compress(textToBytes(text), 3), primitives)).toEqual({ text });
    }),
  );
});

test("what is no text is an empty one", () => {
  for (const value of [null, undefined, 7n, 1.5]) expect(heldIn(value, primitives)).toEqual({ text: "" });
});

test("bytes that are no UTF-8 are kept beside what they come nearest to", () => {
  const odd = bytes(0xe4, 0xbd, 0xa0, 0xff);
  expect(heldIn(odd, primitives)).toEqual({ text: "你\ufffd", bytes: odd });
  expect(heldIn(primitives.compress(odd, 3), primitives)).toEqual({ text: "你\ufffd", bytes: odd });
});

const frame = primitives.compress(textToBytes("早上好，".repeat(100)), 3);

/** The same frame, its header rewritten. */
function headed(descriptor: number, fields: Bytes, from = frame): Bytes {
  const length = (from[4]! & 0x20) === 0 ? 1 : 0;
  const sizeLength = from[4]! >> 6 === 0 && length === 0 ? 1 : [0, 2, 4, 8][from[4]! >> 6]!;
  const blocks = from.subarray(5 + length + sizeLength);
  return concatBytes(from.subarray(0, 4), bytes(descriptor), fields, blocks);
}

test("a frame that cannot be unpacked is kept as it is, with the size that it states", () => {
  const size = bytes(0xb0, 0x03);
  const cases: readonly (readonly [what: string, frame: Bytes, sizeBytes: number | undefined])[] = [
    ["with a dictionary", headed(0x61, concatBytes(bytes(5), size)), 1200],
    ["with a longer name of one", headed(0x63, concatBytes(bytes(5, 1, 0, 0), size)), 1200],
    ["without a size", headed(0x00, bytes(0x20)), undefined],
    ["that claims 16 EiB", headed(0xe0, bytes(255, 255, 255, 255, 255, 255, 255, 255)), 2 ** 64],
    ["that claims 1 GiB", headed(0xa0, bytes(0, 0, 0, 64)), 2 ** 30],
    ["that claims one byte more", headed(0x60, bytes(0xb1, 0x03)), 1201],
    ["that is cut off", frame.subarray(0, frame.length - 3), 1200],
    ["of a header alone", frame.subarray(0, 4), undefined],
    ["of a header cut off", headed(0x63, bytes(5, 1)).subarray(0, 7), undefined],
  ];
  for (const [what, made, sizeBytes] of cases)
    expect({ what, ...heldIn(made, primitives) }).toEqual({ what, text: undefined, bytes: made, sizeBytes });
});

test("any bytes give something, and are kept where they are not given back", () => {
  const drawn = fc.tuple(
    fc.constantFrom(bytes(), bytes(0x28, 0xb5, 0x2f, 0xfd)),
    fc.uint8Array({ maxLength: 60 }),
  );
  fc.assert(
    fc.property(drawn, ([start, rest]) => {
      const made = concatBytes(start, rest);
      const held = heldIn(made, primitives);
      if (held.bytes === undefined) expect(held.text).toBeTypeOf("string");
      else expect(base64Of(held.bytes)).not.toBe("");
    }),
  );
});
