import { language, tags } from "../state/language.ts";
import { momentsAs } from "./moments.ts";

/** A number as people write it. */
export function countText(count: number): string {
  return count.toLocaleString(tags[language.value]);
}

/** A part of something, in whole hundredths; what is not all is not said to be. */
export function shareText(share: number): string {
  const percent = share < 1 ? Math.min(99, Math.floor(share * 100)) : 100;
  return (percent / 100).toLocaleString(tags[language.value], { style: "percent" });
}

/** When a day of a date field begins, here; or so many days later. */
export function dayStart(day: string, later = 0): number {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return new Date(year, month - 1, date + later).getTime();
}

/** A day here, as a date field has it. */
export function dayValue(timeMs: number): string {
  const time = new Date(timeMs);
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

const DAY_MS = 86_400_000;
const recentDay = momentsAs({ month: "short", day: "numeric" });
const anyDay = momentsAs({ year: "numeric", month: "short", day: "numeric" });

/** A day, said shortly: today by its time, this year without the year. */
export function dayText(timeMs: number | null, nowMs: number = Date.now()): string {
  if (timeMs === null) return "";
  const isRecent = Math.abs(nowMs - timeMs) < 300 * DAY_MS;
  return isRecent ? recentDay(timeMs) : anyDay(timeMs);
}

/** A day with its weekday, as it stands between the messages of two days. */
export const longDayText: (timeMs: number) => string = momentsAs({
  year: "numeric",
  month: "long",
  day: "numeric",
  weekday: "short",
});

const monthsAs = {
  long: momentsAs({ year: "numeric", month: "long" }),
  short: momentsAs({ year: "numeric", month: "short" }),
};

/** A month of a year; `month` counts from 0. */
export function monthText(year: number, month: number, length: "long" | "short" = "long"): string {
  return monthsAs[length](new Date(year, month, 1).getTime());
}

const monthAlone = momentsAs({ month: "short" });

/** A month without its year. */
export function monthName(month: number): string {
  return monthAlone(new Date(2000, month, 1).getTime());
}

const weekday = momentsAs({ weekday: "short" });

/** A day of the week, Monday being 0. */
export function weekdayName(day: number): string {
  return weekday(new Date(2001, 0, 1 + day).getTime());
}

const dayOfYear = momentsAs({ month: "long", day: "numeric" });

/** A day without its year. */
export function calendarDayText(day: Date): string {
  return dayOfYear(day.getTime());
}

export const clockText: (timeMs: number) => string = momentsAs({ hour: "2-digit", minute: "2-digit" });

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** A size as people say it, in thousands. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  const digits = value >= 100 || unit === 0 ? 0 : 1;
  return `${value.toLocaleString(tags[language.value], { maximumFractionDigits: digits })} ${UNITS[unit]}`;
}

/** How long something takes to hear or see: minutes and seconds, and hours where there are any. */
export function lengthText(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  const two = (part: number): string => String(part).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ""}${two(minutes)}:${two(seconds % 60)}`;
}
