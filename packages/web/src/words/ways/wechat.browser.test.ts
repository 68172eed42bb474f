import { expect, test } from "vitest";
import { wechatWays } from "./wechat.ts";

/** A Markdown table's first line and rows, without links. */
function tableOf(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  const end = lines.findIndex((line, i) => i > 1 && line.startsWith("| finding"));
  return lines
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => !line.startsWith("| -"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")),
    );
}

test("the page and the document open with the same table", async () => {
  const page = await fetch(new URL("../../../../../docs/formats/wechat.md", import.meta.url));
  const [columns, ...rows] = tableOf(await page.text());
  expect(wechatWays.en.columns).toEqual(columns);
  expect(wechatWays.en.rows).toEqual(rows);
});

test("in both languages nothing works in the same places", () => {
  const { zh, en } = wechatWays;
  const gaps = (rows: readonly (readonly string[])[], nothing: string): boolean[][] =>
    rows.map((row) => row.map((cell) => cell === nothing));
  expect(gaps(zh.rows, "还没有办法")).toEqual(gaps(en.rows, "nothing yet"));
  expect(gaps(en.rows, "nothing yet").flat().filter(Boolean)).toHaveLength(7);
  expect(zh.ways.map(({ steps }) => steps.length)).toEqual(en.ways.map(({ steps }) => steps.length));
});
