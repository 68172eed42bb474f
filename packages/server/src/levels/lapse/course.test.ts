import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { standardCatalogue } from "@keepsake/core/plans";
import {
  afterEnd,
  beforeEnd,
  isWellTold,
  mayRemove,
  nextAhead,
  READ_DAYS,
  type Standing,
  type Told,
} from "./course.ts";

const terms = standardCatalogue.lapse;

/** Every notice before an end that became known on a day, by the days on which somebody looks. */
function toldAhead(endDay: number, knownDay: number, looks: readonly number[]): number[] {
  let told = 0;
  const all: number[] = [];
  for (const today of looks) {
    const due = beforeEnd({ endDay, knownDay, told }, today, terms);
    told = due.told;
    if (due.tell !== undefined) all.push(due.tell);
    expect(nextAhead({ endDay, told }, terms)).toBeGreaterThan(Math.min(today, endDay - 1));
  }
  return all;
}

const every = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe("before the end", () => {
  test("who knew it for long is told on all three days, each once", () => {
    expect(toldAhead(1000, 900, every(900, 1000))).toEqual([-30, -7, -5]);
  });

  test("who pays by the month is told of nothing but the last week, and who shows tickets ahead of nothing", () => {
    expect(toldAhead(1000, 969, every(969, 1000))).toEqual([-7, -5]);
    expect(toldAhead(1000, 990, every(990, 1000))).toEqual([-5]);
    expect(toldAhead(1000, 993, every(993, 1000))).toEqual([]);
    // Each day the end moves on: it is never near.
    for (let today = 0; today < 3650; today++)
      expect(beforeEnd({ endDay: today + 62, knownDay: today, told: 0 }, today, terms).tell).toBeUndefined();
  });

  test("several that are due at once are told as one, and nothing once it is over", () => {
    expect(toldAhead(1000, 900, [900, 996])).toEqual([-5]);
    expect(toldAhead(1000, 900, [900, 1001])).toEqual([]);
  });
});

describe("after the end", () => {
  test("each notice is told once, whichever days somebody looks", () => {
    const looked = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 1 });
    fc.assert(
      fc.property(looked, (days) => {
        let told = 0;
        const all: number[] = [];
        for (const day of days.toSorted((a, b) => a - b)) {
          const due = afterEnd(told, day, terms);
          expect(due.told).toBeGreaterThanOrEqual(told);
          told = due.told;
          if (due.tell !== undefined) {
            expect(due.tell).toBeLessThanOrEqual(day);
            all.push(due.tell);
          }
        }
        expect(new Set(all).size).toBe(all.length);
      }),
    );
    let told = 0;
    const daily = every(0, 200).flatMap((day) => {
      const due = afterEnd(told, day, terms);
      told = due.told;
      return due.tell ?? [];
    });
    expect(daily).toEqual([0, 30, 90, 150, 173]);
  });
});

const notice = fc.record({
  day: fc.constantFrom(0, 30, 90, 150, 173),
  email: fc.constantFrom(0, 1),
  phone: fc.constantFrom(0, 1),
  device: fc.constantFrom(0, 1),
});
const standing = fc.record({
  days: fc.integer({ min: 0, max: 400 }),
  notices: fc.uniqueArray(notice, { selector: ({ day }) => day }),
  unreadDays: fc.integer({ min: 0, max: 400 }),
  isHeld: fc.boolean(),
  isFamilyWaiting: fc.boolean(),
  isClosing: fc.boolean(),
});

describe("nothing is put away", () => {
  test("unless all of it holds: days, notices, ways, nobody reading, nothing in the way", () => {
    const waysOf = (notices: readonly Told[]): number =>
      (["email", "phone", "device"] as const).filter((way) => notices.some((each) => each[way] === 1)).length;
    fc.assert(
      fc.property(standing, (given: Standing) => {
        if (!mayRemove(given, terms)) return;
        const delivered = given.notices.filter(
          ({ day, email, phone, device }) => day > 0 && email + phone + device > 0,
        );
        expect(given.days).toBeGreaterThanOrEqual(180);
        expect(given.unreadDays).toBeGreaterThanOrEqual(READ_DAYS);
        expect(delivered.length).toBeGreaterThanOrEqual(3);
        expect(waysOf(delivered)).toBeGreaterThanOrEqual(2);
        expect([given.isHeld, given.isFamilyWaiting, given.isClosing]).toEqual([false, false, false]);
      }),
      { numRuns: 5000 },
    );
  });

  test("and each of them alone keeps it", () => {
    const all = [30, 90, 150].map((day) => ({ day, email: 1, phone: 0, device: day === 90 ? 1 : 0 }));
    const ripe: Standing = {
      days: 180,
      notices: all,
      unreadDays: 30,
      isHeld: false,
      isFamilyWaiting: false,
      isClosing: false,
    };
    expect(mayRemove(ripe, terms)).toBe(true);
    const changes: readonly Partial<Standing>[] = [
      { days: 179 },
      { unreadDays: 29 },
      { isHeld: true },
      { isFamilyWaiting: true },
      { isClosing: true },
      { notices: all.slice(1) },
      { notices: all.map((each) => ({ ...each, device: 0 })) },
    ];
    for (const change of changes) expect(mayRemove({ ...ripe, ...change }, terms)).toBe(false);
    // What was told on the last paid day is none of the three.
    expect(isWellTold([{ ...all[0]!, day: 0 }, all[1]!, all[2]!])).toBe(false);
  });
});
