import { language, tags, type Language } from "../state/language.ts";

const MINUTE_MS = 60_000;
/** As far from 1970 as dates go. */
const FARTHEST_MS = 8.64e15;

/**
 * Says moments in one way, by the clock on the wall of the reader. What says them is made once for each language: that
 * takes longer than to say all moments of a screen.
 */
export function momentsAs(options: Intl.DateTimeFormatOptions): (timeMs: number) => string {
  const made = new Map<Language, Intl.DateTimeFormat>();
  return (timeMs) => {
    const spoken = language.value;
    const format = made.get(spoken) ?? new Intl.DateTimeFormat(tags[spoken], { ...options, timeZone: "UTC" });
    made.set(spoken, format);
    // The clock may be set to another zone while the page is open.
    const localMs = timeMs - new Date(timeMs).getTimezoneOffset() * MINUTE_MS;
    return Math.abs(localMs) <= FARTHEST_MS ? format.format(localMs) : String(new Date(NaN));
  };
}
