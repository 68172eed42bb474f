import { isFree } from "./rules.ts";
import type { Catalogue, Plan } from "./catalogue.ts";
import { portion } from "./money.ts";

const GB = 1e9;

/** What a year costs an operator, in the smallest unit of the catalogue's currency. docs/pricing.md says whence. */
export interface Costs {
  /** For a GB, for a year: the store, the second copy, and half a restore of all of it. */
  readonly storeMinor: number;
  readonly secondCopyMinor: number;
  readonly restoreMinor: number;
  /** Of every payment. */
  readonly paymentPerMille: number;
  /** Members who pay, of a thousand. */
  readonly payersPerMille: number;
  /** How full the room of a member is who does not pay, of a hundred. */
  readonly freePercent: number;
  /** What the messages of a member take. */
  readonly textBytes: number;
}

/** Of the catalogue that comes with Keepsake. */
export const standardCosts: Costs = {
  storeMinor: 96,
  secondCopyMinor: 18,
  restoreMinor: 25,
  paymentPerMille: 6,
  payersPerMille: 110,
  freePercent: 30,
  textBytes: 100_000_000,
};

/** What a year with a plan comes to, for the operator. Paid by the year, by the web. */
export interface YearOfPlan {
  readonly storageMinor: number;
  /** The part of those who pay nothing. */
  readonly freeMembersMinor: number;
  readonly paymentMinor: number;
  readonly leftMinor: number;
}

/** The arithmetic of a plan whose room is so full, in percent. All that has to be rounded is rounded against us. */
export function yearOf(catalogue: Catalogue, plan: Plan, fullPercent: number, costs: Costs): YearOfPlan {
  const yearly = plan.offers.find(({ period }) => period === "year");
  const priceMinor = yearly?.prices.web.priceMinor ?? 0;
  const storageMinor = storageOf(plan, fullPercent, costs);
  const free = catalogue.plans.find(isFree);
  const freeMinor = free === undefined ? 0 : storageOf(free, costs.freePercent, costs);
  const { payersPerMille, paymentPerMille } = costs;
  const freeMembersMinor = up(freeMinor, 1000 - payersPerMille, payersPerMille);
  const paymentMinor = up(priceMinor, paymentPerMille, 1000);
  return {
    storageMinor,
    freeMembersMinor,
    paymentMinor,
    leftMinor: priceMinor - storageMinor - freeMembersMinor - paymentMinor,
  };
}

function storageOf({ room, seats }: Plan, fullPercent: number, costs: Costs): number {
  const files = up(room.filesBytes, fullPercent, 100);
  return storedMinor(files + costs.textBytes * seats, costs);
}

/** What it costs to keep so many bytes for a year. */
export function storedMinor(bytes: number, { storeMinor, secondCopyMinor, restoreMinor }: Costs): number {
  return up(bytes, storeMinor + secondCopyMinor + restoreMinor, GB);
}

function up(amount: number, part: number, whole: number): number {
  return portion(amount, { part, whole, rounded: "up" });
}
