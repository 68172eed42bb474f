import {
  changedCatalogue,
  paidByTheYear,
  reported2021,
  reportedMarket,
  roamingLadder,
  standardCosts,
  storePercentOf,
  type Catalogue,
  type Changes,
  type Costs,
  type Offer,
  type Plan,
} from "@keepsake/core/plans";
import { minorTyped, typedCount, typedMinor } from "./amounts.ts";

/*
 * What is typed into the planner, and what it means. Texts stay as they were typed, so that a field that is half written
 * is not changed under the hand.
 */

export const bases = ["own", "reported", "ladder"] as const;
export type Base = (typeof bases)[number];

/** What stands in the fields of the planner. */
export interface Draft {
  /** Prices by plan and period. */
  readonly prices: Readonly<Record<string, string>>;
  readonly storePercent: string;
  readonly store: string;
  readonly secondCopy: string;
  readonly restore: string;
  readonly payment: string;
  readonly payers: string;
  readonly freePercent: string;
  readonly fullPercent: string;
  readonly people: string;
}

/** Fields that are one number each. */
export type DraftField = Exclude<keyof Draft, "prices">;

export function priceKey(plan: string, { period }: Pick<Offer, "period">): string {
  return `${plan}/${period}`;
}

/** The catalogue that one begins with; its version is that of the server's, so that a change comes after it. */
export function catalogueOf(base: Base, own: Catalogue): Catalogue {
  if (base === "own") return own;
  return { ...(base === "reported" ? reported2021 : roamingLadder), version: own.version };
}

/** The fields as a catalogue fills them. */
export function draftOf(catalogue: Catalogue): Draft {
  const prices = catalogue.plans.flatMap(({ id, offers }) =>
    offers.map((offer): [string, string] => [priceKey(id, offer), minorTyped(offer.prices.web.priceMinor)]),
  );
  return {
    prices: Object.fromEntries(prices),
    storePercent: String(storePercentOf(catalogue) ?? 0),
    store: minorTyped(standardCosts.storeMinor),
    secondCopy: minorTyped(standardCosts.secondCopyMinor),
    restore: minorTyped(standardCosts.restoreMinor),
    payment: String(standardCosts.paymentPerMille),
    payers: String(standardCosts.payersPerMille),
    freePercent: String(standardCosts.freePercent),
    fullPercent: "50",
    people: String(reportedMarket.people),
  };
}

/** What the fields mean: undefined for each that cannot be read. */
export interface Meant {
  readonly catalogue: Catalogue;
  readonly plans: readonly Plan[];
  readonly costs: Costs;
  readonly fullPercent: number;
  readonly people: number;
}

const MOST_PEOPLE = 10_000_000_000;

/** The least and the most that a field takes; amounts have bounds of their own. */
const bounds: Readonly<
  Record<Exclude<DraftField, "store" | "secondCopy" | "restore">, readonly [number, number]>
> = {
  storePercent: [0, 90],
  payment: [0, 1000],
  payers: [1, 1000],
  freePercent: [0, 100],
  fullPercent: [0, 100],
  people: [0, MOST_PEOPLE],
};

function numberOf(draft: Draft, field: DraftField): number | undefined {
  const text = draft[field];
  if (field === "store" || field === "secondCopy" || field === "restore") return typedMinor(text);
  return typedCount(text, ...bounds[field]);
}

export function isReadable(draft: Draft, field: DraftField): boolean {
  return numberOf(draft, field) !== undefined;
}

/** A price that can be asked for. */
export function isPrice(text: string): boolean {
  return (typedMinor(text) ?? 0) > 0;
}

/** What the fields come to; undefined while one of them cannot be read. */
export function meantBy(draft: Draft, catalogue: Catalogue): Meant | undefined {
  const storeMinor = numberOf(draft, "store");
  const secondCopyMinor = numberOf(draft, "secondCopy");
  const restoreMinor = numberOf(draft, "restore");
  const paymentPerMille = numberOf(draft, "payment");
  const payersPerMille = numberOf(draft, "payers");
  const freePercent = numberOf(draft, "freePercent");
  const fullPercent = numberOf(draft, "fullPercent");
  const people = numberOf(draft, "people");
  const changes = changesOf(draft, catalogue);
  if (
    changes === undefined ||
    storeMinor === undefined ||
    secondCopyMinor === undefined ||
    restoreMinor === undefined
  )
    return undefined;
  if (paymentPerMille === undefined || payersPerMille === undefined || freePercent === undefined)
    return undefined;
  if (fullPercent === undefined || people === undefined) return undefined;
  const changed = changedCatalogue(catalogue, changes);
  return {
    catalogue: changed,
    plans: changed.plans.flatMap((plan) => paidByTheYear(plan) ?? []),
    costs: {
      ...standardCosts,
      storeMinor,
      secondCopyMinor,
      restoreMinor,
      paymentPerMille,
      payersPerMille,
      freePercent,
    },
    fullPercent,
    people,
  };
}

/** What differs from the catalogue. */
function changesOf(draft: Draft, catalogue: Catalogue): Changes | undefined {
  const storePercent = numberOf(draft, "storePercent");
  const prices = catalogue.plans.flatMap(({ id, offers }) =>
    offers.map((offer) => ({
      plan: id,
      period: offer.period,
      before: offer.prices.web.priceMinor,
      priceMinor: typedMinor(draft.prices[priceKey(id, offer)] ?? ""),
    })),
  );
  if (storePercent === undefined) return undefined;
  const changed: Changes["prices"][number][] = [];
  for (const { plan, period, before, priceMinor } of prices) {
    if (priceMinor === undefined || priceMinor === 0) return undefined;
    if (priceMinor !== before) changed.push({ plan, period, priceMinor });
  }
  const isSameStore = storePercent === (storePercentOf(catalogue) ?? 0);
  return { prices: changed, ...(!isSameStore && { storePercent }) };
}
