import { firstDay, type Routes } from "../../protocol/index.ts";

export type RemovalAhead = Routes["GET /v1/level/removals/ahead"]["answer"];
type WeekAhead = RemovalAhead["weeks"][number];

/** Files of one year: how much of them there is, and how much of that would go. */
export interface YearAhead extends Omit<WeekAhead, "week"> {
  readonly year: number;
}

const DAY_MS = 86_400_000;
/** Objects have the last week of their quarter: what lies in its middle tells the year better. */
const MIDDLE_WEEKS = 6;

/** What would go for want of payment, year by year, the oldest first. */
export function yearsAhead({ weeks }: Pick<RemovalAhead, "weeks">): readonly YearAhead[] {
  const years = new Map<number, YearAhead>();
  for (const { week, ...more } of weeks) {
    const day = firstDay("week", Math.max(0, week - MIDDLE_WEEKS));
    const year = new Date(day * DAY_MS).getUTCFullYear();
    const sum = years.get(year);
    years.set(year, sum === undefined ? { year, ...more } : summed(sum, more));
  }
  return [...years.values()].sort((a, b) => a.year - b.year);
}

function summed(a: YearAhead, b: Omit<WeekAhead, "week">): YearAhead {
  return {
    year: a.year,
    objects: a.objects + b.objects,
    bytes: a.bytes + b.bytes,
    goingObjects: a.goingObjects + b.goingObjects,
    goingBytes: a.goingBytes + b.goingBytes,
  };
}
