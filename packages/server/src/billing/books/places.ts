import { isAddOn } from "@keepsake/core/plans";
import type { Query } from "../../db/index.ts";
import { mayUpload, stateAt } from "../dealing/state.ts";
import type { Books } from "./books.ts";
import type { Kept } from "./log/log.ts";
import { keptBy } from "./sold.ts";

/** The places of a subscription that were given away, always in the same order: those that are too many come last. */
export async function seatIds(query: Query, subscription: string): Promise<readonly string[]> {
  const rows = await query
    .selectFrom("seat")
    .select("id")
    .where("subscription", "=", subscription)
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}

/** How many places a subscription has on a day besides its payer's own: those of its plan, and those bought beside it. */
export async function seatsOn(
  books: Books,
  query: Query,
  { row }: Pick<Kept, "row">,
): Promise<(day: number) => number> {
  const { addOns, sold } = await keptBy(books, query, row.account);
  const { graceDays } = (await books.catalogues.current()).lapse;
  const plan = (await books.catalogues.ofVersion(row.catalogue, query))?.plans.find(
    ({ id }) => id === row.plan,
  );
  const more = addOns.flatMap((kept) => {
    const found = sold(kept.row);
    return isAddOn(found) && found.gives.what === "seats" ? [{ ...kept, seats: found.gives.seats }] : [];
  });
  return (day) =>
    more
      .filter(({ subscription }) => mayUpload(stateAt(subscription, day, graceDays)))
      .reduce((sum, { seats }) => sum + seats, plan === undefined ? 0 : plan.seats - 1);
}
