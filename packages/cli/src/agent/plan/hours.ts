/** A part of the day in which the agent may work, in minutes after midnight, local time. It may reach over midnight. */
export interface Hours {
  readonly from: number;
  /** The first minute that is outside again; up to 1440. */
  readonly until: number;
}

/** The minute of the local day at an instant, 0 to 1439. */
export type MinuteOfDay = (milliseconds: number) => number;

const MINUTE_MS = 60_000;
/** Longer than any wait for hours that begin each day, whatever the clocks are set to. */
const MOST_MINUTES = 3 * 1440;

/** Reads `22:00-07:00`; undefined where it is none, or no time at all. */
export function parseHours(text: string): Hours | undefined {
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text);
  const [fromHour, fromMinute, untilHour, untilMinute] = (match ?? []).slice(1).map(Number);
  if (match === null || fromMinute! > 59 || untilMinute! > 59) return undefined;
  const [from, until] = [fromHour! * 60 + fromMinute!, untilHour! * 60 + untilMinute!];
  return from < 1440 && until <= 1440 && from !== until ? { from, until } : undefined;
}

/** Whether work may go on at an instant. */
export function isWithin(
  { from, until }: Hours,
  milliseconds: number,
  minuteOfDay: MinuteOfDay = localMinute,
): boolean {
  const minute = minuteOfDay(milliseconds);
  return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}

/**
 * The first instant from now on that is within the hours. Found minute by minute: on days on which the clocks are
 * changed an hour is missing or comes twice, and no sum would know.
 */
export function nextBegin(
  hours: Hours,
  milliseconds: number,
  minuteOfDay: MinuteOfDay = localMinute,
): number {
  if (isWithin(hours, milliseconds, minuteOfDay)) return milliseconds;
  const first = Math.ceil(milliseconds / MINUTE_MS) * MINUTE_MS;
  for (let i = 0; i < MOST_MINUTES; i++) {
    const at = first + i * MINUTE_MS;
    if (isWithin(hours, at, minuteOfDay)) return at;
  }
  return first;
}

function localMinute(milliseconds: number): number {
  const date = new Date(milliseconds);
  return date.getHours() * 60 + date.getMinutes();
}
