import { expect, test } from "vitest";
import { rangeOf } from "./range.ts";

test("the three forms of a range are understood, and cut off where the film ends", () => {
  const forms: readonly (readonly [string, number, number])[] = [
    ["bytes=0-", 0, 100],
    ["bytes=99-", 99, 100],
    ["bytes=0-0", 0, 1],
    ["bytes=10-19", 10, 20],
    ["bytes=10-99", 10, 100],
    ["bytes=10-100000", 10, 100],
    ["bytes=-1", 99, 100],
    ["bytes=-100", 0, 100],
    ["bytes=-500", 0, 100],
  ];
  for (const [header, start, end] of forms)
    expect([header, rangeOf(header, 100)]).toEqual([header, { start, end }]);
});

test("anything else is refused, and so is what lies behind the end", () => {
  const refused = [
    null,
    "",
    "bytes",
    "bytes=",
    "bytes=-",
    "bytes=-0",
    "bytes=100-",
    "bytes=20-10",
    "bytes=0-1,3-4",
    "bytes=0-1, 3-4",
    "bytes= 0-1",
    "bytes=0 -1",
    " bytes=0-1",
    "bytes=0-1 ",
    "Bytes=0-1",
    "items=0-1",
    "bytes=+1-2",
    "bytes=1.5-2",
    "bytes=0x1-2",
    "bytes=--1",
    "bytes=1-2-3",
    "bytes=0-1\n",
    "bytes=٣-",
    "bytes=9999999999999999-",
  ];
  for (const header of refused) expect([header, rangeOf(header, 100)]).toEqual([header, undefined]);
  expect(rangeOf("bytes=0-", 0)).toBeUndefined();
  expect(rangeOf("bytes=-1", 0)).toBeUndefined();
});
