const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A day as people count them: 0 is the first of January 1970 where the reader is. */
export type LocalDay = number;

/** Years times twelve, and the months of the year that are over. */
export type LocalMonth = number;

/** When something was, by the clock on the wall of the reader. */
export interface LocalTime {
  readonly day: LocalDay;
  readonly month: LocalMonth;
  readonly hour: number;
}

/** Tells local times of many moments that follow each other: what a clock is set to is asked once an hour. */
export class LocalClock {
  #hour = NaN;
  #offsetMs = 0;
  #day = NaN;
  #month = 0;

  at(timeMs: number): LocalTime {
    const hour = Math.floor(timeMs / HOUR_MS);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#offsetMs = new Date(timeMs).getTimezoneOffset() * MINUTE_MS;
    }
    const local = timeMs - this.#offsetMs;
    const day = Math.floor(local / DAY_MS);
    if (day !== this.#day) [this.#day, this.#month] = [day, monthOf(day)];
    return { day, month: this.#month, hour: Math.floor((local - day * DAY_MS) / HOUR_MS) };
  }
}

/** The month in which a day lies. */
export function monthOf(day: LocalDay): LocalMonth {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** When a day begins where the reader is, milliseconds. */
export function dayStartMs(day: LocalDay): number {
  const date = new Date(day * DAY_MS);
  return new Date(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()).getTime();
}
