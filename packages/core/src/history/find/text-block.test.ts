import fc from "fast-check";
import { expect, test } from "vitest";
import { fold } from "../../model/index.ts";
import { BlockWriter, mayHold, needleOf, textAround } from "./text-block.ts";

const about = { collection: "c", chat: "a:b:c" };
const character = fc.constantFrom(
  ..."aAａbB好臺台灣湾，,\u202f 1１éÉ\ud83d\ude00\ud800\udc00\u0301".split(""),
);
const text = fc.string({ unit: character, maxLength: 8 });

test("a block holds each text as it was, and what is not in any is seldom looked for", () => {
  const writer = new BlockWriter();
  const property = fc.property(fc.array(fc.array(text, { maxLength: 3 })), text, (messages, wanted) => {
    fc.pre(wanted !== "");
    for (const [i, texts] of messages.entries()) {
      writer.begin(i, 0, 0);
      for (const each of texts) writer.text(each);
    }
    const block = writer.finish(about);
    expect(block.starts.length).toBe(messages.length + 1);
    const needle = needleOf(wanted);
    let isHeld = false;
    for (const [i, texts] of messages.entries()) {
      const kept = texts.filter((each) => each !== "");
      let at = block.starts[i]!;
      for (const each of kept) {
        expect(block.folded.slice(at, at + each.length)).toBe(fold(each));
        expect(textAround(block, at)).toEqual({ text: each, start: 0 });
        expect(textAround(block, at + each.length - 1)).toEqual({ text: each, start: each.length - 1 });
        at += each.length + 1;
      }
      expect(at).toBe(block.starts[i + 1]);
      isHeld ||= kept.some((each) => fold(each).includes(fold(wanted)));
    }
    expect(block.folded.includes(needle.folded)).toBe(isHeld);
    if (isHeld) expect(mayHold(block, needle)).toBe(true);
  });
  fc.assert(property, { numRuns: 500 });
});

test("the filter tells of a long block that a text is not in it", () => {
  const writer = new BlockWriter();
  for (let i = 0; i < 4000; i++) {
    writer.begin(i, 0, 0);
    const line = `今天${String.fromCharCode(0x4e00 + (i % 3000))}${String.fromCharCode(0x5000 + ((i * 7) % 2000))}去`;
    writer.text(line);
  }
  const block = writer.finish(about);
  const missing = Array.from({ length: 1000 }, (_, i) => String.fromCharCode(0x4e10 + i, 0x5a00 + i));
  expect(missing.filter((each) => mayHold(block, needleOf(each))).length).toBeLessThan(150);
});
