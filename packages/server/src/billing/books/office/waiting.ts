import type { Period } from "@keepsake/core/plans";
import { dayOf } from "../../dealing/calendar.ts";
import { subscriptionOf } from "../../dealing/subscription.ts";
import { renewalBy, type ProviderName } from "../../dealing/statements.ts";
import { refundsFor } from "../../dealing/worth.ts";
import { purposeOf } from "../../providers/manual/provider.ts";
import type { Books } from "../books.ts";
import { boughtOf, read, readLog } from "../log.ts";
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
  for (const { row, charge, currency } of await asked(books, "refund")) {
    const due = await dueOf(books, row, charge);
    if (due !== undefined) refunds.push({ ...toldOf(row), ...due, currency });
  }
  return { transfers, refunds };
}

interface AskedCharge {
  readonly row: SubscriptionTable;
  readonly charge: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** Charges by transfer that are not paid, or that are to be paid back. */
async function asked({ db }: Books, what: "transfer" | "refund"): Promise<readonly AskedCharge[]> {
  const found = db.query
    .selectFrom("charge")
    .innerJoin("subscription", "subscription.id", "charge.subscription")
    .selectAll("subscription")
    .select(["charge.name as charge", "charge.amountMinor", "charge.currency"])
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
  return rows.map(({ charge, amountMinor, currency, ...row }) => ({ row, charge, amountMinor, currency }));
}

function toldOf(row: SubscriptionTable): Pick<ByHand, "subscription" | "plan" | "period" | "purpose"> {
  const { plan, period } = boughtOf(row);
  return { subscription: row.id, plan, period, purpose: purposeOf(row.id) };
}

/** What was due for a charge when its holder asked for it; undefined once the operator told that it was sent. */
async function dueOf(
  books: Books,
  row: SubscriptionTable,
  charge: string,
): Promise<{ readonly amountMinor: number; readonly day: number } | undefined> {
  const log = await readLog(books, books.db.query, row.id);
  const back = log.flatMap((each) => (each.kind === "refunded" && each.charge === charge ? [each] : []));
  const end = back.find(({ isRevoked }) => isRevoked);
  if (end === undefined || back.some(({ amountMinor }) => amountMinor > 0)) return undefined;
  const before = log.filter(({ kind, atMs }) => kind !== "refunded" && atMs <= end.atMs);
  const { lapse, refundDays } = await books.catalogues.current();
  const reading = {
    bought: boughtOf(row),
    renewal: renewalBy[row.provider as ProviderName],
    graceDays: lapse.graceDays,
  };
  const day = dayOf(end.atMs);
  const due = refundsFor(subscriptionOf(reading, before), day, refundDays);
  const amountMinor = due.find((each) => each.charge === charge)?.amountMinor;
  return amountMinor === undefined ? undefined : { amountMinor, day };
}
