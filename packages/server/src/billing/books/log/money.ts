import type { Query } from "../../../db/index.ts";
import type { Secrets } from "../../../keys/secrets.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Asked, Entry, Returned } from "../../dealing/deeds.ts";
import { creditPostings, paidPostings, refundPostings, type Posting } from "../../dealing/postings.ts";
import type { ProviderName } from "../../dealing/statements.ts";
import type { SubscriptionTable } from "../tables.ts";
import { boughtOf, causeOf } from "./entries.ts";

/** A subscription to whose log something was added. */
export interface Changed {
  readonly row: SubscriptionTable;
  readonly before: readonly Entry[];
  readonly fresh: readonly Entry[];
}

/** A line of the ledger, and what it came of. */
interface Line extends Posting {
  readonly row: SubscriptionTable;
  readonly cause: string;
  readonly atMs: number;
  readonly currency: string;
}

/** A subscription that was paid for the first time, and takes the place of another one. */
export interface Replacing {
  readonly row: SubscriptionTable;
  readonly atMs: number;
  /** What the other one was worth, and paid for. */
  readonly creditMinor: number;
  readonly cause: string;
  readonly currency: string;
}

/** What new entries bring about elsewhere in the books. */
interface Following {
  readonly lines: readonly Line[];
  readonly paidCharges: readonly string[];
  readonly replacing: readonly Replacing[];
}

/** The lines of the ledger, the charges that are paid, and whose place is taken. */
export function followingOf(secrets: Secrets, changed: readonly Changed[]): Following {
  const all = changed.map((each) => followingOne(secrets, each));
  return {
    lines: all.flatMap(({ lines }) => lines),
    paidCharges: all.flatMap(({ paidCharges }) => paidCharges),
    replacing: all.flatMap(({ replacing }) => replacing),
  };
}

function followingOne(secrets: Secrets, { row, before, fresh }: Changed): Following {
  const log = [...before, ...fresh];
  const asked = new Map(log.flatMap((entry) => (entry.kind === "asked" ? [[entry.charge, entry]] : [])));
  const paid = new Map(log.flatMap((entry) => (entry.kind === "paid" ? [[entry.charge, entry]] : [])));
  const touched = new Set(fresh.flatMap((entry) => (isMoney(entry) ? [entry.charge] : [])));
  // A refund may be heard of before what it pays back: all of a charge is posted anew, and what stands there stays.
  const money = log.flatMap((entry) => {
    const payment = isMoney(entry) && touched.has(entry.charge) ? paid.get(entry.charge) : undefined;
    return payment === undefined ? [] : [{ entry: entry as Money, payment }];
  });
  const lines = money.flatMap(({ entry, payment }) =>
    moneyLines(row, {
      entry,
      payment,
      asked: asked.get(entry.charge),
      cause: causeOf(secrets, row.id, entry),
    }),
  );
  const returned = fresh.flatMap((entry) =>
    entry.kind === "returned" ? returnedLines(row, entry, asked.get(entry.charge), secrets) : [],
  );
  const payments = money.flatMap(({ entry }) => (entry.kind === "paid" ? [entry] : []));
  const isFirst = row.replaces !== "" && !before.some(({ kind }) => kind === "paid");
  return {
    lines: [...lines, ...returned],
    paidCharges: payments.map(({ charge }) => charge),
    replacing: (isFirst ? payments : []).map((entry) => ({
      row,
      atMs: entry.atMs,
      creditMinor: asked.get(entry.charge)?.creditMinor ?? 0,
      cause: causeOf(secrets, row.id, entry),
      currency: entry.currency,
    })),
  };
}

interface MoneyOf {
  readonly entry: Money;
  readonly payment: Paid;
  readonly asked: Asked | undefined;
  readonly cause: string;
}

function moneyLines(row: SubscriptionTable, { entry, payment, asked, cause }: MoneyOf): readonly Line[] {
  const provider = row.provider as ProviderName;
  const { bought = boughtOf(row), storeFeeMinor = 0 } = asked ?? {};
  const { amountMinor, currency } = payment;
  const term = { bought: payment.bought ?? bought, amountMinor, storeFeeMinor };
  const postings =
    entry.kind === "refunded"
      ? refundPostings(provider, term, entry.amountMinor)
      : paidPostings(provider, term);
  return postings.map((posting) => ({ ...posting, row, cause, atMs: entry.atMs, currency }));
}

/** What an earlier plan's worth paid for is that plan's again, to be paid back there. */
function returnedLines(
  row: SubscriptionTable,
  entry: Returned,
  asked: Asked | undefined,
  secrets: Secrets,
): readonly Line[] {
  const { atMs, amountMinor, currency, plan } = entry;
  const cause = causeOf(secrets, row.id, entry);
  return creditPostings(asked?.bought.plan ?? row.plan, plan, amountMinor).map((posting) => {
    return { ...posting, row, cause, atMs, currency };
  });
}

/** What another one was worth is now what this one was paid with. */
export function creditLines(
  { row, atMs, creditMinor, cause, currency }: Replacing,
  old: SubscriptionTable,
): readonly Line[] {
  return creditPostings(old.plan, row.plan, creditMinor).map((posting) => {
    return { ...posting, row, cause: `${cause} credit`, atMs, currency };
  });
}

/** Puts lines into the ledger; what stands there stays. */
export async function post(query: Query, lines: readonly Line[]): Promise<void> {
  if (lines.length === 0) return;
  await query
    .insertInto("ledger")
    .values(
      lines.map(({ row, cause, account, amountMinor, currency, atMs }) => {
        return { day: dayOf(atMs), cause, account, amountMinor, currency, subscription: row.id };
      }),
    )
    .onConflict((conflict) => conflict.columns(["cause", "account"]).doNothing())
    .execute();
}

type Money = Extract<Entry, { kind: "paid" | "refunded" }>;
type Paid = Extract<Entry, { kind: "paid" }>;

function isMoney(entry: Entry): entry is Money {
  return entry.kind === "paid" || entry.kind === "refunded";
}
