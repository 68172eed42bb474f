import { paidMinor, portion, type Channel, type Offer } from "@keepsake/core/plans";

/** Less to pay, as somebody has it. */
export interface Reduced {
  readonly percentOff: number;
  /** So many further terms cost less, too; all of them if absent. */
  readonly terms?: number;
}

/** What is left of a reduction in the next term. */
export function nextReduced(reduced: Reduced | undefined): Reduced | undefined {
  if (reduced?.terms === undefined) return reduced;
  return reduced.terms > 0 ? { ...reduced, terms: reduced.terms - 1 } : undefined;
}

/** A price less its reduction, which is rounded in favour of who pays; the store's fee goes down with it. */
export function reducedPrice(
  offer: Offer,
  channel: Channel,
  percentOff: number,
): { readonly reductionMinor: number; readonly priceMinor: number; readonly storeFeeMinor: number } {
  const { priceMinor: fullMinor, storeFeeMinor: fullFeeMinor } = offer.prices[channel];
  const reductionMinor = portion(fullMinor, { part: percentOff, whole: 100, rounded: "up" });
  const priceMinor = fullMinor - reductionMinor;
  const storeFeeMinor = portion(fullFeeMinor, { part: priceMinor, whole: fullMinor, rounded: "down" });
  return { reductionMinor, priceMinor, storeFeeMinor };
}

/** What a further term costs, the store's fee included. */
export function termMinor(offer: Offer, channel: Channel, reduced: Reduced | undefined): number {
  if (reduced === undefined) return paidMinor(offer, channel);
  const { priceMinor, storeFeeMinor } = reducedPrice(offer, channel, reduced.percentOff);
  return priceMinor + storeFeeMinor;
}
