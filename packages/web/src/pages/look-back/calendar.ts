import type { LocalDay } from "../../time/local-time.ts";
import { monthName, weekdayName } from "../../words/values.ts";

const DAY_MS = 86_400_000;

/** A day of a year in a calendar of weeks side by side. */
interface DayCell {
  readonly x: number;
  readonly y: number;
  readonly count: number;
  /** Which day of the year it is, from 0. */
  readonly place: number;
}

/** The days of a year in columns of weeks that begin on Monday. */
export function heatCells(firstDay: LocalDay, perDay: readonly number[]): DayCell[] {
  const shift = mondayShift(firstDay);
  return perDay.map((count, place) => {
    return { x: Math.floor((place + shift) / 7), y: (place + shift) % 7, count, place };
  });
}

/** Above which columns months begin. */
export function monthMarks(firstDay: LocalDay): { readonly x: number; readonly text: string }[] {
  const year = new Date(firstDay * DAY_MS).getUTCFullYear();
  return Array.from({ length: 12 }, (_, month) => {
    const place = Date.UTC(year, month, 1) / DAY_MS - firstDay;
    return { x: Math.ceil((place + mondayShift(firstDay)) / 7), text: monthName(month) };
  });
}

export function weekdayMarks(): { readonly y: number; readonly text: string }[] {
  return [0, 2, 4, 6].map((y) => ({ y, text: weekdayName(y) }));
}

/** How many days of the week before it had passed on the first day; a week begins on Monday. */
function mondayShift(firstDay: LocalDay): number {
  return (new Date(firstDay * DAY_MS).getUTCDay() + 6) % 7;
}
