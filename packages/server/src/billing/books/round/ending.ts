import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../../../db/index.ts";
import { randomId } from "../../../keys/ids.ts";
import { dayOf } from "../../dealing/calendar.ts";
import { lookDayAfter, type Step } from "../../dealing/renewal.ts";
import { renewalBy } from "../../dealing/statements.ts";
import type { Provider } from "../../providers/provider.ts";
import type { Books } from "../books.ts";
import { addChoice, type Kept } from "../log/log.ts";
import { look } from "../look.ts";
import { knownOf } from "../subscriptions.ts";
import type { ChargeTable } from "../tables.ts";
import { tell } from "./notices.ts";

/** What came of a look at one subscription. */
export type Turn = Step["do"] | "looked" | "failed";

/** Writes down when to look again at each, at the earliest on its day. */
export async function lookAgain(
  { db, clock }: Books,
  all: readonly { readonly kept: Kept; readonly day: number }[],
): Promise<void> {
  const today = dayOf(clock.now());
  const lookDayOf = ({ kept: { row, subscription }, day }: (typeof all)[number]): number | null => {
    const due = lookDayAfter(subscription, today, row.sinceDay);
    return due === null || day === Infinity ? null : Math.max(due, day);
  };
  const changed = all.filter((each) => lookDayOf(each) !== each.kept.row.lookDay);
  for (const [lookDay, same] of Map.groupBy(changed, lookDayOf))
    await db.query
      .updateTable("subscription")
      .set({ lookDay })
      .where(
        "id",
        "in",
        same.map(({ kept }) => kept.row.id),
      )
      .execute();
}

/** One that cannot be done today, because its provider is away, is looked at again tomorrow. Throws what is no such thing. */
export async function failedTurn({ db, clock, log }: Books, { row }: Kept, error: unknown): Promise<Turn> {
  if (!KeepsakeError.is(error)) throw error;
  log({ event: "round-failed", provider: row.provider, code: error.code });
  const lookDay = dayOf(clock.now()) + 1;
  await db.query.updateTable("subscription").set({ lookDay }).where("id", "=", row.id).execute();
  return "failed";
}

/** Of many one is at fault, or somebody changes one of them now: one by one it holds up none of the others. */
export function sayOneByOne({ log }: Books, error: unknown): void {
  log({ event: "round-one-by-one", code: KeepsakeError.is(error) ? error.code : "base.unexpected" });
}

/** No further term: it could not be told, was not paid, or is no longer offered. */
export async function giveUp(
  books: Books,
  {
    kept: { row, subscription },
    charge,
    provider,
  }: { readonly kept: Kept; readonly charge: ChargeTable | undefined; readonly provider: Provider },
): Promise<Turn> {
  // Who alone may end it is its holder: all that we can do is to say so.
  if (provider.manageUrl === undefined) await provider.stop(await knownOf(books, books.db.query, row));
  const noted = await books.db.transaction(async (query) => {
    if (charge !== undefined) await endCharge(query, charge.name, "given-up");
    const about = { aboutDay: subscription.untilDay, amountMinor: 0, currency: charge?.currency ?? "" };
    await tell(books, query, { row, message: "renewal-ended", ...about });
    const off = { kind: "renewal", id: randomId(), atMs: books.clock.now(), isOn: false } as const;
    return addChoice(books, query, row.id, off);
  });
  // What charges by itself says by itself whether it will.
  const after = renewalBy[provider.name] === "theirs" ? await look(books, row.id) : noted;
  await lookAgain(books, [{ kept: after, day: dayOf(books.clock.now()) + 1 }]);
  return "give-up";
}

export async function endCharge(query: Query, name: string, state: "paid" | "given-up"): Promise<void> {
  await query.updateTable("charge").set({ state }).where("name", "=", name).execute();
}
