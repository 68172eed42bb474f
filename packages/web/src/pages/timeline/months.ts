import { dayStartMs, monthOf, type LocalMonth } from "../../time/local-time.ts";
import type { DayCounts } from "../../worker/look/sums/census.ts";

/** A month of a chat in which there are messages. */
export interface MonthEntry {
  readonly month: LocalMonth;
  readonly messages: number;
  /** When its first day with messages begins. */
  readonly startMs: number;
}

export interface YearEntry {
  readonly year: number;
  readonly messages: number;
  readonly months: readonly MonthEntry[];
}

/** The years and months of a chat in which there are messages. */
export function yearsOf({ firstDay, counts }: DayCounts): readonly YearEntry[] {
  const months: { month: LocalMonth; messages: number; startMs: number }[] = [];
  for (const [place, count] of counts.entries()) {
    if (count === 0) continue;
    const day = firstDay + place;
    const month = monthOf(day);
    const last = months.at(-1);
    if (last?.month === month) last.messages += count;
    else months.push({ month, messages: count, startMs: dayStartMs(day) });
  }
  const byYear = Map.groupBy(months, ({ month }) => Math.floor(month / 12));
  return [...byYear].map(([year, its]) => {
    return { year, messages: its.reduce((sum, { messages }) => sum + messages, 0), months: its };
  });
}

/** The month in which a moment lies where the reader is. */
export function monthAt(timeMs: number): LocalMonth {
  const time = new Date(timeMs);
  return time.getFullYear() * 12 + time.getMonth();
}
