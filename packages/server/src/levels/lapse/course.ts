/*
 * The course of a lapse, as arithmetic: which notice is due, and whether anything may be removed. Before the end it goes
 * by the calendar, after it by the days on which the server ran.
 */

/** The catalogue's, for what happens when somebody does not pay any more. */
export interface Terms {
  readonly exportDays: number;
  /** In order; those before the end are negative. */
  readonly noticeDays: readonly number[];
}

/** What is due now. */
export interface Due {
  /** The notice to be given, by its day; undefined for none. Of several that are due it is the last. */
  readonly tell: number | undefined;
  /** How many of the notice days are done after this. */
  readonly told: number;
}

interface Ahead {
  /** The first day that is not paid for, and when that became known. */
  readonly endDay: number;
  readonly knownDay: number;
  readonly told: number;
}

/** Somebody who pays again before a notice had any use gets none: what was known for a short while is not told. */
const LEAST_KNOWN_DAYS = 2;

/**
 * What is due before the end. A notice is left out where its day came soon after the end became known, or where the end
 * was known for less than twice as long as the notice is ahead: with who pays by the month the next month follows.
 */
export function beforeEnd({ endDay, knownDay, told }: Ahead, today: number, { noticeDays }: Terms): Due {
  let tell: number | undefined;
  let done = told;
  for (; done < noticeDays.length; done++) {
    const day = noticeDays[done]!;
    if (day >= 0 || endDay + day > today) break;
    const isNews = endDay + day - knownDay > LEAST_KNOWN_DAYS && endDay - knownDay >= -2 * day;
    if (isNews && today < endDay) tell = day;
  }
  return { tell, told: done };
}

/** The day of the calendar on which the next thing before the end is due: a notice, or the end itself. */
export function nextAhead({ endDay, told }: Pick<Ahead, "endDay" | "told">, { noticeDays }: Terms): number {
  const day = noticeDays[told];
  return endDay + Math.min(day ?? 0, 0);
}

/** What is due so many of the server's days after the end. */
export function afterEnd(told: number, days: number, { noticeDays }: Terms): Due {
  let tell: number | undefined;
  let done = told;
  for (; done < noticeDays.length && noticeDays[done]! <= days; done++)
    if (noticeDays[done]! >= 0) tell = noticeDays[done];
  return { tell, told: done };
}

/** A notice after the end, and by which ways it was delivered. */
export interface Told {
  readonly day: number;
  readonly email: number;
  readonly phone: number;
  readonly device: number;
}

/** All that stands between what is stored and the trash. */
export interface Standing {
  /** The server's days since the end was seen. */
  readonly days: number;
  readonly notices: readonly Told[];
  /** The server's days since objects were last read or taken back. */
  readonly unreadDays: number;
  readonly isHeld: boolean;
  /** A family slot is waiting or released: somebody may be about to restore. */
  readonly isFamilyWaiting: boolean;
  readonly isClosing: boolean;
}

const LEAST_NOTICES = 3;
const LEAST_WAYS = 2;
/** Somebody who read within these days may still be restoring. */
export const READ_DAYS = 30;

/** Whether what is above the own room may be put away. */
export function mayRemove(standing: Standing, { exportDays }: Terms): boolean {
  const { days, unreadDays, isHeld, isFamilyWaiting, isClosing } = standing;
  if (isHeld || isFamilyWaiting || isClosing) return false;
  return days >= exportDays && unreadDays >= READ_DAYS && isWellTold(standing.notices);
}

/** Three notices after the end were delivered, by two ways together. */
export function isWellTold(notices: readonly Told[]): boolean {
  const delivered = notices.filter(({ day, email, phone, device }) => day > 0 && email + phone + device > 0);
  const ways = (["email", "phone", "device"] as const).filter((way) =>
    delivered.some((notice) => notice[way] > 0),
  );
  return delivered.length >= LEAST_NOTICES && ways.length >= LEAST_WAYS;
}
