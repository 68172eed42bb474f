import { yearlyMinor, type Catalogue, type Channel, type Offer, type Plan } from "./catalogue.ts";

const YEAR_DAYS = 365;
const FAR_DAYS = 100 * YEAR_DAYS;

/** What somebody's history takes where it is stored, and what a year adds to it. */
export interface Need {
  readonly filesBytes: number;
  readonly textBytes: number;
  readonly aYear: { readonly filesBytes: number; readonly textBytes: number };
}

/** A plan as it suits a need. */
export interface Fit {
  readonly plan: Plan;
  /** Whether it has room for all of it, however old. */
  readonly isEnough: boolean;
  /** The way to pay that costs least in a year; undefined for what is free. */
  readonly offer: Offer | undefined;
  readonly yearlyMinor: number;
  /** In so many days it is full, if things go on as in the year before; undefined if that is far away. */
  readonly fullInDays: number | undefined;
}

/** How each plan suits, those that are enough first, the cheapest of them before the others. */
export function fitsFor({ plans }: Catalogue, need: Need, channel: Channel): readonly Fit[] {
  const fits = plans.map((plan): Fit => {
    const offers = plan.offers.toSorted((a, b) => yearlyMinor(a, channel) - yearlyMinor(b, channel));
    const [offer] = offers;
    return {
      plan,
      isEnough: isEnough(plan, need),
      offer,
      yearlyMinor: offer === undefined ? 0 : yearlyMinor(offer, channel),
      fullInDays: fullInDays(plan, need),
    };
  });
  const rank = (fit: Fit): number => (fit.isEnough ? 0 : 1);
  return fits.sort((a, b) => rank(a) - rank(b) || a.yearlyMinor - b.yearlyMinor);
}

function isEnough({ room }: Plan, { filesBytes, textBytes }: Need): boolean {
  return room.window === "all" && filesBytes <= room.filesBytes && textBytes <= room.textBytes;
}

function fullInDays({ room }: Plan, { filesBytes, textBytes, aYear }: Need): number | undefined {
  const days = Math.min(
    daysUntil(room.filesBytes - filesBytes, aYear.filesBytes),
    daysUntil(room.textBytes - textBytes, aYear.textBytes),
  );
  return days > FAR_DAYS ? undefined : days;
}

function daysUntil(leftBytes: number, aYearBytes: number): number {
  if (leftBytes <= 0) return 0;
  return aYearBytes <= 0 ? Infinity : Math.floor((leftBytes / aYearBytes) * YEAR_DAYS);
}
