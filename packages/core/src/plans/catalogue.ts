/** Where a member pays. The price is the same everywhere, but a store may take a fee of its own. */
export const channels = ["web", "iphone", "android", "other"] as const;
export type Channel = (typeof channels)[number];

export type Period = "month" | "year";

/** A text that people see. */
export interface Named {
  readonly zh: string;
  readonly en: string;
}

/** What is paid on one channel for one period: the sum of both. */
export interface Price {
  readonly priceMinor: number;
  /** What the channel's store takes, shown on a line of its own. */
  readonly storeFeeMinor: number;
}

/** What something costs for a period. */
export interface Offer {
  readonly period: Period;
  readonly prices: Readonly<Record<Channel, Price>>;
}

/** How much of a history is kept. Sizes are those of what is stored: sealed, compressed, each file once. */
export interface Room {
  readonly filesBytes: number;
  /** Messages themselves have room of their own: far more than anybody writes. */
  readonly textBytes: number;
  /** How far back it reaches; chats that were chosen reach back for ever. */
  readonly window: "all" | { readonly days: number; readonly chatsForEver: number };
}

/** What a member may choose. Without offers it costs nothing. */
export interface Plan {
  readonly id: string;
  /** It says how much there is room for. */
  readonly name: Named;
  readonly room: Room;
  /** People who share it, the payer among them. */
  readonly seats: number;
  readonly trialDays: number;
  readonly offers: readonly Offer[];
}

/** What can be had beside a plan. */
export interface AddOn {
  readonly id: string;
  readonly name: Named;
  readonly gives:
    | { readonly what: "room"; readonly filesBytes: number }
    | { readonly what: "seats"; readonly seats: number }
    | { readonly what: "evidence" };
  readonly offers: readonly Offer[];
}

/** Less to pay, for who can show something: a coupon, or that they study. */
export interface Reduction {
  readonly id: string;
  readonly name: Named;
  readonly percentOff: number;
  /** For so many periods; for ever if absent. */
  readonly periods?: number;
  readonly needs: "coupon" | "student" | "family";
  /** Milliseconds since 1970; not to be had from then on. */
  readonly untilMs?: number;
}

/** What happens when somebody does not pay any more. Nothing here deletes without notices that were delivered. */
export interface Lapse {
  /** After a charge that failed nothing changes for so long. */
  readonly graceDays: number;
  /** Restoring and exporting stay free at least so long after the paid end. */
  readonly exportDays: number;
  /** When notices are sent, by days from the paid end. */
  readonly noticeDays: readonly number[];
  /** What was deleted can be brought back for so long. */
  readonly quarantineDays: number;
}

/** Everything that can be had, and on what terms: one file, which the operator writes and the server checks. */
export interface Catalogue {
  /** Counts up whenever something changed. Who has something from an earlier one keeps it. */
  readonly version: number;
  /** Three letters of ISO 4217. */
  readonly currency: string;
  readonly plans: readonly Plan[];
  readonly addOns: readonly AddOn[];
  readonly reductions: readonly Reduction[];
  readonly lapse: Lapse;
  /** Unused, a plan is paid back in full within so many days; one of a year for the days that are left at any time. */
  readonly refundDays: number;
  /** Restoring everything more often than this in a year may be slowed down. */
  readonly fairRestoresAYear: number;
}

/** What is sold under an id: a plan, or what is had beside one. */
export function soldAs({ plans, addOns }: Catalogue, id: string): Plan | AddOn | undefined {
  return plans.find((plan) => plan.id === id) ?? addOns.find((addOn) => addOn.id === id);
}

export function isAddOn(sold: Plan | AddOn | undefined): sold is AddOn {
  return sold !== undefined && "gives" in sold;
}

/** What a channel asks for an offer, its fee included. */
export function paidMinor({ prices }: Offer, channel: Channel): number {
  const { priceMinor, storeFeeMinor } = prices[channel];
  return priceMinor + storeFeeMinor;
}

/** What an offer costs in a year on a channel, however often it is paid. */
export function yearlyMinor(offer: Offer, channel: Channel): number {
  return paidMinor(offer, channel) * (offer.period === "year" ? 1 : 12);
}
