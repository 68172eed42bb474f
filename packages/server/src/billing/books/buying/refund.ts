import { KeepsakeError } from "@keepsake/core/base";
import { randomId } from "../../../keys/ids.ts";
import type { Query } from "../../../db/index.ts";
import { enqueue, type Job } from "../../../jobs/index.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Entry } from "../../dealing/deeds.ts";
import type { ProviderName } from "../../dealing/statements.ts";
import type { PaidTerm } from "../../dealing/subscription.ts";
import { refundsFor, type Due } from "../../dealing/worth.ts";
import type { Account } from "../accounts.ts";
import type { Books } from "../books.ts";
import { addChoice, addEntries, read, type Kept } from "../log.ts";
import { look } from "../look.ts";
import { knownOf, ownSubscription, providerOf, subscriptionRow } from "../subscriptions.ts";
import type { SubscriptionTable } from "../tables.ts";

/** The kind of jobs that pay back what an earlier subscription's worth had paid for. */
export const REFUND_JOB = "billing-refund";

/** Money that goes back by the way on which it came. */
export interface Back {
  readonly charge: string;
  readonly amountMinor: number;
}

/** Of an earlier subscription, whose worth paid for a charge of this one. */
interface EarlierBack extends Back {
  readonly row: SubscriptionTable;
  readonly term: PaidTerm;
  readonly credited: string;
}

interface AllBack {
  readonly row: SubscriptionTable;
  readonly terms: readonly PaidTerm[];
  readonly due: readonly Due[];
  readonly earlier: readonly EarlierBack[];
}

/** What would be paid back, should somebody end a subscription now. */
export async function refundable(books: Books, account: Account, id: string): Promise<readonly Back[]> {
  const { due, earlier } = await allBack(books, account, id);
  return [...due, ...earlier]
    .map(({ charge, amountMinor }) => ({ charge, amountMinor }))
    .filter(({ amountMinor }) => amountMinor > 0);
}

/** Ends a subscription and pays back what is due. What the provider has paid back already it does not pay again. */
export async function payBack(books: Books, account: Account, id: string): Promise<Kept> {
  const { row, terms, due, earlier } = await allBack(books, account, id);
  if (due.length === 0) throw new KeepsakeError("pay.not-now", { details: { why: "nothing-due" } });
  const atMs = books.clock.now();
  await books.db.transaction((query) =>
    addChoice(books, query, id, { kind: "renewal", id: randomId(), atMs, isOn: false }),
  );
  for (const { charge, amountMinor } of due)
    if (amountMinor > 0) {
      const term = terms.find((each) => each.charge === charge)!;
      await mark(books, books.db.query, { charge, amountMinor });
      await send(books, { row, term, amountMinor });
    }
  await books.db.transaction(async (query) => {
    const entries: Entry[] = due.map(({ charge }) => {
      // The term ends with it, whenever the provider tells of the money.
      return { kind: "refunded", id: `ours ${charge}`, atMs, charge, amountMinor: 0, isRevoked: true };
    });
    for (const back of earlier) {
      const { charge, amountMinor, credited, term } = back;
      const currency = await currencyOf(books, query, { charge, term });
      const { plan } = term.bought;
      const id = `returned ${charge}`;
      entries.push({ kind: "returned", id, atMs, charge: credited, amountMinor, currency, plan });
      await mark(books, query, back);
      const payload: Owed = { id: back.row.id, charge, amountMinor };
      await enqueue(query, { kind: REFUND_JOB, key: charge, payload, dueAtMs: atMs });
    }
    await addEntries(books, query, id, entries);
  });
  return look(books, id);
}

interface Owed extends Back {
  readonly id: string;
}

/** Pays back what is owed of an earlier subscription; it is tried until it is done. */
export async function payOwed(books: Books, { payload }: Job): Promise<void> {
  const { id, charge, amountMinor } = payload as Owed;
  const row = await subscriptionRow(books.db.query, id);
  if (row === undefined) return;
  const term = paidOf(row).find((each) => each.charge === charge);
  if (term === undefined) return;
  await send(books, { row, term, amountMinor });
  await look(books, id);
}

async function allBack(books: Books, account: Account, id: string): Promise<AllBack> {
  const { row, subscription } = await ownSubscription(books.db.query, account.id, id);
  const { refundDays } = await books.catalogues.current();
  const due = refundsFor(subscription, dayOf(books.clock.now()), refundDays);
  const earlier: EarlierBack[] = [];
  for (const { charge, creditMinor } of due)
    if (creditMinor > 0) earlier.push(...(await earlierBack(books, row, { credited: charge, creditMinor })));
  return { row, terms: subscription.terms, due, earlier };
}

/** Where a credit came from, the last payment first, as far as it can be paid back there. */
async function earlierBack(
  books: Books,
  { replaces }: SubscriptionTable,
  { credited, creditMinor }: { readonly credited: string; readonly creditMinor: number },
): Promise<readonly EarlierBack[]> {
  const found: EarlierBack[] = [];
  let left = creditMinor;
  for (let id = replaces; id !== "" && left > 0;) {
    const row = await subscriptionRow(books.db.query, id);
    if (row === undefined) break;
    const refunds = books.providers.get(row.provider as ProviderName)?.refunds ?? "theirs";
    for (const term of paidOf(row).toReversed()) {
      const openMinor = Math.max(0, term.amountMinor - term.refundedMinor);
      const amountMinor = Math.min(left, openMinor);
      const isPossible = refunds === "parts" || (refunds === "whole" && amountMinor === term.amountMinor);
      if (amountMinor === 0 || !isPossible) continue;
      left -= amountMinor;
      found.push({ row, term, charge: term.charge, amountMinor, credited });
    }
    id = row.replaces;
  }
  return found;
}

function paidOf(row: SubscriptionTable): readonly PaidTerm[] {
  const { terms, gone } = read(row);
  return [...gone, ...terms].toSorted((a, b) => a.fromDay - b.fromDay);
}

/** Written down first: some providers tell only of refunds that one names. */
async function mark({ clock }: Books, query: Query, { charge, amountMinor }: Back): Promise<void> {
  await query
    .updateTable("charge")
    .set({ refund: refundOf(charge), refundMinor: amountMinor, refundDay: dayOf(clock.now()) })
    .where("name", "=", charge)
    .execute();
}

async function send(
  books: Books,
  { row, term, amountMinor }: { row: SubscriptionTable; term: PaidTerm; amountMinor: number },
): Promise<void> {
  const { charge } = term;
  await providerOf(books, row.provider).refund({
    ...(await knownOf(books, books.db.query, row)),
    refund: refundOf(charge),
    charge,
    chargeMinor: term.amountMinor,
    amountMinor,
    currency: await currencyOf(books, books.db.query, { charge, term }),
  });
}

async function currencyOf(
  { catalogues }: Books,
  query: Query,
  { charge, term }: { readonly charge: string; readonly term: PaidTerm },
): Promise<string> {
  const asked = await query
    .selectFrom("charge")
    .select("currency")
    .where("name", "=", charge)
    .executeTakeFirst();
  if (asked !== undefined) return asked.currency;
  const { currency } =
    (await catalogues.ofVersion(term.bought.catalogue, query)) ?? (await catalogues.current());
  return currency;
}

function refundOf(charge: string): string {
  return `${charge}r`;
}
