import { KeepsakeError } from "@keepsake/core/base";
import { randomId } from "../../../keys/ids.ts";
import type { Query } from "../../../db/index.ts";
import { enqueue, waitingPayload, type Job } from "../../../jobs/index.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Entry } from "../../dealing/deeds.ts";
import type { ProviderName } from "../../dealing/statements.ts";
import type { PaidTerm } from "../../dealing/subscription.ts";
import { refundsFor, type Due } from "../../dealing/worth.ts";
import type { Account } from "../accounts.ts";
import type { Books } from "../books.ts";
import { addChoice, addEntries, lockSubscription, read, type Kept } from "../log/log.ts";
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

/** Of an earlier subscription, whose worth paid for a charge of the one that ends. */
interface EarlierBack extends Back {
  readonly subscription: string;
  readonly credited: string;
  readonly plan: string;
  readonly currency: string;
}

/** What is paid back when a subscription ends: of itself, and of earlier ones. */
interface AllBack {
  readonly due: readonly Due[];
  readonly earlier: readonly EarlierBack[];
}

/** What somebody was promised: it is written down before anything is sent, and carried out to the end. */
interface Decided extends AllBack {
  readonly subscription: string;
  readonly atMs: number;
}

/** So long a job leaves what was decided to the request that decided it. */
const PATIENCE_MS = 60_000;

/** What would be paid back, should somebody end a subscription now. */
export async function refundable(books: Books, account: Account, id: string): Promise<readonly Back[]> {
  const { row } = await ownSubscription(books.db.query, account.id, id);
  const { due, earlier } = await allBack(books, books.db.query, row);
  return [...due, ...earlier]
    .map(({ charge, amountMinor }) => ({ charge, amountMinor }))
    .filter(({ amountMinor }) => amountMinor > 0);
}

/**
 * Ends a subscription and pays back what is due, once: what the provider has paid back already it does not pay again.
 * Wherever the process ends, the job goes on with what was decided. `besides` is decided with it, or not at all. Throws
 * `pay.not-now` where nothing is due, and what the provider throws; one that refuses leaves the subscription as it was.
 */
export async function payBack(
  books: Books,
  account: Account,
  id: string,
  besides?: (query: Query) => Promise<void>,
): Promise<Kept> {
  await ownSubscription(books.db.query, account.id, id);
  const decided = await books.db.transaction(async (query) => {
    // Of two who ask at once, both get what the first one decided.
    const row = await lockSubscription(query, id);
    return (await decidedBefore(query, id)) ?? (await decide(books, query, row, besides));
  });
  await settle(books, decided);
  return look(books, id);
}

/** The job: what was decided is carried out, then what earlier subscriptions owe is sent. */
export async function payOwed(books: Books, { payload }: Job): Promise<void> {
  const decided = payload as Decided;
  if (decided.due.length > 0) return settle(books, decided);
  for (const back of decided.earlier) {
    await send(books, back.subscription, back);
    await look(books, back.subscription);
  }
  await look(books, decided.subscription);
}

async function decidedBefore(query: Query, id: string): Promise<Decided | undefined> {
  const decided = (await waitingPayload(query, { kind: REFUND_JOB, key: id })) as Decided | undefined;
  return decided === undefined || decided.due.length === 0 ? undefined : decided;
}

async function decide(
  books: Books,
  query: Query,
  row: SubscriptionTable,
  besides: ((query: Query) => Promise<void>) | undefined,
): Promise<Decided> {
  const back = await allBack(books, query, row);
  if (back.due.length === 0) throw new KeepsakeError("pay.not-now", { details: { why: "nothing-due" } });
  await besides?.(query);
  const atMs = books.clock.now();
  const decided: Decided = { ...back, subscription: row.id, atMs };
  await addChoice(books, query, row.id, { kind: "renewal", id: randomId(), atMs, isOn: false });
  for (const each of back.due) if (each.amountMinor > 0) await mark(books, query, each);
  await enqueueDecided(query, decided, atMs + PATIENCE_MS);
  return decided;
}

