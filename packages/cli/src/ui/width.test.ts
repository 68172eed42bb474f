import { expect, test } from "vitest";
import { tableLines } from "./table.ts";
import { cutTo, padTo, printable, widthOf } from "./width.ts";

test("Chinese characters and emoji take two columns, marks take none", () => {
  expect([
    widthOf("念存"),
    widthOf("abc"),
    widthOf("👨‍👩‍👧"),
    widthOf("é"),
    widthOf("，"),
    widthOf("❤️"),
  ]).toEqual([4, 3, 2, 1, 2, 2]);
});

test("a text is cut between characters, never within one", () => {
  expect(cutTo("家庭群聊", 5)).toBe("家庭…");
  expect(cutTo("家庭", 4)).toBe("家庭");
  expect(widthOf(cutTo("a👨‍👩‍👧b家庭", 5))).toBeLessThanOrEqual(5);
});

test("what would steer a terminal is not printed", () => {
  expect(printable("a\u001b[2Jb\u202ec\r\nd")).toBe("a [2Jb c d");
});

test("columns stand under each other whatever the script, numbers at the right", () => {
  const lines = tableLines(
    [{ title: "聊天" }, { title: "n", align: "right" }],
    [
      ["家庭群", 5],
      ["Sam", 1234],
    ],
  );
  expect(lines).toEqual(["聊天       n", "家庭群     5", "Sam     1234"]);
  expect(new Set(lines.map(widthOf)).size).toBe(1);
  expect(padTo("念", 4, "right")).toBe("  念");
});
