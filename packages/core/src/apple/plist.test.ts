import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeBinaryPlist, writeKeyedArchive, writeXmlPlist } from "../../testing/apple/plist.ts";
import { KeepsakeError, textToBytes, type Bytes } from "../base/index.ts";
import { readBinaryPlist } from "./binary-plist.ts";
import { readKeyedArchive } from "./keyed-archive.ts";
import type { Plist } from "./plist.ts";
import { readXmlPlist } from "./xml-plist.ts";

const someBytes = fc.uint8Array({ maxLength: 40 }).map((bytes) => new Uint8Array(bytes) as Bytes);
const scalars = [
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("__proto__", "一二三", "a<b&c", ""),
  someBytes,
  fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds): Plist => ({ dateMs: seconds * 1000 })),
] as const;
const { plist } = fc.letrec<{ plist: Plist }>((tie) => ({
  plist: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    ...scalars,
    fc.array(tie("plist"), { maxLength: 5 }),
    fc.array(fc.tuple(fc.string(), tie("plist")), { maxLength: 5 }).map((entries): Plist => new Map(entries)),
  ),
}));

describe("a binary property list", () => {
  test("gives back the value that went in", () => {
    const fraction = fc.double({ noNaN: true, noInteger: true });
    fc.assert(
      fc.property(fc.oneof(plist, fraction, fc.constant(null)), (value) => {
        expect(readBinaryPlist(writeBinaryPlist(value))).toEqual(value);
      }),
    );
  });

  test("is refused with a code of ours when it is cut short or a byte of it is another", () => {
    const whole = writeBinaryPlist(
      new Map<string, Plist>([
        ["a", ["b", 1, true]],
        ["c", textToBytes("d")],
      ]),
    );
    for (let length = 0; length < whole.length; length++)
      expect(() => readBinaryPlist(whole.slice(0, length))).toThrow(KeepsakeError);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const other = whole.slice();
        other[at]! ^= flip;
        expectOwnError(() => readBinaryPlist(other));
      }),
      { numRuns: 2000 },
    );
  });

  test("takes no longer and no more memory where one object is named again and again", () => {
    const bytes = sharedList(60);
    expect(bytes.length).toBeLessThan(1000);
    expect(readBinaryPlist(bytes)).toBeInstanceOf(Array);
  });

  test("that names itself is refused", () => {
    const bytes = writeBinaryPlist(["x"]);
    // The list's only item becomes the list.
    bytes[9] = 0;
    expect(() => readBinaryPlist(bytes)).toThrow(KeepsakeError);
  });
});

describe("a property list in XML", () => {
  test("gives back the value that went in", () => {
    fc.assert(
      fc.property(plist, (value) => {
        expect(readXmlPlist(writeXmlPlist(value))).toEqual(value);
      }),
    );
  });

  test("is read with comments and white space, and no entity but the known ones is filled in", () => {
    const text = `<?xml version="1.0"?><!-- a --><plist>\n<dict>\n<key>a</key><!-- b --><string>&lt;&#20320;&#x597d;&xxe;</string>\n</dict></plist>`;
    expect(readXmlPlist(textToBytes(text))).toEqual(new Map([["a", "<你好&xxe;"]]));
  });

  test("is refused with a code of ours when it is no such list", () => {
    for (const text of [
      "",
      "<plist>",
      "<plist><dict><key>a</key></dict></plist>",
      "<dict><string>a</string></dict>",
    ])
      expect(() => readXmlPlist(textToBytes(text))).toThrow(KeepsakeError);
    expect(() => readXmlPlist(textToBytes("<array>".repeat(100_000)))).toThrow(KeepsakeError);
    fc.assert(
      fc.property(fc.string(), (text) => expectOwnError(() => readXmlPlist(textToBytes(`<plist>${text}`)))),
    );
  });
});

test("a keyed archive gives the object's fields, whatever lies beneath them", () => {
  const fields = new Map<string, Plist>([
    ["Size", 5],
    ["RelativePath", "Documents/a"],
    ["EncryptionKey", textToBytes("key")],
    ["More", new Map<string, Plist>([["Deep", "里面"]])],
  ]);
  expect(readKeyedArchive(writeKeyedArchive(fields, "MBFile"))).toEqual(fields);
  expect(() => readKeyedArchive(writeBinaryPlist(["no archive"]))).toThrow(KeepsakeError);
});

/** A list of a list of a list, each with the next one twice. */
function sharedList(depth: number): Bytes {
  const bytes = [...textToBytes("bplist00")];
  const offsets: number[] = [];
  for (let i = 0; i < depth; i++) {
    offsets.push(bytes.length);
    bytes.push(0xa2, i + 1, i + 1);
  }
  offsets.push(bytes.length);
  bytes.push(0x09);
  const table = bytes.length;
  bytes.push(...offsets, 0, 0, 0, 0, 0, 0, 1, 1);
  for (const value of [offsets.length, 0, table]) bytes.push(0, 0, 0, 0, 0, 0, value >> 8, value & 0xff);
  return new Uint8Array(bytes);
}

function expectOwnError(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(KeepsakeError.is(error, "format.damaged")).toBe(true);
  }
}
