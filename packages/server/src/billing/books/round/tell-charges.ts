import { dayOf } from "../../dealing/calendar.ts";
import { renewalBy, type ProviderName } from "../../dealing/statements.ts";
import type { Books } from "../books.ts";
import { addAsked, type AskedOf, type Kept } from "../log/log.ts";
import { tell, type Telling } from "./notices.ts";
import { chargesOf, type NextTerm } from "./upcoming.ts";

/** The next charge of a subscription, and when it is to be made. */
export interface NextCharge {
  readonly kept: Kept;
  readonly term: NextTerm;
  readonly chargeDay: number;
}

/** Makes charges and the notices of them, all together or none: a charge that was told of already stays as it is. */
export async function tellCharges(books: Books, all: readonly NextCharge[]): Promise<void> {
  const ids = all.map(({ kept }) => kept.row.id).toSorted();
  await books.db.transaction(async (query) => {
    // Another process may have been faster.
    await query
      .selectFrom("subscription")
      .select("id")
      .where("id", "in", ids)
      .orderBy("id")
      .forUpdate()
      .execute();
    const charges = await chargesOf(query, ids);
    const fresh = all.filter(({ kept }) => charges(kept.row.id).open === undefined);
    if (fresh.length === 0) return;
    const asked = fresh.map((each) => askedOf(books, each, charges(each.kept.row.id).count + 1));
    await query
      .insertInto("charge")
      .values(
        fresh.map(({ term: { amountMinor, currency }, chargeDay }, i) => ({
          name: asked[i]!.asked.charge,
          subscription: asked[i]!.id,
          state: "told" as const,
          amountMinor,
          currency,
          dueDay: chargeDay,
          tried: "[]",
          announcedDay: 0,
          refund: "",
          refundMinor: 0,
          refundDay: 0,
        })),
      )
      .execute();
    await addAsked(books, query, asked);
    await tell(books, query, ...fresh.flatMap(tellingsOf));
  });
}

function askedOf({ clock, providers }: Books, next: NextCharge, number: number): AskedOf {
  const {
    kept: { row },
    term,
    chargeDay,
  } = next;
  const { bought, amountMinor, storeFeeMinor, further } = term;
  const provider = row.provider as ProviderName;
  const atMs = clock.now();
  const charge = `${row.id}-${number}`;
  const tomorrow = dayOf(atMs) + 1;
  const announceDays = providers.get(provider)?.agreements?.announceDays ?? 0;
  const lookDay = renewalBy[provider] === "ours" ? Math.max(chargeDay - announceDays, tomorrow) : tomorrow;
  const amounts = { amountMinor, storeFeeMinor, creditMinor: 0, extraDays: 0, ...further };
  return { id: row.id, asked: { kind: "asked", id: charge, atMs, charge, bought, ...amounts }, lookDay };
}

function tellingsOf({ kept: { row }, term, chargeDay }: NextCharge): readonly Telling[] {
  const { amountMinor, currency, bought } = term;
  const told = { row, aboutDay: chargeDay, amountMinor, currency };
  const isYearly = bought.period === "month" && endsYear(row.sinceDay, chargeDay);
  return [{ ...told, message: "charge" }, ...(isYearly ? [{ ...told, message: "yearly" } as const] : [])];
}

/** Whether a year since the beginning ends in the month before a day: who pays by the month is reminded once a year. */
function endsYear(sinceDay: number, day: number): boolean {
  const years = (each: number): number => Math.floor((each - sinceDay) / YEAR_DAYS);
  return years(day) > years(day - LONGEST_MONTH_DAYS);
}

const [YEAR_DAYS, LONGEST_MONTH_DAYS] = [365, 31];
