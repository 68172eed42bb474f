import { expect, test } from "vitest";
import { yearsAhead } from "./removals.ts";

const DAY_MS = 86_400_000;
/** The week as a server is told it. */
const told = (date: string): number => (Math.floor(Date.parse(date) / (7 * DAY_MS) / 13) + 1) * 13 - 1;
const of = (date: string, bytes: number, goingBytes = 0) => ({
  week: told(date),
  objects: 1,
  bytes,
  goingObjects: goingBytes === 0 ? 0 : 1,
  goingBytes,
});

test("weeks are told by years, the oldest first", () => {
  const weeks = [of("2019-02-01", 10, 10), of("2019-08-01", 20, 20), of("2021-05-01", 40)];
  expect(yearsAhead({ weeks })).toEqual([
    { year: 2019, objects: 2, bytes: 30, goingObjects: 2, goingBytes: 30 },
    { year: 2021, objects: 1, bytes: 40, goingObjects: 0, goingBytes: 0 },
  ]);
  expect(yearsAhead({ weeks: [] })).toEqual([]);
});
