import { paidMinor, type Channel, type Period } from "@keepsake/core/plans";
import type { Query } from "../../../db/index.ts";
import type { Bought } from "../../dealing/statements.ts";
import { isSame } from "../../dealing/subscription.ts";
import type { Books } from "../books.ts";
import { boughtOf, readLog, type Kept } from "../log.ts";
import type { ChargeTable } from "../tables.ts";

/** What the next term is of and costs: what was told when it was bought, or less. */
export interface NextTerm {
  readonly bought: Bought;
  readonly amountMinor: number;
  readonly storeFeeMinor: number;
  readonly currency: string;
  readonly plan: { readonly en: string; readonly zh: string };
}

/** Undefined where the plan is offered in no catalogue that is known. */
export async function nextTermOf(
  books: Books,
  query: Query,
  { row, subscription }: Kept,
): Promise<NextTerm | undefined> {
  const bought = subscription.next ?? boughtOf(row);
  const catalogue = await books.catalogues.ofVersion(bought.catalogue, query);
  const plan = catalogue?.plans.find(({ id }) => id === bought.plan);
  const offer = plan?.offers.find(({ period }: { period: Period }) => period === bought.period);
  if (catalogue === undefined || plan === undefined || offer === undefined) return undefined;
  const channel = row.channel as Channel;
  const listedMinor = paidMinor(offer, channel);
  const told = (await readLog(books, query, row.id))
    .flatMap((entry) => (entry.kind === "asked" && isSame(entry.bought, bought) ? [entry] : []))
    .toSorted((a, b) => a.atMs - b.atMs)
    .at(-1);
  const amountMinor = Math.min(told?.renewalMinor ?? listedMinor, listedMinor);
  const { storeFeeMinor } = offer.prices[channel];
  return { bought, amountMinor, storeFeeMinor, currency: catalogue.currency, plan: plan.name };
}

/** The charge of the next term that was told of and is neither paid nor given up. */
export async function openCharge(query: Query, subscription: string): Promise<ChargeTable | undefined> {
  return query
    .selectFrom("charge")
    .selectAll()
    .where("subscription", "=", subscription)
    .where("state", "in", ["told", "trying"])
    .executeTakeFirst();
}

/** The name of the charge after those that there are. */
export async function nextChargeName(query: Query, subscription: string): Promise<string> {
  const { count } = await query
    .selectFrom("charge")
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("subscription", "=", subscription)
    .executeTakeFirstOrThrow();
  return `${subscription}-${Number(count) + 1}`;
}

/** What is asked for at the very beginning. */
export async function firstCharge(query: Query, subscription: string): Promise<ChargeTable | undefined> {
  return query.selectFrom("charge").selectAll().where("name", "=", `${subscription}-1`).executeTakeFirst();
}
