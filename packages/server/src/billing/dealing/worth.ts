import { portion } from "@keepsake/core/plans";
import type { PaidTerm, Subscription } from "./subscription.ts";

/** What the days of a term that are left on a day were paid with, without the store's fee: never more than was paid. */
function leftMinor(term: PaidTerm, day: number): number {
  const { fromDay, untilDay, amountMinor, storeFeeMinor, creditMinor, refundedMinor } = term;
  const part = untilDay - Math.max(fromDay, Math.min(day, untilDay));
  const paidMinor = Math.max(0, amountMinor - Math.min(storeFeeMinor, amountMinor) + creditMinor);
  const worth = portion(paidMinor, { part, whole: untilDay - fromDay, rounded: "down" });
  return Math.max(0, worth - refundedMinor);
}

/** What a subscription is still worth on a day: the credit towards another one. */
export function worthMinor({ terms }: Subscription, day: number): number {
  return terms.reduce((sum, term) => sum + leftMinor(term, day), 0);
}

/** What is to be paid back of a charge. */
export interface Due {
  readonly charge: string;
  readonly amountMinor: number;
}

/** The terms of paying back, as the catalogue has them. */
export interface RefundTerms {
  /** Within so many days, and unused, all of it. */
  readonly refundDays: number;
  readonly isUnused: boolean;
}

/**
 * What is paid back when somebody ends a subscription on a day: all of a term, its fee too, that is unused and within
 * the days for that, or has not begun; of one of a year the days that are left; of one of a month nothing.
 */
export function refundsFor(
  { terms }: Subscription,
  day: number,
  { refundDays, isUnused }: RefundTerms,
): readonly Due[] {
  return terms.flatMap((term) => {
    const { charge, fromDay, untilDay, amountMinor, refundedMinor, bought } = term;
    const openMinor = amountMinor - refundedMinor;
    if (untilDay <= day || openMinor <= 0) return [];
    const isWhole = day < fromDay || (isUnused && day < fromDay + refundDays);
    const dueMinor = isWhole ? openMinor : bought.period === "year" ? leftMinor(term, day) : 0;
    // What was paid with an earlier plan's credit is not paid back in money.
    const amount = Math.min(dueMinor, openMinor);
    return amount > 0 ? [{ charge, amountMinor: amount }] : [];
  });
}
