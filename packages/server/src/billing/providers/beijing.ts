import { DAY_MS } from "./days.ts";
import { away } from "./problems.ts";

/* Providers in China keep their days and write their times in Beijing time, which has been UTC+8 all year since 1992. */

const OFFSET_MS = 8 * 60 * 60_000;

/** A time as 2026-01-31 23:59:59. */
export function beijingTime(ms: number): string {
  return new Date(ms + OFFSET_MS).toISOString().slice(0, 19).replace("T", " ");
}

/** A day as 2026-01-31. */
export function beijingDay(ms: number): string {
  return beijingTime(ms).slice(0, 10);
}

export function beijingHour(ms: number): number {
  return new Date(ms + OFFSET_MS).getUTCHours();
}

/** The days since 1970 that had begun in Beijing. */
export function beijingDayNumber(ms: number): number {
  return Math.floor((ms + OFFSET_MS) / DAY_MS);
}

/** The time that 2026-01-31 23:59:59 or 20260131235959 is. */
export function fromBeijing(text: unknown): number {
  const digits = typeof text === "string" ? text.replace(/\D/g, "") : "";
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits.slice(0, 14));
  if (match === null) throw away("answer");
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
}
