import type { Period } from "@keepsake/core/plans";

/** Who takes the money, or stands in for it. */
export const providerNames = ["manual", "wechat", "alipay", "stripe", "apple", "google"] as const;
export type ProviderName = (typeof providerNames)[number];

/** Who charges for further terms: the provider by itself, we on an agreement, or nobody. */
export type RenewalBy = "theirs" | "ours" | "none";

/** It holds for a subscription even where its provider is no longer there. */
export const renewalBy: Readonly<Record<ProviderName, RenewalBy>> = {
  manual: "none",
  wechat: "ours",
  alipay: "ours",
  stripe: "theirs",
  apple: "theirs",
  google: "theirs",
};

/** From when until when something was paid for. */
export interface Term {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * What a provider says of one subscription, verified, and read from the provider itself. Its id tells it from all else
 * that the provider ever says: the same again changes nothing, and neither does the order in which statements come.
 */
export type Statement = Paid | Refunded | Standing;

/** Money came in. */
export interface Paid {
  readonly kind: "paid";
  readonly id: string;
  /** When it took effect, by the provider. */
  readonly atMs: number;
  /** Our name of the charge; where the provider makes charges by itself, its own. */
  readonly charge: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** What was paid for, where the provider knows it: it keeps the calendar then. */
  readonly term?: Term;
  /** What was bought, by the provider's own name of it, where the provider may change it without us. */
  readonly product?: string;
  /** Nothing was paid yet: the term is a trial of the provider's. */
  readonly isTrial?: boolean;
}

/** Money went back: all of a charge, or a part. */
export interface Refunded {
  readonly kind: "refunded";
  readonly id: string;
  readonly atMs: number;
  readonly charge: string;
  readonly amountMinor: number;
  /** Whether what was bought ended with it, and at once. */
  readonly isRevoked: boolean;
}

/** How a subscription stands at its provider, as read at a time: the last one counts. */
export interface Standing {
  readonly kind: "standing";
  readonly id: string;
  readonly atMs: number;
  /** Signed, and the first charge is open. */
  readonly isPending: boolean;
  /** Whether another term will be charged, by the provider or by us on its agreement. */
  readonly renews: boolean;
  /** A charge failed: so long the provider, or we, still allow everything. */
  readonly graceUntilMs?: number;
  /** A charge failed: so long it is tried again. */
  readonly retriesUntilMs?: number;
  /** Stopped by the person for a while. Without an end it goes on when they say so. */
  readonly paused?: { readonly fromMs: number; readonly untilMs?: number };
  /** From when on it is over, whatever was paid. */
  readonly endedMs?: number;
}

/** What is bought: a plan for a period, as the catalogue of its version has it. */
export interface Bought {
  readonly catalogue: number;
  readonly plan: string;
  readonly period: Period;
}
