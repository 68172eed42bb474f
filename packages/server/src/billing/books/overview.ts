import { isAddOn, type Channel, type Period } from "@keepsake/core/plans";
import { dayOf } from "../dealing/calendar.ts";
import { stateAt, type State } from "../dealing/state.ts";
import { renewalBy, type ProviderName } from "../dealing/statements.ts";
import type { Provider } from "../providers/provider.ts";
import type { Account } from "./accounts.ts";
import type { Books } from "./books.ts";
import type { Kept } from "./log/log.ts";
import { chargesOf } from "./round/upcoming.ts";
import { soldIn } from "./sold.ts";
import { subscriptionsOf } from "./subscriptions.ts";

/** A subscription as its holder sees it. */
export interface SubscriptionLine {
  readonly id: string;
  readonly provider: string;
  readonly channel: Channel;
  readonly plan: string;
  readonly period: Period;
  /** Whether it is had beside a plan. */
  readonly isAddOn: boolean;
  /** Whether it was bought for somebody else. */
  readonly isGift: boolean;
  readonly state: State;
  readonly sinceDay: number;
  /** The first day that is not paid for. */
  readonly untilDay: number;
  readonly renews: boolean;
  /** Whether it can be made to renew, paused, or given another plan for the next term. */
  readonly mayRenew: boolean;
  readonly mayPause: boolean;
  readonly next?: { readonly plan: string; readonly period: Period };
  /** The charge that its holder was told of. */
  readonly charge?: { readonly day: number; readonly amountMinor: number; readonly currency: string };
  /** Where its holder ends renewal or asks for money back, if only the provider can do it. */
  readonly manageUrl?: string;
  /** Whether a part of it was a trial. */
  readonly hadTrial: boolean;
  /** Whether its provider is still there, and whether no money moved. */
  readonly isProviderGone: boolean;
  readonly isTest: boolean;
}

/** All that an account has for itself, the newest first. */
export async function subscriptionLines(
  books: Books,
  account: Account,
): Promise<readonly SubscriptionLine[]> {
  const all = (await subscriptionsOf(books.db.query, account.id)).filter(({ row }) => row.isGift === 0);
  return Promise.all(all.map((kept) => lineOf(books, kept)));
}

export async function lineOf(books: Books, { row, subscription }: Kept): Promise<SubscriptionLine> {
  const provider = books.providers.get(row.provider as ProviderName);
  const { graceDays } = (await books.catalogues.current()).lapse;
  const { next, untilDay, renews } = subscription;
  const state = stateAt(subscription, dayOf(books.clock.now()), graceDays);
  return {
    id: row.id,
    provider: row.provider,
    channel: row.channel as Channel,
    plan: row.plan,
    period: row.period as Period,
    isAddOn: isAddOn((await soldIn(books, books.db.query, [{ row, subscription }]))(row)),
    isGift: row.isGift === 1,
    state,
    sinceDay: row.sinceDay,
    untilDay,
    renews,
    ...mayOf({ row, subscription }, state, provider),
    ...(next === undefined ? {} : { next: { plan: next.plan, period: next.period } }),
    ...(renews ? await chargeOf(books, row.id) : {}),
    hadTrial: [...subscription.terms, ...subscription.gone].some(({ isTrial }) => isTrial),
    isProviderGone: provider === undefined && row.provider !== "manual",
    isTest: provider?.isTest === true,
  };
}

function mayOf(
  { row, subscription: { renews, isAgreed, untilDay } }: Kept,
  state: State,
  provider: Provider | undefined,
): Pick<SubscriptionLine, "mayRenew" | "mayPause" | "manageUrl"> {
  const by = renewalBy[row.provider as ProviderName];
  return {
    mayRenew: by === "ours" && provider !== undefined && isAgreed && !renews && untilDay > 0,
    mayPause: by !== "theirs" && row.isGift === 0 && ["active", "canceled", "paused"].includes(state),
    ...(provider?.manageUrl === undefined ? {} : { manageUrl: provider.manageUrl }),
  };
}

async function chargeOf({ db }: Books, id: string): Promise<Pick<SubscriptionLine, "charge">> {
  const { open: charge } = (await chargesOf(db.query, [id]))(id);
  if (charge === undefined) return {};
  const { dueDay, amountMinor, currency } = charge;
  return { charge: { day: dueDay, amountMinor, currency } };
}
