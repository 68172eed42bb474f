import { channels, type Catalogue, type Channel, type Offer, type Period, type Plan } from "./catalogue.ts";
import { yearOf, type Costs } from "./costs.ts";
import { portion } from "./money.ts";

/*
 * What an operator reckons with before a price is set: on a copy of the catalogue, in whole numbers.
 */

/** Another price for one offer, without what a store takes. */
export interface PriceChange {
  readonly plan: string;
  readonly period: Period;
  readonly priceMinor: number;
}

/** What is to be changed in a catalogue. */
export interface Changes {
  readonly prices: readonly PriceChange[];
  /** What stores that have a fee take of the whole sum; as it was, by the share of each price, if absent. */
  readonly storePercent?: number;
}

/** Of what is paid on the iPhone, the store takes so much of a hundred, rounded; undefined where nothing is sold. */
export function storePercentOf({ plans }: Catalogue): number | undefined {
  const price = plans.flatMap(({ offers }) => offers)[0]?.prices.iphone;
  if (price === undefined) return undefined;
  return Math.round((price.storeFeeMinor * 100) / (price.priceMinor + price.storeFeeMinor));
}

/** The catalogue with other prices, as the next version. What is not changed stays as it is. */
export function changedCatalogue(catalogue: Catalogue, { prices, storePercent }: Changes): Catalogue {
  const priceOf = (plan: string, period: Period): number | undefined =>
    prices.find((each) => each.plan === plan && each.period === period)?.priceMinor;
  return {
    ...catalogue,
    version: catalogue.version + 1,
    plans: catalogue.plans.map((plan) => ({
      ...plan,
      offers: plan.offers.map((offer) => changedOffer(offer, priceOf(plan.id, offer.period), storePercent)),
    })),
  };
}

function changedOffer(offer: Offer, priceMinor: number | undefined, storePercent: number | undefined): Offer {
  const changed = (channel: Channel): Offer["prices"][Channel] => {
    const before = offer.prices[channel];
    const price = priceMinor ?? before.priceMinor;
    const hasFee = before.storeFeeMinor > 0 || (storePercent !== undefined && channel === "iphone");
    if (!hasFee) return { priceMinor: price, storeFeeMinor: before.storeFeeMinor };
    const share =
      storePercent === undefined
        ? { part: before.storeFeeMinor, whole: before.priceMinor }
        : { part: storePercent, whole: 100 - storePercent };
    return { priceMinor: price, storeFeeMinor: portion(price, { ...share, rounded: "up" }) };
  };
  const [web, iphone, android, other] = channels.map(changed);
  return { ...offer, prices: { web: web!, iphone: iphone!, android: android!, other: other! } };
}

/** A plan as it is paid by the year: twelve months where it cannot be; undefined where it costs nothing. */
export function paidByTheYear(plan: Plan): Plan | undefined {
  if (plan.offers.some(({ period }) => period === "year")) return plan;
  const [monthly] = plan.offers;
  if (monthly === undefined) return undefined;
  const twelve = (channel: Channel): Offer["prices"][Channel] => {
    const { priceMinor, storeFeeMinor } = monthly.prices[channel];
    return { priceMinor: 12 * priceMinor, storeFeeMinor: 12 * storeFeeMinor };
  };
  const prices = {
    web: twelve("web"),
    iphone: twelve("iphone"),
    android: twelve("android"),
    other: twelve("other"),
  };
  return { ...plan, offers: [{ period: "year", prices }] };
}

/** Of what a plan is reckoned, and how full its room is. */
export interface Reckoned {
  readonly catalogue: Catalogue;
  /** One that is paid by the year. */
  readonly plan: Plan;
  readonly fullPercent: number;
  readonly costs: Costs;
}

/** How many of a thousand have to pay so that the plan carries itself and the others; undefined where all are too few. */
export function leastPayersPerMille({ catalogue, plan, fullPercent, costs }: Reckoned): number | undefined {
  const isEnough = (payersPerMille: number): boolean =>
    yearOf(catalogue, plan, fullPercent, { ...costs, payersPerMille }).leftMinor >= 0;
  let [few, enough] = [0, 1000];
  if (!isEnough(enough)) return undefined;
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}

/** People who could be members, and how many of a thousand of them pay. */
export interface Market {
  readonly people: number;
  readonly payersPerMille: number;
}

/** What was told of one messenger in 2021: its monthly users, what people said when they were asked, and the price. */
export const reportedMarket: {
  readonly people: number;
  readonly wouldPayPerMille: number;
  readonly necessaryPerMille: number;
  readonly unnecessaryPerMille: number;
} = {
  people: 1_250_000_000,
  wouldPayPerMille: 110,
  necessaryPerMille: 280,
  unnecessaryPerMille: 500,
};

/** A year in which a part of so many people have a plan. Sums are larger than numbers hold exactly. */
export interface MarketYear {
  readonly payers: number;
  readonly paidMinor: bigint;
  readonly costMinor: bigint;
  readonly leftMinor: bigint;
}

/** All who pay have the same plan; the others have what is free, and those who pay carry them. */
export function yearOfMarket(
  { catalogue, plan, fullPercent, costs }: Reckoned,
  { people, payersPerMille }: Market,
): MarketYear {
  const payers = portion(people, { part: payersPerMille, whole: 1000, rounded: "down" });
  const each = yearOf(catalogue, plan, fullPercent, { ...costs, payersPerMille });
  const costMinor = each.storageMinor + each.freeMembersMinor + each.paymentMinor;
  const all = (minor: number): bigint => BigInt(minor) * BigInt(payers);
  return {
    payers,
    paidMinor: all(each.leftMinor + costMinor),
    costMinor: all(costMinor),
    leftMinor: all(each.leftMinor),
  };
}
