import { away } from "./problems.ts";

export const DAY_MS = 24 * 60 * 60_000;

/** A time that an answer holds in ISO 8601. */
export function isoTime(text: unknown): number {
  const ms = typeof text === "string" ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw away("answer");
  return ms;
}

/** When a day (UTC, 2026-01-31) begins. */
export function dayBegins(day: string): number {
  return isoTime(`${day}T00:00:00Z`);
}
