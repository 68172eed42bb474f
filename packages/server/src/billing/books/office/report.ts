import { yearOf, standardCosts, type Catalogue } from "@keepsake/core/plans";
import { sql } from "kysely";
import { dayOf, startOf } from "../../dealing/calendar.ts";
import { stateAt, type State } from "../../dealing/state.ts";
import type { Books } from "../books.ts";
import { read } from "../log/log.ts";

/** What an operator sees of the business: counts and sums, and nobody. */
export interface Report {
  readonly currency: string;
  /** Subscriptions by plan and state, today. A gift counts once its code was redeemed, as who has it then. */
  readonly standing: readonly { readonly plan: string; readonly state: State; readonly count: number }[];
  /** What was sold in each of the last months, less what was paid back, by plan. */
  readonly months: readonly { readonly month: string; readonly plan: string; readonly soldMinor: number }[];
  /** Those that ended in the last 30 days, of those that were paid for when these began. */
  readonly churn: { readonly ended: number; readonly of: number };
  /** A year with each plan, as the arithmetic of prices has it, half full. */
  readonly margins: readonly { readonly plan: string; readonly leftMinor: number }[];
  readonly failedCharges: number;
  readonly notices: readonly { readonly message: string; readonly state: string; readonly count: number }[];
}

const MONTHS = 13;
const CHURN_DAYS = 30;
const BATCH = 2000;
const HALF = 50;

/** Read in batches: nothing of it grows with the number of subscriptions. */
export async function reportOf(books: Books): Promise<Report> {
  const catalogue = await books.catalogues.current();
  const today = dayOf(books.clock.now());
  const { standing, churn } = await standings(books, catalogue, today);
  return {
    currency: catalogue.currency,
    standing,
    churn,
    months: await monthsOf(books, today),
    margins: marginsOf(catalogue),
    failedCharges: await countOf(books, "given-up"),
    notices: await noticesOf(books, today),
  };
}

async function standings(
  { db }: Books,
  { lapse: { graceDays } }: Catalogue,
  today: number,
): Promise<Pick<Report, "standing" | "churn">> {
  const counts = new Map<string, { readonly plan: string; readonly state: State; count: number }>();
  let [ended, of] = [0, 0];
  for (let last = ""; ;) {
    const rows = await db.query
      .selectFrom("subscription")
      .select(["id", "plan", "text"])
      .where("id", ">", last)
      .where("isGift", "=", 0)
      .orderBy("id")
      .limit(BATCH)
      .execute();
    for (const row of rows) {
      const subscription = read(row);
      const state = stateAt(subscription, today, graceDays);
      const key = `${row.plan} ${state}`;
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { plan: row.plan, state, count: 1 });
      else known.count++;
      const wasPaid = subscription.terms.some(
        ({ fromDay, untilDay, isTrial }) =>
          !isTrial && fromDay <= today - CHURN_DAYS && untilDay > today - CHURN_DAYS,
      );
      if (wasPaid) of++;
      if (wasPaid && subscription.untilDay <= today && subscription.replacedBy === undefined) ended++;
    }
    if (rows.length < BATCH) break;
    last = rows.at(-1)!.id;
  }
  const standing = [...counts.values()].toSorted((a, b) => (a.plan + a.state < b.plan + b.state ? -1 : 1));
  return { standing, churn: { ended, of } };
}

async function monthsOf({ db }: Books, today: number): Promise<Report["months"]> {
  const rows = await db.query
    .selectFrom("ledger")
    .select(["day", "account"])
    .select((row) => row.fn.sum<number>("amountMinor").as("amount"))
    .where("day", ">=", today - MONTHS * 31)
    .where("account", "like", "sold/%")
    .groupBy(["day", "account"])
    .execute();
  const months = new Map<string, { readonly month: string; readonly plan: string; soldMinor: number }>();
  for (const { day, account, amount } of rows) {
    const month = new Date(startOf(day)).toISOString().slice(0, 7);
    const plan = account.slice("sold/".length);
    const known = months.get(`${month} ${plan}`);
    if (known === undefined) months.set(`${month} ${plan}`, { month, plan, soldMinor: -Number(amount) });
    else known.soldMinor -= Number(amount);
  }
  return [...months.values()].toSorted((a, b) => (a.month + a.plan < b.month + b.plan ? -1 : 1));
}

function marginsOf(catalogue: Catalogue): Report["margins"] {
  return catalogue.plans
    .filter(({ offers }) => offers.some(({ period }) => period === "year"))
    .map((plan) => ({ plan: plan.id, leftMinor: yearOf(catalogue, plan, HALF, standardCosts).leftMinor }));
}

async function countOf({ db }: Books, state: "given-up"): Promise<number> {
  const { count } = await db.query
    .selectFrom("charge")
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("state", "=", state)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function noticesOf({ db }: Books, today: number): Promise<Report["notices"]> {
  const rows = await db.query
    .selectFrom("billNotice")
    .select(["message", "state"])
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("madeDay", ">=", today - CHURN_DAYS)
    .groupBy(["message", "state"])
    .orderBy("message")
    .orderBy("state")
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** The ledger as CSV, for an accounting program: one line for each posting. */
export async function* ledgerCsv({ db }: Books, fromDay: number, untilDay: number): AsyncGenerator<string> {
  yield "number,date,cause,account,amount_minor,currency,subscription\r\n";
  for (let last = { day: fromDay, number: 0 }; ;) {
    const rows = await db.query
      .selectFrom("ledger")
      .selectAll()
      .where("day", "<", untilDay)
      .where(sql<boolean>`(${sql.ref("day")}, ${sql.ref("number")}) > (${last.day}, ${last.number})`)
      .orderBy("day")
      .orderBy("number")
      .limit(BATCH)
      .execute();
    for (const { number, day, cause, account, amountMinor, currency, subscription } of rows) {
      const date = new Date(startOf(day)).toISOString().slice(0, 10);
      yield `${number},${date},${cause},${account},${amountMinor},${currency},${subscription}\r\n`;
    }
    if (rows.length < BATCH) return;
    last = rows.at(-1)!;
  }
}
