import { expect, test } from "vitest";
import { languageFor } from "./language.ts";

test("the reader's first language that we speak is taken; Chinese where there is none", () => {
  expect(languageFor(["fr", "en-GB", "zh-TW"])).toBe("en");
  expect(languageFor(["zh-Hant", "en"])).toBe("zh");
  expect(languageFor(["fr"])).toBe("zh");
  expect(languageFor([])).toBe("zh");
});
