import { KeepsakeError } from "@keepsake/core/base";
import type { Period } from "@keepsake/core/plans";
import { randomId } from "../../../keys/ids.ts";
import { seal, unseal } from "../../../keys/sealed.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { PaidTerm } from "../../dealing/subscription.ts";
import type { Account } from "../accounts.ts";
import { SEALED, type Books } from "../books.ts";
import { subscriptionsOf } from "../subscriptions.ts";

/** Whom a bill is made out to. It is kept sealed, and nothing else on the server knows it. */
export interface MadeOut {
  readonly title: string;
  /** Of a company; empty for a person. */
  readonly taxNumber: string;
  /** Where it is sent to. */
  readonly email: string;
}

/** A payment, as its receipt says it. */
export interface Receipt extends Omit<PaidTerm, "bought"> {
  readonly subscription: string;
  readonly provider: string;
  readonly plan: string;
  readonly period: Period;
  readonly currency: string;
  /** Whether it was paid for somebody else. */
  readonly isGift: boolean;
  /** The bill that was asked for. */
  readonly invoice?: { readonly id: string; readonly state: string; readonly number: string };
}

/** Everything that an account paid, the newest first. */
export async function receiptsOf(books: Books, account: Account): Promise<readonly Receipt[]> {
  const invoices = await books.db.query
    .selectFrom("invoice")
    .select(["id", "charge", "state", "number"])
    .where("account", "=", account.id)
    .execute();
  const currencies = new Map<number, string>();
  const receipts: Receipt[] = [];
  for (const { row, subscription } of await subscriptionsOf(books.db.query, account.id))
    for (const { bought, ...term } of [...subscription.terms, ...subscription.gone]) {
      const { catalogue, plan, period } = bought;
      const currency =
        currencies.get(catalogue) ?? (await books.catalogues.ofVersion(catalogue))?.currency ?? "";
      currencies.set(catalogue, currency);
      const found = invoices.find(({ charge }) => charge === term.charge);
      const invoice =
        found === undefined ? {} : { invoice: { id: found.id, state: found.state, number: found.number } };
      receipts.push({
        ...term,
        subscription: row.id,
        provider: row.provider,
        plan,
        period,
        currency,
        isGift: row.isGift === 1,
        ...invoice,
      });
    }
  return receipts.toSorted((a, b) => b.fromDay - a.fromDay);
}

/** Asks for a bill for a payment; once more before it is issued corrects it. Throws `request.not-found`, `pay.not-now`. */
export async function askInvoice(
  books: Books,
  account: Account,
  charge: string,
  madeOut: MadeOut,
): Promise<void> {
  const { db, secrets, clock } = books;
  const receipt = (await receiptsOf(books, account)).find((each) => each.charge === charge);
  if (receipt === undefined) throw new KeepsakeError("request.not-found");
  if (receipt.amountMinor <= receipt.refundedMinor)
    throw new KeepsakeError("pay.not-now", { details: { why: "nothing-paid" } });
  const sealed = seal(secrets, SEALED, Buffer.from(JSON.stringify(madeOut)));
  const { numInsertedOrUpdatedRows = 0n } = await db.query
    .insertInto("invoice")
    .values({
      id: randomId(),
      account: account.id,
      charge,
      askedDay: dayOf(clock.now()),
      sealed,
      state: "asked",
      number: "",
    })
    .onConflict((conflict) =>
      conflict.column("charge").doUpdateSet({ sealed }).where("invoice.state", "=", "asked"),
    )
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) throw new KeepsakeError("pay.not-now", { details: { why: "issued" } });
}

/** A bill that is to be written, as the operator sees it. */
export interface OpenInvoice extends MadeOut {
  readonly id: string;
  readonly charge: string;
  readonly askedDay: number;
  readonly amountMinor: number;
  readonly currency: string;
}

const MOST = 500;

/** The bills that are to be written, the oldest first. */
export async function openInvoices({ db, secrets }: Books): Promise<readonly OpenInvoice[]> {
  const rows = await db.query
    .selectFrom("invoice")
    .innerJoin("charge", "charge.name", "invoice.charge")
    .select(["invoice.id", "invoice.charge", "askedDay", "sealed", "amountMinor", "currency"])
    .where("invoice.state", "=", "asked")
    .orderBy("askedDay")
    .orderBy("invoice.id")
    .limit(MOST)
    .execute();
  return rows.map(({ sealed, ...row }) => {
    const plain = unseal(secrets, SEALED, sealed);
    if (plain === undefined) throw new KeepsakeError("server.bad-secrets");
    return { ...row, ...(JSON.parse(Buffer.from(plain).toString()) as MadeOut) };
  });
}

/** A bill was written and sent; it has a number now. Throws `request.not-found`. */
export async function issueInvoice({ db }: Books, id: string, number: string): Promise<void> {
  const { numUpdatedRows } = await db.query
    .updateTable("invoice")
    .set({ state: "issued", number })
    .where("id", "=", id)
    .where("state", "=", "asked")
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new KeepsakeError("request.not-found");
}
