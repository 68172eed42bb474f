import type { Subscription } from "./subscription.ts";

/** People hear of a charge so many days before it; no charge is made less than `LEAST_DAYS` after they did. */
const TELL_DAYS = 8;
export const LEAST_DAYS = 5;
/** On so many channels at least. */
export const CHANNELS = 2;
/** After a charge that failed it is tried again so many days later each time. */
const TRY_DAYS = [1, 2, 4];

/** A notice of a charge that was delivered. */
export interface Delivered {
  readonly channel: string;
  readonly day: number;
}

/** What there is of the term to come. */
export interface Upcoming {
  /** Notices of this very charge, with its day and at least its amount, that were delivered. */
  readonly delivered: readonly Delivered[];
  /** Whether the notices were made: they may still be on their way. */
  readonly isTold: boolean;
  /** The days on which it was tried. */
  readonly triedDays: readonly number[];
  /** So many days ahead of a charge its provider has to be told of it; 0 for no need. */
  readonly announceDays?: number;
  /** The day on which it was. */
  readonly announcedDay?: number | undefined;
  readonly graceDays: number;
}

/** What is to be done about the next term today. */
export type Step =
  | { readonly do: "wait"; readonly untilDay: number }
  | { readonly do: "tell"; readonly chargeDay: number }
  | { readonly do: "announce"; readonly chargeDay: number }
  | { readonly do: "charge" }
  /** No more charge: it could not be told, or was tried often enough. */
  | { readonly do: "give-up"; readonly why: "not-told" | "not-paid" };

/** The day of the next charge, as people are told it: the last one that is paid. */
function chargeDayOf({ untilDay }: Pick<Subscription, "untilDay">): number {
  return untilDay - 1;
}

/** The first day that is late enough after the notices; undefined while too few were delivered. */
export function toldEnoughDay(delivered: readonly Delivered[]): number | undefined {
  const firsts = new Map<string, number>();
  for (const { channel, day } of delivered) firsts.set(channel, Math.min(day, firsts.get(channel) ?? day));
  const days = [...firsts.values()].sort((a, b) => a - b);
  const enough = days[CHANNELS - 1];
  return enough === undefined ? undefined : enough + LEAST_DAYS;
}

/** Without notices that were delivered in time there is no charge, whatever else holds. */
export function renewalStep(
  subscription: Pick<Subscription, "untilDay" | "renews">,
  day: number,
  upcoming: Upcoming,
): Step {
  const { delivered, isTold, triedDays, graceDays } = upcoming;
  const { untilDay, renews } = subscription;
  if (!renews) return { do: "wait", untilDay: Infinity };
  const chargeDay = chargeDayOf(subscription);
  if (day < chargeDay - TELL_DAYS) return { do: "wait", untilDay: chargeDay - TELL_DAYS };
  // A clock that jumped, or a server that stood still: who has long lapsed is not charged out of the blue.
  if (day >= untilDay + graceDays)
    return { do: "give-up", why: triedDays.length > 0 ? "not-paid" : "not-told" };
  if (!isTold) return { do: "tell", chargeDay: Math.max(chargeDay, day + LEAST_DAYS) };
  const toldDay = toldEnoughDay(delivered);
  if (toldDay === undefined)
    return { do: "wait", untilDay: Math.max(day + 1, chargeDay - (upcoming.announceDays ?? 0)) };
  return chargeStep(Math.max(chargeDay, toldDay), day, upcoming);
}

/** Once people know of it: on the first day that may be, or so long after a failure. */
function chargeStep(
  mayDay: number,
  day: number,
  { triedDays, announceDays = 0, announcedDay }: Upcoming,
): Step {
  const last = triedDays.at(-1);
  const again = TRY_DAYS[triedDays.length - 1] ?? TRY_DAYS.at(-1)!;
  let firstDay = last === undefined ? mayDay : last + again;
  if (announceDays > 0) {
    if (announcedDay === undefined)
      return day < firstDay - announceDays
        ? { do: "wait", untilDay: firstDay - announceDays }
        : { do: "announce", chargeDay: Math.max(firstDay, day + announceDays) };
    firstDay = Math.max(firstDay, announcedDay + announceDays);
  }
  return day < firstDay ? { do: "wait", untilDay: firstDay } : { do: "charge" };
}

/** For so long an unpaid purchase is asked after. */
const OPEN_DAYS = 3;

/** The day on which the daily round looks at a subscription again; null for never, as long as nothing happens. */
export function lookDayAfter(
  subscription: Pick<Subscription, "untilDay" | "renews" | "terms">,
  day: number,
  sinceDay: number,
): number | null {
  const { renews, terms } = subscription;
  if (terms.length === 0) return day < sinceDay + OPEN_DAYS ? day + 1 : null;
  return renews ? Math.max(day, chargeDayOf(subscription) - TELL_DAYS) : null;
}
