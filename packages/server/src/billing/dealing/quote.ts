import { paidMinor, portion, type Channel, type Offer } from "@keepsake/core/plans";
import { addPeriods } from "./calendar.ts";
import { nextReduced, reducedPrice, termMinor, type Reduced } from "./reduction.ts";

/** What somebody is to pay, line by line. */
export interface Quote {
  /** The price of the plan for its period. */
  readonly priceMinor: number;
  /** What a coupon or the like takes off it. */
  readonly reductionMinor: number;
  /** What an earlier subscription is still worth. */
  readonly creditMinor: number;
  /** What is left of that beyond the price, as days more. */
  readonly extraDays: number;
  /** What the channel's store takes on top. */
  readonly storeFeeMinor: number;
  /** All in all, now. */
  readonly amountMinor: number;
  /** For every further term, should there be one. */
  readonly renewalMinor: number;
  /** Where that is less for some terms only: for how many, and what those after them cost. */
  readonly later?: { readonly terms: number; readonly amountMinor: number };
}

interface Quoted {
  readonly offer: Offer;
  readonly channel: Channel;
  /** Off the price, and off further terms. */
  readonly reduced?: Reduced | undefined;
  /** What an earlier subscription is worth. */
  readonly worthMinor?: number;
  readonly day: number;
}

/** What an offer comes to for somebody. What has to be rounded is rounded in their favour. */
export function quote(given: Quoted): Quote {
  const { offer, channel, reduced, worthMinor = 0, day } = given;
  const { priceMinor, storeFeeMinor: fullFeeMinor } = offer.prices[channel];
  const price = reducedPrice(offer, channel, reduced?.percentOff ?? 0);
  const { reductionMinor, priceMinor: reducedMinor } = price;
  const openMinor = Math.max(0, reducedMinor - worthMinor);
  const storeFeeMinor = portion(fullFeeMinor, { part: openMinor, whole: priceMinor, rounded: "down" });
  const overMinor = Math.max(0, worthMinor - reducedMinor);
  const days = addPeriods(day, offer.period, 1) - day;
  return {
    priceMinor,
    reductionMinor,
    creditMinor: worthMinor,
    extraDays: portion(overMinor, { part: days, whole: priceMinor, rounded: "up" }),
    storeFeeMinor,
    amountMinor: openMinor + storeFeeMinor,
    renewalMinor: termMinor(offer, channel, nextReduced(reduced)),
    ...laterOf(offer, channel, reduced),
  };
}

function laterOf(offer: Offer, channel: Channel, reduced: Reduced | undefined): Pick<Quote, "later"> {
  const { terms = 0 } = reduced ?? {};
  return terms === 0 ? {} : { later: { terms, amountMinor: paidMinor(offer, channel) } };
}
