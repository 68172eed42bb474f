import type { Clock } from "@keepsake/core/base";
import type { Period } from "@keepsake/core/plans";
import type { ProviderName } from "../dealing/statements.ts";
import type { PaymentSettings } from "../providers/schema.ts";
import type { Ground } from "./ground.ts";
import type { Post } from "./post.ts";

/*
 * Providers as their published rules describe them, as HTTP servers of this machine with keys of their own. No money
 * moves: they are for tests, and for a server in test mode, whose screens say so.
 */

/** What a simulator is given. */
export interface SimulatorParts {
  readonly clock: Clock;
  /** Where it tells of what happened: the provider's name is put behind it. */
  readonly hears: string;
  /** How long until a notification that was not taken is sent again, at most: less than the provider's own, in tests. */
  readonly againMs?: number;
  /** What the phones' stores sell, where that is not what tests buy. */
  readonly sold?: readonly Sold[];
}

/** A price in a phone's store. */
export interface Sold {
  readonly plan: string;
  readonly period: Period;
  readonly amountMinor: number;
  readonly currency: string;
}

/** What stores sell where nobody says what. */
export const soldByDefault: readonly Sold[] = [
  { plan: "photos-50", period: "month", amountMinor: 1234, currency: "CNY" },
  { plan: "photos-50", period: "year", amountMinor: 12_000, currency: "CNY" },
];

/** The store's name of a product. */
export function productOf({ plan, period }: Pick<Sold, "plan" | "period">): string {
  return `keepsake.${plan}.${period}`;
}

/** A provider that is not one. */
export interface Simulator extends AsyncDisposable {
  readonly name: ProviderName;
  readonly url: string;
  /** The settings of a server that uses it. */
  readonly settings: Omit<PaymentSettings, "mode">;
  /** Its own time: the clock's, and as much as was let pass. */
  now(): number;
  /** Lets time pass at the provider, and does what falls due in it. */
  pass(ms: number): Promise<void>;
  /** What it tells, and how. */
  readonly post: Post;
  /** Whether it answers at all. */
  readonly ground: Ground;
}

/** What the person does on the provider's page. */
export type Deed = "pay" | "decline";
