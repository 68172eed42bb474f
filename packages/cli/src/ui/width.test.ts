import { expect, test } from "vitest";
import { tableLines } from "./table.ts";
import { cutTo, padTo, printable, widthOf, wrapTo } from "./width.ts";

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

test("lines break between words, and Chinese before no closing mark", () => {
  expect(wrapTo("A vault is a folder: on this disk, a USB stick.", 20).split("\n")).toEqual([
    "A vault is a folder:",
    "on this disk, a USB",
    "stick.",
  ]);
  const chinese = "保险库就是一个文件夹：可以在本机、U 盘或 NAS 上。存入的一切都加密。";
  const lines = wrapTo(chinese, 21).split("\n");
  expect(lines.join("").replaceAll(" ", "")).toBe(chinese.replaceAll(" ", ""));
  for (const line of lines) {
    expect(line).not.toMatch(/^[：、。，]/);
    expect(widthOf(line)).toBeLessThanOrEqual(23);
  }
  expect(wrapTo("one\ntwo", 3)).toBe("one\ntwo");
});
