import type { Period } from "@keepsake/core/plans";
import { purposeOf } from "../../providers/manual/provider.ts";
import type { Books } from "../books.ts";
import { boughtOf, readLog } from "../log/entries.ts";
import { read } from "../log/log.ts";
import type { SubscriptionTable } from "../tables.ts";

/** Money that comes or goes by hand. */
interface ByHand {
  readonly subscription: string;
  readonly plan: string;
  readonly period: Period;
  readonly amountMinor: number;
  readonly currency: string;
  /** When it was asked for. */
  readonly day: number;
  /** What stands in the booking at the bank. */
  readonly purpose: string;
}

/** What waits for the operator's own hands, the newest first. */
export interface Waiting {
  /** Transfers that somebody was told to make, and that the operator has not seen yet. */
  readonly transfers: readonly ByHand[];
  /** What the operator has to send back. */
  readonly refunds: readonly ByHand[];
}

const MOST = 500;
const MANUAL = "manual";

/** Everything that only the operator can see or do, where no provider tells of it. */
export async function waitingFor(books: Books): Promise<Waiting> {
  const transfers: ByHand[] = [];
  for (const { row, amountMinor, currency } of await asked(books, "transfer"))
    if (read(row).isPending && read(row).replacedBy === undefined)
      transfers.push({ ...toldOf(row), amountMinor, currency, day: row.sinceDay });
  const refunds: ByHand[] = [];
  for (const each of await asked(books, "refund")) {
    const { row, currency, refundMinor: amountMinor, refundDay: day } = each;
    if (!(await isSent(books, each))) refunds.push({ ...toldOf(row), amountMinor, day, currency });
  }
  return { transfers, refunds };
}

interface AskedCharge {
  readonly row: SubscriptionTable;
  readonly charge: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly refundMinor: number;
  readonly refundDay: number;
}

/** Charges by transfer that are not paid, or that are to be paid back. */
async function asked({ db }: Books, what: "transfer" | "refund"): Promise<readonly AskedCharge[]> {
  const found = db.query
    .selectFrom("charge")
    .innerJoin("subscription", "subscription.id", "charge.subscription")
    .selectAll("subscription")
    .select(["charge.name as charge", "charge.amountMinor", "charge.currency", "refundMinor", "refundDay"])
    .where("provider", "=", MANUAL);
  const sent = db.query
    .selectFrom("ledger")
    .select("ledger.subscription")
    .where("account", "=", `at/${MANUAL}`)
    .where("ledger.amountMinor", "<", 0);
  const rows = await (
    what === "transfer"
      ? found.where("state", "=", "open")
      : found.where("refund", "<>", "").where("subscription.id", "not in", sent)
  )
    .orderBy("sinceDay", "desc")
    .orderBy("charge.name")
    .limit(MOST)
    .execute();
  return rows.map(({ charge, amountMinor, currency, refundMinor, refundDay, ...row }) => {
    return { row, charge, amountMinor, currency, refundMinor, refundDay };
  });
}

function toldOf(row: SubscriptionTable): Pick<ByHand, "subscription" | "plan" | "period" | "purpose"> {
  const { plan, period } = boughtOf(row);
  return { subscription: row.id, plan, period, purpose: purposeOf(row.id) };
}

/** Whether the operator told that it was. */
async function isSent(books: Books, { row, charge }: AskedCharge): Promise<boolean> {
  const log = await readLog(books, books.db.query, row.id);
  return log.some((each) => each.kind === "refunded" && each.charge === charge && each.amountMinor > 0);
}
