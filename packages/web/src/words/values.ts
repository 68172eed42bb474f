import { language, tags } from "../state/language.ts";

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

/** A day, said shortly: today by its time, this year without the year. */
export function dayText(timeMs: number | null, nowMs: number = Date.now()): string {
  if (timeMs === null) return "";
  const time = new Date(timeMs);
  const isRecent = Math.abs(nowMs - timeMs) < 300 * DAY_MS;
  return time.toLocaleDateString(tags[language.value], {
    ...(!isRecent && { year: "numeric" }),
    month: "short",
    day: "numeric",
  });
}

/** A day with its weekday, as it stands between the messages of two days. */
export function longDayText(timeMs: number): string {
  return new Date(timeMs).toLocaleDateString(tags[language.value], {
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "short",
  });
}

/** A month of a year; `month` counts from 0. */
export function monthText(year: number, month: number, length: "long" | "short" = "long"): string {
  const options = { year: "numeric", month: length } as const;
  return new Date(year, month, 1).toLocaleDateString(tags[language.value], options);
}

/** A month without its year. */
export function monthName(month: number): string {
  return new Date(2000, month, 1).toLocaleDateString(tags[language.value], { month: "short" });
}

/** A day of the week, Monday being 0. */
export function weekdayName(day: number): string {
  return new Date(2001, 0, 1 + day).toLocaleDateString(tags[language.value], { weekday: "short" });
}

/** A day without its year. */
export function calendarDayText(day: Date): string {
  return day.toLocaleDateString(tags[language.value], { month: "long", day: "numeric" });
}

export function clockText(timeMs: number): string {
  return new Date(timeMs).toLocaleTimeString(tags[language.value], { hour: "2-digit", minute: "2-digit" });
}

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
