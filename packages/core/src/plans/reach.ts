import type { Catalogue, Named, Room } from "./catalogue.ts";
import { isFree } from "./rules.ts";

/** How far back a history is to reach, by the plan that somebody has. */
export interface Reach {
  readonly plan: string;
  readonly name: Named;
  readonly window: Room["window"];
}

/** What a server says of who pays, as far as this takes it. */
interface Account {
  readonly subscriptions: readonly { readonly isAddOn: boolean; readonly state: string }[];
  /** The plan that reaches furthest of those that are had, as it was when it was bought. */
  readonly reach?: Reach;
}

/**
 * How far back a history is to reach: as the plan said that is had, when it was bought; for who has none, as the
 * catalogue's free one says. Undefined where a plan is had and nobody knows what it said.
 */
export function reachOf({ plans }: Catalogue, account: Account | undefined): Reach | undefined {
  if (account?.reach !== undefined) return account.reach;
  const hasPlan = account?.subscriptions.some(({ isAddOn, state }) => !isAddOn && isHeld(state)) === true;
  const free = plans.find(isFree);
  if (hasPlan || free === undefined) return undefined;
  return { plan: free.id, name: free.name, window: free.room.window };
}

/** Whether a subscription in such a state is had, paid up or not: neither begun only, nor over. */
export function isHeld(state: string): boolean {
  return !["pending", "expired", "ended"].includes(state);
}

/** The one that reaches back furthest. */
export function furthest(reaches: readonly Reach[]): Reach | undefined {
  const daysOf = ({ window }: Reach): number => (window === "all" ? Infinity : window.days);
  const chatsOf = ({ window }: Reach): number => (window === "all" ? 0 : window.chatsForEver);
  const isFurther = (a: Reach, b: Reach): boolean =>
    daysOf(a) > daysOf(b) || (daysOf(a) === daysOf(b) && chatsOf(a) > chatsOf(b));
  return reaches.reduce<Reach | undefined>(
    (best, each) => (best === undefined || isFurther(each, best) ? each : best),
    undefined,
  );
}
