import { expect, test } from "vitest";
import { shareOfYear } from "./growth.ts";
import { dueStep } from "./level.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const nowMs = 20_000 * DAY_MS + 8 * 3_600_000;

test("tickets are asked for once a day, and shown at another time than they were asked for", () => {
  expect(dueStep({}, nowMs)).toEqual({ is: "get" });
  expect(dueStep({ gotDay: 19_999 }, nowMs)).toEqual({ is: "get" });
  expect(dueStep({ gotDay: 20_000 }, nowMs)).toEqual({ is: "wait", ms: 16 * 3_600_000 });
  const showAtMs = nowMs + 5 * MINUTE_MS;
  expect(dueStep({ gotDay: 20_000, showAtMs }, nowMs)).toEqual({ is: "wait", ms: 5 * MINUTE_MS });
  expect(dueStep({ gotDay: 20_000, showAtMs }, showAtMs)).toEqual({ is: "show" });
  // What was got on a day before is shown first.
  expect(dueStep({ gotDay: 19_998, showAtMs: nowMs - DAY_MS }, nowMs)).toEqual({ is: "show" });
});

test("a clock that was ahead keeps nothing from being shown or asked for", () => {
  expect(dueStep({ gotDay: 20_400, showAtMs: nowMs + 400 * DAY_MS }, nowMs)).toEqual({ is: "show" });
  expect(dueStep({ gotDay: 20_400 }, nowMs)).toEqual({ is: "get" });
});

test("what a year adds is told from the spans of chats", () => {
  const chat = (first: number, last: number, attachmentBytes: number) => {
    return { first: first * DAY_MS, last: last * DAY_MS, attachmentBytes, messages: 0 };
  };
  expect(shareOfYear([])).toBe(0);
  expect(shareOfYear([{ first: null, last: null, attachmentBytes: 0, messages: 0 }])).toBe(0);
  // Two years, evenly: half of it in the last one.
  expect(shareOfYear([chat(0, 730, 1000)])).toBeCloseTo(0.5);
  // A chat that ended long ago adds nothing.
  expect(shareOfYear([chat(0, 100, 500), chat(900, 1000, 500)])).toBeCloseTo(0.5);
  expect(shareOfYear([chat(1000, 1000, 500)])).toBe(1);
});
