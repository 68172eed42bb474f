import { isAddOn, soldAs, type AddOn, type Catalogue, type Plan } from "@keepsake/core/plans";
import type { Query } from "../../db/index.ts";
import { dayOf } from "../dealing/calendar.ts";
import { mayUpload, stateAt } from "../dealing/state.ts";
import type { Bought } from "../dealing/statements.ts";
import type { Books } from "./books.ts";
import type { Kept } from "./log/log.ts";
import { subscriptionsOf } from "./subscriptions.ts";

/** What something that was bought is, as the catalogue of its time has it; undefined where nobody knows any more. */
type SoldAs = (bought: Pick<Bought, "catalogue" | "plan">) => Plan | AddOn | undefined;

/** Reads the catalogues by which subscriptions, and all their terms, were bought. */
export async function soldIn({ catalogues }: Books, query: Query, all: readonly Kept[]): Promise<SoldAs> {
  const versions = new Map<number, Catalogue>();
  const wanted = all.flatMap(({ row, subscription: { bought, terms } }) => [
    row,
    bought,
    ...terms.map((term) => term.bought),
  ]);
  for (const { catalogue } of wanted) {
    const found = versions.has(catalogue) ? undefined : await catalogues.ofVersion(catalogue, query);
    if (found !== undefined) versions.set(catalogue, found);
  }
  return ({ catalogue, plan }) => {
    const found = versions.get(catalogue);
    return found === undefined ? undefined : soldAs(found, plan);
  };
}

/**
 * What an account has for itself: subscriptions of plans, and those of what is had beside them. What it bought to give
 * away is not among them.
 */
export async function keptBy(
  books: Books,
  query: Query,
  account: string,
): Promise<{ readonly plans: readonly Kept[]; readonly addOns: readonly Kept[]; readonly sold: SoldAs }> {
  const all = (await subscriptionsOf(query, account)).filter(({ row }) => row.isGift === 0);
  const sold = await soldIn(books, query, all);
  const isBeside = ({ row }: Kept): boolean => isAddOn(sold(row));
  return { plans: all.filter((kept) => !isBeside(kept)), addOns: all.filter(isBeside), sold };
}

/** Whether an account has a plan that is paid for today: what is had beside one renews no longer than that. */
export async function hasPlan(books: Books, query: Query, account: string): Promise<boolean> {
  const { plans } = await keptBy(books, query, account);
  const { graceDays } = (await books.catalogues.current()).lapse;
  const today = dayOf(books.clock.now());
  return plans.some(({ subscription }) => mayUpload(stateAt(subscription, today, graceDays)));
}
