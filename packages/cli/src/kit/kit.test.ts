import { seedToWords } from "@keepsake/core/vault";
import { expect, test } from "vitest";
import { kitPage, kitText } from "./kit.ts";
import { wordsInKit } from "./read.ts";

const seed = new Uint8Array(32).fill(7);

for (const language of ["en", "zh"] as const) {
  const words = await seedToWords(seed, language);
  const kit = { words, vault: "0123456789abcdef0123456789abcdef", madeAt: Date.UTC(2026, 0, 2), language };

  test(`the words of a kit in ${language} are read back from the page and from the text`, () => {
    expect(wordsInKit(kitText(kit))).toBe(words.join(" "));
    expect(wordsInKit(kitPage(kit))).toBe(words.join(" "));
  });

  test(`a kit in ${language} speaks both languages and loads nothing`, () => {
    const page = kitPage(kit);
    for (const each of [page, kitText(kit)]) {
      expect(each).toContain("恢复卡");
      expect(each).toContain("recovery kit");
      expect(each).toContain("01234567");
      expect(each).not.toContain("0123456789");
      expect(each).toContain("2026-01-02");
    }
    expect(page).not.toMatch(/<(?:script|img|link|iframe)|\bsrc=|url\(|https?:/);
    expect(page).toContain("default-src 'none'");
  });
}

test("a text that is no kit stays as it is", () => {
  expect(wordsInKit("one two three\n")).toBe("one two three\n");
});
