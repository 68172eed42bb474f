import { language, tags } from "../../state/language.ts";

const DAY_MS = 86_400_000;

/** A day of UTC, counted since 1970. */
export function dayText(day: number): string {
  const options = { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" } as const;
  return new Date(day * DAY_MS).toLocaleDateString(tags[language.value], options);
}

/** The last day before one that is not paid for any more. */
export function lastDayText(untilDay: number): string {
  return dayText(untilDay - 1);
}
