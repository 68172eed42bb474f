import type { Period } from "@keepsake/core/plans";

/*
 * The billing side counts in days of UTC: whole numbers since 1970. A term lasts from its first day to the day before
 * its `untilDay`, so that nobody loses hours, and no row has a time of day that could be found again elsewhere.
 */

const DAY_MS = 24 * 60 * 60_000;

export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}

/** The first day that begins at or after a time. */
export function dayFrom(timeMs: number): number {
  return Math.ceil(timeMs / DAY_MS);
}

export function startOf(day: number): number {
  return day * DAY_MS;
}

/** The same day of the month, so many periods later; the month's last day where it has no such day. */
export function addPeriods(day: number, period: Period, count: number): number {
  const date = new Date(startOf(day));
  const months = date.getUTCMonth() + count * (period === "year" ? 12 : 1);
  const year = date.getUTCFullYear() + Math.floor(months / 12);
  const month = ((months % 12) + 12) % 12;
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month, Math.min(date.getUTCDate(), last)));
}
