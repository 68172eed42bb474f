import {
  isAddOn,
  paidMinor,
  portion,
  soldAs,
  type Channel,
  type Offer,
  type Period,
} from "@keepsake/core/plans";
import type { Query } from "../../../db/index.ts";
import { nextReduced, termMinor, type Reduced } from "../../dealing/reduction.ts";
import type { Bought } from "../../dealing/statements.ts";
import { isSame } from "../../dealing/subscription.ts";
import type { Books } from "../books.ts";
import { boughtOf } from "../log/entries.ts";
import type { Kept } from "../log/log.ts";
import { hasPlan } from "../sold.ts";
import type { ChargeTable } from "../tables.ts";

/** What the next term is of and costs: what was told when it was bought, or less. */
export interface NextTerm {
  readonly bought: Bought;
  readonly amountMinor: number;
  readonly storeFeeMinor: number;
  /** What the terms after it cost, and what is taken off them. */
  readonly further: { readonly renewalMinor: number; readonly reduced?: Reduced };
  readonly currency: string;
  readonly plan: { readonly en: string; readonly zh: string };
}

/** Undefined where it is offered in no catalogue that is known, or where the plan beside which it was had is over. */
export async function nextTermOf(
  books: Books,
  query: Query,
  { row, subscription }: Kept,
): Promise<NextTerm | undefined> {
  const bought = subscription.next ?? boughtOf(row);
  const catalogue = await books.catalogues.ofVersion(bought.catalogue, query);
  const plan = catalogue === undefined ? undefined : soldAs(catalogue, bought.plan);
  const offer = plan?.offers.find(({ period }: { period: Period }) => period === bought.period);
  if (catalogue === undefined || plan === undefined || offer === undefined) return undefined;
  if (isAddOn(plan) && !(await hasPlan(books, query, row.account))) return undefined;
  const channel = row.channel as Channel;
  const { currency } = catalogue;
  return { bought, ...priceOf(subscription, { bought, offer, channel }), currency, plan: plan.name };
}

function priceOf(
  { terms }: Kept["subscription"],
  { bought, offer, channel }: { readonly bought: Bought; readonly offer: Offer; readonly channel: Channel },
): Pick<NextTerm, "amountMinor" | "storeFeeMinor" | "further"> {
  const listedMinor = paidMinor(offer, channel);
  const told = terms.findLast((term) => isSame(term.bought, bought))?.renewalMinor ?? 0;
  // Of another plan than before nothing was told; who pays less pays less for it, too.
  const reduced = nextReduced(terms.at(-1)?.reduced);
  const amountMinor = told === 0 ? termMinor(offer, channel, reduced) : Math.min(told, listedMinor);
  const { storeFeeMinor: feeMinor } = offer.prices[channel];
  const storeFeeMinor = portion(feeMinor, { part: amountMinor, whole: listedMinor, rounded: "down" });
  const further =
    reduced === undefined
      ? { renewalMinor: amountMinor }
      : { renewalMinor: termMinor(offer, channel, nextReduced(reduced)), reduced };
  return { amountMinor, storeFeeMinor, further };
}

/** The charges of a subscription. */
interface Charges {
  readonly count: number;
  /** That of the next term, which was told of and is neither paid nor given up. */
  readonly open: ChargeTable | undefined;
}

/** What there is of subscriptions' charges. */
export async function chargesOf(
  query: Query,
  subscriptions: readonly string[],
): Promise<(subscription: string) => Charges> {
  const rows = await query
    .selectFrom("charge")
    .selectAll()
    .where("subscription", "in", subscriptions)
    .execute();
  const found = Map.groupBy(rows, ({ subscription }) => subscription);
  return (subscription) => {
    const own = found.get(subscription) ?? [];
    return { count: own.length, open: own.find(({ state }) => state === "told" || state === "trying") };
  };
}

/** What is asked for at the very beginning. */
export async function firstCharge(query: Query, subscription: string): Promise<ChargeTable | undefined> {
  return query.selectFrom("charge").selectAll().where("name", "=", `${subscription}-1`).executeTakeFirst();
}
