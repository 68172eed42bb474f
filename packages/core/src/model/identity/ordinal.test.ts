import { expect, test } from "vitest";
import { ordinals } from "./ordinal.ts";
import { said } from "../../../testing/history/any-records.ts";

test("equal messages of one time are numbered in the order in which they come", () => {
  const number = ordinals();
  const read = [said("ok", 1), said("ok", 1), said("嗯", 1), said("ok", 1), said("ok", 2)];
  expect(read.map((message) => number(message).ordinal)).toEqual([undefined, 1, undefined, 2, undefined]);
});

test("messages with native ids are left alone", () => {
  const number = ordinals();
  const message = said("ok", 1, { nativeIds: [{ scheme: "x", value: "1" }] });
  expect([number(message), number(message)]).toEqual([message, message]);
});

test("an export without media numbers as one with media does", () => {
  const sent = (state: "present" | "omitted"): (number | undefined)[] => {
    const number = ordinals();
    const message = said("", 1, { kind: "image", attachments: [{ state }] });
    return [number(message).ordinal, number(message).ordinal];
  };
  expect(sent("omitted")).toEqual(sent("present"));
});

test("a clock that goes back an hour is remembered by minutes", () => {
  const number = ordinals();
  const minutes = Array.from({ length: 60 }, (_, minute) =>
    said("ok", minute * 60_000, { precision: "min" }),
  );
  for (const message of minutes) expect(number(message).ordinal).toBeUndefined();
  for (const message of minutes) expect(number(message).ordinal).toBe(1);
});
