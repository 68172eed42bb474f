import { portion } from "@keepsake/core/plans";
import type { ProviderName } from "./statements.ts";
import type { PaidTerm } from "./subscription.ts";

/** A line of the ledger. What belongs to one cause comes to nothing in sum: every amount stands on two sides. */
export interface Posting {
  /** What it is about, such as `at/stripe`, `sold/gb-50` or `store-fee/apple`. */
  readonly account: string;
  /** Positive on the left, what we have; negative on the right, where it is from. */
  readonly amountMinor: number;
}

/** A charge was paid: the provider has it; the plan was sold, and the store's fee with it. */
export function paidPostings(
  provider: ProviderName,
  { bought, amountMinor, storeFeeMinor }: Pick<PaidTerm, "bought" | "amountMinor" | "storeFeeMinor">,
): readonly Posting[] {
  const feeMinor = Math.min(storeFeeMinor, amountMinor);
  return whole([
    { account: `at/${provider}`, amountMinor },
    { account: `sold/${bought.plan}`, amountMinor: -(amountMinor - feeMinor) },
    { account: `store-fee/${provider}`, amountMinor: -feeMinor },
  ]);
}

/** Money went back: of the plan and of the store's fee, each its part. */
export function refundPostings(
  provider: ProviderName,
  { bought, amountMinor, storeFeeMinor }: Pick<PaidTerm, "bought" | "amountMinor" | "storeFeeMinor">,
  refundMinor: number,
): readonly Posting[] {
  const feeMinor =
    amountMinor === 0
      ? 0
      : portion(refundMinor, {
          part: Math.min(storeFeeMinor, amountMinor),
          whole: amountMinor,
          rounded: "down",
        });
  return whole([
    { account: `at/${provider}`, amountMinor: -refundMinor },
    { account: `sold/${bought.plan}`, amountMinor: refundMinor - feeMinor },
    { account: `store-fee/${provider}`, amountMinor: feeMinor },
  ]);
}

/** What one plan was still worth pays for another. */
export function creditPostings(fromPlan: string, toPlan: string, creditMinor: number): readonly Posting[] {
  if (fromPlan === toPlan) return [];
  return whole([
    { account: `sold/${fromPlan}`, amountMinor: creditMinor },
    { account: `sold/${toPlan}`, amountMinor: -creditMinor },
  ]);
}

function whole(postings: readonly Posting[]): readonly Posting[] {
  return postings.filter(({ amountMinor }) => amountMinor !== 0);
}