/** Sends what is due of the subscription itself, ends it, and leaves what earlier ones owe to the job. */
async function settle(books: Books, decided: Decided): Promise<void> {
  const { subscription, atMs, due, earlier } = decided;
  const rest = { ...decided, due: [] };
  let isAnySent = false;
  for (const back of due) {
    if (back.amountMinor === 0) continue;
    try {
      await send(books, subscription, back);
    } catch (error) {
      if (!isAnySent && KeepsakeError.is(error, "pay.refused"))
        await enqueueDecided(books.db.query, { ...rest, earlier: [] }, atMs);
      throw error;
    }
    isAnySent = true;
  }
  await books.db.transaction(async (query) => {
    const entries: Entry[] = due.map(({ charge }) => {
      // The term ends with it, whenever the provider tells of the money.
      return { kind: "refunded", id: `ours ${charge}`, atMs, charge, amountMinor: 0, isRevoked: true };
    });
    for (const back of earlier) {
      const { charge, credited, amountMinor, currency, plan } = back;
      const id = `returned ${charge}`;
      entries.push({ kind: "returned", id, atMs, charge: credited, amountMinor, currency, plan });
      await mark(books, query, back);
    }
    await addEntries(books, query, subscription, entries);
    await enqueueDecided(query, rest, atMs);
  });
}

function enqueueDecided(query: Query, decided: Decided, dueAtMs: number): Promise<void> {
  return enqueue(query, { kind: REFUND_JOB, key: decided.subscription, payload: decided, dueAtMs });
}

async function allBack(books: Books, query: Query, row: SubscriptionTable): Promise<AllBack> {
  const subscription = read(row);
  const { refundDays } = books.catalogues.known();
  const due = refundsFor(subscription, dayOf(books.clock.now()), refundDays);
  const earlier: EarlierBack[] = [];
  for (const { charge, creditMinor } of due)
    if (creditMinor > 0)
      earlier.push(...(await earlierBack(books, query, { row, credited: charge, creditMinor })));
  return { due, earlier };
}

/** Where a credit came from, the last payment first, as far as it can be paid back there. */
async function earlierBack(
  books: Books,
  query: Query,
  {
    row: { replaces },
    credited,
    creditMinor,
  }: { readonly row: SubscriptionTable; readonly credited: string; readonly creditMinor: number },
): Promise<readonly EarlierBack[]> {
  const found: EarlierBack[] = [];
  let left = creditMinor;
  for (let id = replaces; id !== "" && left > 0;) {
    const row = await subscriptionRow(query, id);
    if (row === undefined) break;
    const refunds = books.providers.get(row.provider as ProviderName)?.refunds ?? "theirs";
    for (const term of paidOf(row).toReversed()) {
      const openMinor = Math.max(0, term.amountMinor - term.refundedMinor);
      const amountMinor = Math.min(left, openMinor);
      const isPossible = refunds === "parts" || (refunds === "whole" && amountMinor === term.amountMinor);
      if (amountMinor === 0 || !isPossible) continue;
      left -= amountMinor;
      const { charge, bought } = term;
      const currency = await currencyOf(books, query, term);
      found.push({ subscription: id, charge, amountMinor, credited, plan: bought.plan, currency });
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

async function send(books: Books, id: string, { charge, amountMinor }: Back): Promise<void> {
  const row = await subscriptionRow(books.db.query, id);
  const term = row && paidOf(row).find((each) => each.charge === charge);
  if (row === undefined || term === undefined) return;
  await providerOf(books, row.provider).refund({
    ...(await knownOf(books, books.db.query, row)),
    refund: refundOf(charge),
    charge,
    chargeMinor: term.amountMinor,
    amountMinor,
    currency: await currencyOf(books, books.db.query, term),
  });
}

async function currencyOf(
  { catalogues }: Books,
  query: Query,
  { charge, bought }: PaidTerm,
): Promise<string> {
  const asked = await query
    .selectFrom("charge")
    .select("currency")
    .where("name", "=", charge)
    .executeTakeFirst();
  if (asked !== undefined) return asked.currency;
  const { currency } = (await catalogues.ofVersion(bought.catalogue, query)) ?? catalogues.known();
  return currency;
}

function refundOf(charge: string): string {
  return `${charge}r`;
}
