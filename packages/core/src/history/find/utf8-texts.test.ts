import fc from "fast-check";
import { expect, test } from "vitest";
import { KeepsakeError, textToBytes } from "../../base/index.ts";
import { BlockWriter } from "./text-block.ts";
import { Utf8Texts } from "./utf8-texts.ts";

const about = { collection: "c", chat: "a:b:c" };
const unit = fc.constantFrom(..."aZ1，é\u07ff好臺\uffff", "\ud83d\ude00", "\ud800\udc00");

/** Texts that lie as one in UTF-8: they may be cut within a character. */
const cut = fc
  .tuple(fc.string({ unit }), fc.array(fc.nat(20)), fc.boolean())
  .map(([whole, lengths, isWithin]) => {
    const texts: string[] = [];
    let rest = whole;
    for (const length of lengths) {
      const isPair = /^[\ud800-\udbff][\udc00-\udfff]$/.test(rest.slice(length - 1, length + 1));
      const end = isPair && !isWithin ? length + 1 : length;
      texts.push(rest.slice(0, end));
      rest = rest.slice(end);
    }
    return [...texts, rest];
  });

function columnOf(texts: readonly string[]) {
  const starts = new Uint32Array(texts.length + 1);
  for (const [i, { length }] of texts.entries()) starts[i + 1] = starts[i]! + length;
  return { bytes: textToBytes(texts.join("")), starts };
}

test("texts from UTF-8 make the block that the texts make, in any order; those cut within a character are refused", () => {
  const property = fc.property(cut, fc.array(fc.nat(20)), (texts, order) => {
    const read = new Utf8Texts(columnOf(texts));
    const [fromUtf8, fromTexts] = [new BlockWriter(), new BlockWriter()];
    for (const place of [...texts.keys(), ...order.map((number) => number % texts.length)]) {
      fromUtf8.begin(0, 0, 0);
      fromTexts.begin(0, 0, 0);
      if (read.write(fromUtf8, place)) fromTexts.text(texts[place]!);
      else expect(texts.slice(0, place + 1).some((text) => !text.isWellFormed())).toBe(true);
    }
    expect(fromUtf8.finish(about)).toEqual(fromTexts.finish(about));
    if (texts.every((text) => text.isWellFormed()))
      for (const place of texts.keys()) expect(read.write(new BlockWriter(), place)).toBe(true);
  });
  fc.assert(property, { numRuns: 1000 });
});

test("of bytes that are no UTF-8 nothing is added that they do not say", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const edges = [0x41, 0x7f, 0x80, 0xbf, 0xc1, 0xc2, 0xe0, 0xe4, 0xed, 0xf0, 0xf4, 0xf5, 0xff];
  const bytes = fc.array(fc.constantFrom(...edges), { maxLength: 6 }).map((some) => Uint8Array.from(some));
  const property = fc.property(bytes, fc.integer({ min: 1, max: 6 }), (encoded, length) => {
    const writer = new BlockWriter();
    writer.begin(0, 0, 0);
    const read = new Utf8Texts({ bytes: encoded, starts: Uint32Array.of(0, length) });
    let isRead = false;
    try {
      isRead = read.write(writer, 0);
    } catch (error) {
      expect(error).toBeInstanceOf(KeepsakeError);
    }
    let expected: string | undefined;
    try {
      expected = strict.decode(encoded);
    } catch {}
    expect(isRead).toBe(expected?.length === length);
    if (!isRead) return;
    const plain = new BlockWriter();
    plain.begin(0, 0, 0);
    plain.text(expected!);
    expect(writer.finish(about)).toEqual(plain.finish(about));
  });
  fc.assert(property, { numRuns: 2000 });
});
