import fc from "fast-check";
import { expect, test } from "vitest";
import { monthAt, yearsOf } from "./months.ts";

const DAY_MS = 86_400_000;

test("every message is in the month of its day, and each month leads to its first day with messages", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10_000, max: 25_000 }),
      fc.array(fc.oneof(fc.constant(0), fc.nat(500)), { maxLength: 900 }),
      (firstDay, days) => {
        const years = yearsOf({ firstDay, counts: Uint32Array.from(days) });
        const months = years.flatMap((year) => year.months);
        const expected = new Map<number, { messages: number; day: number }>();
        for (const [place, messages] of days.entries()) {
          if (messages === 0) continue;
          const date = new Date((firstDay + place) * DAY_MS);
          const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
          const there = expected.get(month) ?? { messages: 0, day: date.getUTCDate() };
          expected.set(month, { ...there, messages: there.messages + messages });
        }
        expect(months.map(({ month, messages }) => [month, messages])).toEqual(
          [...expected].map(([month, { messages }]) => [month, messages]),
        );
        for (const { month, startMs } of months) {
          expect(monthAt(startMs)).toBe(month);
          expect(new Date(startMs).getDate()).toBe(expected.get(month)!.day);
          expect(new Date(startMs).getHours()).toBe(new Date(startMs - 1).getHours() === 23 ? 0 : 1);
        }
        for (const { year, messages, months: its } of years) {
          expect(its.every(({ month }) => Math.floor(month / 12) === year)).toBe(true);
          expect(its.reduce((sum, each) => sum + each.messages, 0)).toBe(messages);
        }
      },
    ),
  );
});
