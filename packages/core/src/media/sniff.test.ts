import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, textToBytes, type Bytes } from "../base/index.ts";
import { sample, wxgfOf } from "./fixtures/made.ts";
import { mediaTypeOf } from "./sniff.ts";

const bytes = (...values: readonly number[]): Bytes => new Uint8Array(values);
const text = textToBytes;
const box = (brand: string): Bytes => concatBytes(bytes(0, 0, 0, 24), text(`ftyp${brand}`));

const files: readonly (readonly [name: string, start: Bytes])[] = [
  ["jpeg", bytes(0xff, 0xd8, 0xff, 0xe0)],
  ["png", bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  ["gif", text("GIF87a")],
  ["gif", text("GIF89a")],
  ["webp", concatBytes(text("RIFF"), bytes(1, 2, 3, 4), text("WEBPVP8 "))],
  ["heic", box("heic")],
  ["heic", box("mif1")],
  ["wxgf", wxgfOf(bytes(1))],
  ["silk", text("\u0002#!SILK_V3")],
  ["silk", text("#!SILK_V3")],
  ["amr", sample("amr")],
  ["amr-wb", text("#!AMR-WB\n")],
  ["wav", concatBytes(text("RIFF"), bytes(1, 2, 3, 4), text("WAVEfmt "))],
  ["mp3", text("ID3")],
  ["mp3", bytes(0xff, 0xfb, 0x90, 0x64)],
  ["m4a", box("M4A ")],
  ["ogg", text("OggS")],
];

test.each(files)("%s is known by its first bytes, whatever follows", (name, start) => {
  expect(mediaTypeOf(start)?.name).toBe(name);
  expect(mediaTypeOf(concatBytes(start, bytes(1, 2, 3)))?.name).toBe(name);
});

test("a start that is cut off is not taken for more than it is", () => {
  for (const [, start] of files.filter(([name]) => name !== "amr"))
    expect(mediaTypeOf(start.subarray(0, 2))).toBeUndefined();
});

test("what is no picture or sound is not taken for one", () => {
  const others = ["", "hello", "RIFF1234AVI ", "#!SILK", "PK\u0003\u0004", "%PDF-1.7", "wxgd"];
  for (const other of others) expect(mediaTypeOf(text(other))).toBeUndefined();
  expect(mediaTypeOf(box("isom"))).toBeUndefined();
  // ADTS, layer II, and a rate that there is not.
  for (const other of [bytes(0xff, 0xf1, 0x50), bytes(0xff, 0xfd, 0x90), bytes(0xff, 0xfb, 0xf0)])
    expect(mediaTypeOf(other)).toBeUndefined();
});

test("only what hardly anything opens is foreign", () => {
  const foreign = new Set(files.filter(([, start]) => mediaTypeOf(start)!.isForeign).map(([name]) => name));
  expect([...foreign].toSorted()).toEqual(["amr", "amr-wb", "silk", "wxgf"]);
});

test("any bytes have at most one type", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (any) => {
      const type = mediaTypeOf(any as Bytes);
      if (type !== undefined) expect(files.map(([name]) => name)).toContain(type.name);
    }),
  );
});
