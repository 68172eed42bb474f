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
  /** What an earlier subscription's worth paid of it: it goes back to where that was paid. */
  readonly creditMinor: number;
}

/**
 * What is paid back when somebody ends a subscription on a day: all of a term, its fee too, within so many days of its
 * beginning, or before it; later, of one of a year the days that are left, of one of a month nothing. Whether it was
 * used is not asked: this side of the server does not know.
 */
export function refundsFor({ terms }: Subscription, day: number, refundDays: number): readonly Due[] {
  return terms.flatMap((term) => {
    const { charge, fromDay, untilDay, amountMinor, refundedMinor, bought } = term;
    const openMinor = Math.max(0, amountMinor - refundedMinor);
    if (untilDay <= day) return [];
    const laterMinor = bought.period === "year" ? leftMinor(term, day) : 0;
    const dueMinor = day < fromDay + refundDays ? openMinor + term.creditMinor : laterMinor;
    const paid = Math.min(dueMinor, openMinor);
    const creditMinor = Math.min(dueMinor - paid, term.creditMinor);
    return dueMinor > 0 ? [{ charge, amountMinor: paid, creditMinor }] : [];
  });
}
