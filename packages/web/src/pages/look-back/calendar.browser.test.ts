import { expect, test } from "vitest";
import { heatCells } from "./calendar.ts";

const DAY_MS = 86_400_000;

test.each([2019, 2020, 2023, 2024, 2026])(
  "every day of %d has a place of its own under its weekday",
  (year) => {
    const firstDay = Date.UTC(year, 0, 1) / DAY_MS;
    const days = Date.UTC(year + 1, 0, 1) / DAY_MS - firstDay;
    const cells = heatCells(
      firstDay,
      Array.from({ length: days }, (_, i) => i),
    );
    expect(new Set(cells.map(({ x, y }) => `${x} ${y}`)).size).toBe(days);
    for (const { x, y, count, place } of cells) {
      expect(count).toBe(place);
      expect(y).toBe((new Date((firstDay + place) * DAY_MS).getUTCDay() + 6) % 7);
      expect(x).toBeLessThan(54);
    }
  },
);
