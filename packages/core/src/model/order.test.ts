import { expect, test } from "vitest";
import type { Message } from "./message.ts";
import { compareMessages, compareOrderKeys } from "./order.ts";

const at = (sent: number, rest: Partial<Message> = {}): Message => ({
  chat: "x:group:1",
  kind: "text",
  time: { sent, precision: "ms", zone: "utc" },
  ...rest,
});

test("time comes first, then the source's own order, then ordinal, then the text", () => {
  const sorted = [
    at(1, { order: "99" }),
    at(2),
    at(2, { order: "9" }),
    at(2, { order: "10", body: { text: "z" } }),
    at(2, { order: "10", ordinal: 1, body: { text: "a" } }),
    at(2, { order: "10", ordinal: 1, body: { text: "b" } }),
  ];
  expect(sorted.toReversed().sort(compareMessages)).toEqual(sorted);
});

test("whole numbers of any length sort as numbers", () => {
  const keys = ["9", "10", "9007199254740993", "9007199254740994"];
  expect(keys.toReversed().sort(compareOrderKeys)).toEqual(keys);
});
