import { expect, test } from "vitest";
import { showPage } from "./page.ts";
import { languagesFor } from "./sentences.ts";

const blank = (): Document => document.implementation.createHTMLDocument();
const texts = (page: Document, selector: string): string[] =>
  [...page.querySelectorAll(selector)].map((element) => element.textContent);

test("the page says its name and its promise in Chinese and in English", () => {
  const page = blank();
  showPage(page, ["zh-CN", "en"]);
  expect(texts(page, "h1")).toEqual(["念存 Keepsake"]);
  expect(texts(page, "main p:lang(zh)")).toEqual([expect.stringContaining("封存")]);
  expect(texts(page, "main p:lang(en)")).toEqual([expect.stringContaining("sealed")]);
});

test("the footer says in both that it is not affiliated", () => {
  const page = blank();
  showPage(page, ["zh-CN", "en"]);
  expect(texts(page, "footer p:lang(en)")).toEqual([expect.stringContaining("not affiliated")]);
  expect(texts(page, "footer p:lang(zh)")).toEqual([expect.stringContaining("没有任何关联")]);
});

test("the reader's language comes first and names the document", () => {
  const page = blank();
  showPage(page, languagesFor(["fr", "en-GB", "zh-TW"]));
  expect(page.documentElement.lang).toBe("en");
  expect(texts(page, "h1")).toEqual(["Keepsake 念存"]);
  expect(languagesFor(["fr"])).toEqual(["zh-CN", "en"]);
  expect(languagesFor(["zh-Hant", "en"])).toEqual(["zh-CN", "en"]);
});

test("showing the page twice shows it once", () => {
  const page = blank();
  showPage(page, ["en", "zh-CN"]);
  showPage(page, ["en", "zh-CN"]);
  expect(page.querySelectorAll("main, footer")).toHaveLength(2);
});
