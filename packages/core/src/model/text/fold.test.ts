import { expect, test } from "vitest";
import fc from "fast-check";
import { fold, foldedPattern, foldTable, foldUnits } from "./fold.ts";

test("case, width and traditional characters do not matter", () => {
  const pairs = [
    ["KEEPSAKE", "keepsake"],
    ["Ｋｅｅｐ　１２", "keep 12"],
    ["ﾎｹﾞ", "ホゲ".normalize("NFD")],
    ["臺灣聊天記錄備份", "台湾聊天记录备份"],
    ["ΣΊΣΥΦΟΣ", "σίσυφοσ"],
    ["ПРИВЕТ", "привет"],
    ["下午\u202f3:07", "下午 3:07"],
  ] as const;
  for (const [written, searched] of pairs) expect(fold(written)).toBe(fold(searched));
  expect(fold("臺灣聊天記錄備份")).toBe("台湾聊天记录备份");
});

test("folding keeps every offset and changes nothing the second time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const folded = fold(text);
      expect(folded.length).toBe(text.length);
      expect(fold(folded)).toBe(folded);
    }),
  );
});

test("the table is closed, keeps surrogates, and no character becomes one", () => {
  const table = foldTable();
  for (let unit = 0; unit < 0x10000; unit++) {
    const folded = table[unit]!;
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
    if (table[folded] !== folded || (isSurrogate ? folded !== unit : folded >= 0xd800 && folded <= 0xdfff)) {
      expect.fail(`unit ${unit.toString(16)} becomes ${folded.toString(16)}`);
    }
  }
});

test("the table holds the letters that every engine agrees on", () => {
  const letters = Array.from({ length: 0x20f }, (_, i) => String.fromCharCode(0x41 + i));
  const oneToOne = letters.filter((letter) => letter.toLowerCase().length === 1);
  expect(oneToOne.map(fold)).toEqual(oneToOne.map((letter) => fold(letter.toLowerCase())));
});

test("a long text is folded as a short one, and in place as in a copy", () => {
  const text = "臺ABC".repeat(20_000);
  const units = Uint16Array.from(text, (letter) => letter.charCodeAt(0));
  foldUnits(units);
  expect(fold(text)).toBe("台abc".repeat(20_000));
  expect(units[0]).toBe("台".charCodeAt(0));
});

test("a pattern finds in a text what is found in the folded one", () => {
  const text = fc.string({
    unit: fc.constantFrom(..."aAａbB臺台灣湾\u202f 1１.*[]^-\\\ud800"),
    maxLength: 12,
  });
  fc.assert(
    fc.property(
      text,
      text.filter((wanted) => wanted !== ""),
      (where, wanted) => {
        const found = foldedPattern(wanted).exec(where);
        expect(found?.index ?? -1).toBe(fold(where).indexOf(fold(wanted)));
        expect(found?.[0].length ?? wanted.length).toBe(wanted.length);
      },
    ),
    { numRuns: 2000 },
  );
});
