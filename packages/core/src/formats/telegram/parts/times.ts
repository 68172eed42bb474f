/** Telegram writes local times without offset, `2024-10-27T02:30:00`, and since 2022 the Unix time beside them. */

const dayMs = 86_400_000;
/** Exports before 2021 give this to what was never edited. */
const firstEdit = Date.UTC(1990, 0, 1);

let cachedDay = "";
let cachedDayMs = 0;

/** A local time as if it were UTC; undefined if it is not written as Telegram writes it. */
export function localMs(text: unknown): number | undefined {
  if (typeof text !== "string" || text.length !== 19) return undefined;
  const day = text.slice(0, 10);
  if (day !== cachedDay) {
    const parsed = dayToMs(day);
    if (parsed === undefined) return undefined;
    cachedDay = day;
    cachedDayMs = parsed;
  }
  const hours = twoDigits(text, 11);
  const minutes = twoDigits(text, 14);
  const seconds = twoDigits(text, 17);
  const isTime =
    text[10] === "T" && text[13] === ":" && text[16] === ":" && hours < 24 && minutes < 60 && seconds < 60;
  return isTime ? cachedDayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000 : undefined;
}

function dayToMs(day: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(ms) || localText(ms).slice(0, 10) !== day ? undefined : ms;
}

/** The number of two digits; 99 if they are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 99;
}

/** The text of a local time. Times that a year of four digits does not hold give a longer text. */
export function localText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, -5);
}

/** Milliseconds of a Unix time as text; undefined unless it is the shortest text of it and within reason. */
export function unixMs(text: unknown): number | undefined {
  if (typeof text !== "string" || text.length > 11) return undefined;
  const seconds = Number(text);
  return Number.isSafeInteger(seconds) && String(seconds) === text ? seconds * 1000 : undefined;
}

/** Minutes by which the exporting machine's clock was east of UTC; undefined where the two do not fit. */
export function offsetMinutes(local: number | undefined, utc: number | undefined): number | undefined {
  if (local === undefined || utc === undefined) return undefined;
  const minutes = (local - utc) / 60_000;
  return Number.isInteger(minutes) && Math.abs(minutes) * 60_000 <= dayMs ? minutes : undefined;
}

/** When a message was edited; undefined where the export only says that it was not. */
export function editedMs(local: unknown, unix: unknown): number | undefined {
  const ms = unixMs(unix) ?? localMs(local);
  return ms !== undefined && ms >= firstEdit ? ms : undefined;
}
