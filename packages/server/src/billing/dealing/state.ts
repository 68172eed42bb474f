import type { PaidTerm, Subscription } from "./subscription.ts";

export const states = [
  "pending",
  "trial",
  "active",
  "grace",
  "past-due",
  "paused",
  "canceled",
  "expired",
  "ended",
] as const;

/**
 * How a subscription stands: `canceled` is paid for and will not renew though it once would have; `past-due` is tried
 * again and lets nothing new in; `ended` was paid back or taken over by another one. Reading, restoring and exporting
 * go on in all of them: the storage side never asks for a subscription to give back what it has.
 */
export type State = (typeof states)[number];

/** Whether a state lets new things in. */
export function mayUpload(state: State): boolean {
  return state === "trial" || state === "active" || state === "grace" || state === "canceled";
}

/** The term that a day belongs to. */
export function termAt({ terms }: Pick<Subscription, "terms">, day: number): PaidTerm | undefined {
  return terms.find(({ fromDay, untilDay }) => fromDay <= day && day < untilDay);
}

/** How a subscription stands on a day. */
export function stateAt(subscription: Subscription, day: number, graceDays: number): State {
  const { endedDay, isPending, terms } = subscription;
  if (endedDay !== undefined && day >= endedDay) return "ended";
  const term = termAt(subscription, day);
  if (isPaused(subscription, day)) return "paused";
  if (term !== undefined) return paidState(subscription, term);
  if (terms.length === 0) return isPending ? "pending" : "expired";
  return stateAfter(subscription, day, graceDays);
}

function paidState({ renews, didRenew }: Subscription, { isTrial }: PaidTerm): State {
  if (isTrial) return "trial";
  return didRenew && !renews ? "canceled" : "active";
}

/** Past the paid end. */
function stateAfter(
  { untilDay, renews, graceUntilDay, retriesUntilDay }: Subscription,
  day: number,
  graceDays: number,
): State {
  // A term in the future, with a gap before it.
  if (day < untilDay) return "expired";
  const grace = Math.max(graceUntilDay, renews ? untilDay + graceDays : 0);
  if (day < grace) return "grace";
  return day < retriesUntilDay ? "past-due" : "expired";
}

function isPaused({ paused }: Subscription, day: number): boolean {
  if (paused === undefined || day < paused.sinceDay) return false;
  return paused.untilDay === undefined || day < paused.untilDay;
}
