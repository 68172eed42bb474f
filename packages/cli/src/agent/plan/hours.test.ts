import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWithin, nextBegin, parseHours, type Hours } from "./hours.ts";

const night: Hours = { from: 22 * 60, until: 7 * 60 };
const minute = 60_000;

/** The minute of the day as the wall clocks of a place show it. */
function wallClock(zone: string): (milliseconds: number) => number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (milliseconds) => {
    const [hour, rest] = format.format(milliseconds).split(":").map(Number);
    return hour! * 60 + rest!;
  };
}

test("hours are two times of day, and nothing else", () => {
  expect(parseHours("22:00-07:00")).toEqual(night);
  expect(parseHours("08:30-24:00")).toEqual({ from: 510, until: 1440 });
  for (const text of [
    "",
    "22-7",
    "22:00",
    "25:00-07:00",
    "22:60-07:00",
    "07:00-07:00",
    "22:00-07:00 ",
    "24:00-01:00",
  ])
    expect(parseHours(text)).toBeUndefined();
});

test("hours over midnight hold on both sides of it", () => {
  const utc = wallClock("UTC");
  const at = (text: string): boolean => isWithin(night, Date.parse(`2026-03-03T${text}Z`), utc);
  expect(["21:59", "22:00", "23:59", "00:00", "06:59", "07:00"].map(at)).toEqual([
    false,
    true,
    true,
    true,
    true,
    false,
  ]);
});

describe("the next beginning", () => {
  const zones = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Shanghai",
    "Asia/Kathmandu",
  ];
  const hours = fc
    .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 0, max: 1440 }))
    .filter(([from, until]) => from !== until && from % 1440 !== until % 1440)
    .map(([from, until]): Hours => ({ from, until }));
  // Around the nights in which the clocks of these places were changed.
  const instants = fc
    .tuple(
      fc.constantFrom("2026-03-08", "2026-03-29", "2026-04-04", "2026-10-03", "2026-10-25", "2026-11-01"),
      fc.integer({ min: -36 * 60, max: 36 * 60 }),
    )
    .map(([day, minutes]) => Date.parse(`${day}T00:00Z`) + minutes * minute);

  test("is within the hours, and nothing before it is, when the clocks are changed too", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), hours, instants, (zone, each, now) => {
        const clock = wallClock(zone);
        const begin = nextBegin(each, now, clock);
        expect(begin).toBeGreaterThanOrEqual(now);
        // An hour that the clocks leave out may be all there is of the hours on that day.
        expect(begin - now).toBeLessThanOrEqual(49 * 60 * minute);
        expect(isWithin(each, begin, clock)).toBe(true);
        if (begin > now) expect(isWithin(each, begin - minute, clock)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test("comes at the end of an hour that the clocks leave out", () => {
    const berlin = wallClock("Europe/Berlin");
    const before = Date.parse("2026-03-29T00:10Z");
    const begin = nextBegin({ from: 150, until: 240 }, before, berlin);
    expect(new Date(begin).toISOString()).toBe("2026-03-29T01:00:00.000Z");
  });
});
