import fc from "fast-check";
import { expect, test } from "vitest";
import { seedToWords, wordsToSeed } from "./words.ts";

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((seed) => new Uint8Array(seed));

test("words in both languages give the seed back, however they are typed", async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const [en, zh] = [await seedToWords(seed, "en"), await seedToWords(seed, "zh")];
      expect(en).toHaveLength(24);
      expect(zh).toHaveLength(24);
      expect(await wordsToSeed(en.join(" "))).toEqual(seed);
      expect(await wordsToSeed(en.map((word, i) => `${i + 1}. ${word.toUpperCase()}`).join("\n"))).toEqual(
        seed,
      );
      expect(await wordsToSeed(zh.join(" "))).toEqual(seed);
      expect(await wordsToSeed(zh.join(""))).toEqual(seed);
    }),
    { numRuns: 20 },
  );
});

test("a wrong number of words, an unknown word and a wrong checksum are told apart", async () => {
  const words = await seedToWords(new Uint8Array(32), "en");
  await expect(wordsToSeed(words.slice(1).join(" "))).rejects.toThrow(
    expect.objectContaining({ code: "keys.words-count" }),
  );
  const misspelt = words.with(4, "abandom");
  await expect(wordsToSeed(misspelt.join(" "))).rejects.toThrow(
    expect.objectContaining({ code: "keys.unknown-word", details: { place: 5 } }),
  );
  await expect(wordsToSeed(words.with(0, "zoo").join(" "))).rejects.toThrow(
    expect.objectContaining({ code: "keys.words-checksum" }),
  );
});
