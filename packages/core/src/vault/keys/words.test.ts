import fc from "fast-check";
import { expect, test } from "vitest";
import { seedToWords, wordsToSeed } from "./words.ts";

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((seed) => new Uint8Array(seed));

test("words in both languages give the seed back, however they are typed", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const [en, zh] = [seedToWords(seed, "en"), seedToWords(seed, "zh")];
      expect(en).toHaveLength(24);
      expect(zh).toHaveLength(24);
      expect(wordsToSeed(en.join(" "))).toEqual(seed);
      expect(wordsToSeed(en.map((word, i) => `${i + 1}. ${word.toUpperCase()}`).join("\n"))).toEqual(seed);
      expect(wordsToSeed(zh.join(" "))).toEqual(seed);
      expect(wordsToSeed(zh.join(""))).toEqual(seed);
    }),
    { numRuns: 20 },
  );
});

test("a wrong number of words, an unknown word and a wrong checksum are told apart", () => {
  const words = seedToWords(new Uint8Array(32), "en");
  expect(() => wordsToSeed(words.slice(1).join(" "))).toThrow(
    expect.objectContaining({ code: "keys.words-count" }),
  );
  const misspelt = words.with(4, "abandom");
  expect(() => wordsToSeed(misspelt.join(" "))).toThrow(
    expect.objectContaining({ code: "keys.unknown-word", details: { place: 5 } }),
  );
  expect(() => wordsToSeed(words.with(0, "zoo").join(" "))).toThrow(
    expect.objectContaining({ code: "keys.words-checksum" }),
  );
});
