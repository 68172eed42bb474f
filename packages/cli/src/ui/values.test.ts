import { expect, test } from "vitest";
import { chooseLanguage, fill } from "./language.ts";
import { progressText } from "./progress.ts";
import { countText, messageTimeText, sizeText, spanText } from "./values.ts";

test("sizes, counts and spans are short", () => {
  expect([0, 999, 1000, 1_550_000, 12_345_678_900].map(sizeText)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "1.6 MB",
    "12 GB",
  ]);
  expect(countText(1234567).split(/\s/u)).toEqual(["1", "234", "567"]);
  expect([900, 65_000, 3_723_000].map(spanText)).toEqual(["1 s", "1:05", "1:02:03"]);
});

test("a time that the source gives without a zone is shown as it stands there", () => {
  const sent = Date.UTC(2024, 4, 1, 9, 30);
  expect(messageTimeText({ sent, precision: "min", zone: "floating" })).toBe("2024-05-01 09:30");
  expect(messageTimeText({ sent, precision: "day", zone: "floating" })).toBe("2024-05-01");
  expect(messageTimeText({ sent, precision: "none", zone: "unknown" })).toBe("—");
});

test("progress says the share, the rate and the time left", () => {
  const state = {
    stage: "read",
    done: { bytes: 25_000_000, messages: 900 },
    total: { bytes: 100_000_000 },
  } as const;
  expect(progressText(state, 5000, "en")).toBe("Reading: 25 % · 900 messages · 25 MB · 5.0 MB/s · 15 s left");
  expect(progressText({ stage: "copy", done: {}, total: undefined }, 0, "zh")).toBe("复制：");
});

test("the language is the one asked for, else the system's", () => {
  expect(chooseLanguage(["chats", "--lang", "zh"], { LANG: "en_US.UTF-8" })).toBe("zh");
  expect(chooseLanguage(["--lang=en"], { LC_ALL: "zh_CN.UTF-8" })).toBe("en");
  expect(chooseLanguage([], { LC_ALL: "", LANG: "zh_TW.UTF-8" })).toBe("zh");
  expect(chooseLanguage([], {})).toBe("en");
  expect(fill({ en: "{a} and {b}", zh: "{b}" }, "en", { a: 1 })).toBe("1 and {b}");
});
