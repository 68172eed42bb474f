import { KeepsakeError } from "@keepsake/core/base";
import type { Period } from "@keepsake/core/plans";
import { randomId } from "../../../keys/ids.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Entry } from "../../dealing/deeds.ts";
import { stateAt } from "../../dealing/state.ts";
import { renewalBy, type ProviderName } from "../../dealing/statements.ts";
import { refundsFor, type Due } from "../../dealing/worth.ts";
import type { Account } from "../accounts.ts";
import type { Books } from "../books.ts";
import { addEntries, type Kept } from "../log.ts";
import { look } from "../look.ts";
import { knownOf, ownSubscription, providerOf } from "../subscriptions.ts";
import { requireOffer } from "./buy.ts";

/** Whether further terms are charged. Off takes effect here at once; a provider that charges by itself is told first. */
export async function setRenewal(books: Books, account: Account, id: string, isOn: boolean): Promise<Kept> {
  const { row, subscription } = await ownSubscription(books.db.query, account.id, id);
  const by = renewalBy[row.provider as ProviderName];
  if (isOn && (by !== "ours" || !subscription.isAgreed))
    throw new KeepsakeError("pay.no-renewal", { details: { provider: row.provider } });
  if (!isOn && by === "theirs")
    await providerOf(books, row.provider).stop(await knownOf(books, books.db.query, row));
  const kept = await add(books, id, (atMs) => ({ kind: "renewal", id: randomId(), atMs, isOn }));
  return by === "theirs" ? look(books, id) : kept;
}

/** Stops a subscription for a while, or lets it go on: the days between are not used up. Throws `pay.not-now`. */
export async function setPaused(
  books: Books,
  account: Account,
  id: string,
  isPaused: boolean,
): Promise<Kept> {
  const { row, subscription } = await ownSubscription(books.db.query, account.id, id);
  if (renewalBy[row.provider as ProviderName] === "theirs")
    throw new KeepsakeError("pay.not-now", { details: { why: "provider" } });
  const { graceDays } = (await books.catalogues.current()).lapse;
  const state = stateAt(subscription, dayOf(books.clock.now()), graceDays);
  if (isPaused ? !["active", "canceled"].includes(state) : state !== "paused")
    throw new KeepsakeError("pay.not-now", { details: { why: state } });
  return add(books, id, (atMs) => ({ kind: isPaused ? "paused" : "resumed", id: randomId(), atMs }));
}

/** What the next term is of: a smaller plan from then on, and nothing that is stored goes. */
export async function setNext(
  books: Books,
  account: Account,
  id: string,
  wanted: { readonly plan: string; readonly period: Period } | undefined,
): Promise<Kept> {
  const { row, subscription } = await ownSubscription(books.db.query, account.id, id);
  if (wanted !== undefined && (renewalBy[row.provider as ProviderName] !== "ours" || !subscription.renews))
    throw new KeepsakeError("pay.not-now", { details: { why: "no-renewal" } });
  const catalogue = await books.catalogues.current();
  if (wanted !== undefined) requireOffer(catalogue, wanted);
  return add(books, id, (atMs) => ({
    kind: "next",
    id: randomId(),
    atMs,
    ...(wanted === undefined ? {} : { bought: { catalogue: catalogue.version, ...wanted } }),
  }));
}

/** What would be paid back, should somebody end a subscription now. */
export async function refundable(books: Books, account: Account, id: string): Promise<readonly Due[]> {
  const { subscription } = await ownSubscription(books.db.query, account.id, id);
  const { refundDays } = await books.catalogues.current();
  return refundsFor(subscription, dayOf(books.clock.now()), refundDays);
}

/** Ends a subscription and pays back what is due. What the provider has paid back already it does not pay again. */
export async function payBack(books: Books, account: Account, id: string): Promise<Kept> {
  const { row } = await ownSubscription(books.db.query, account.id, id);
  const provider = providerOf(books, row.provider);
  const due = await refundable(books, account, id);
  if (due.length === 0) throw new KeepsakeError("pay.not-now", { details: { why: "nothing-due" } });
  await setRenewalOff(books, id);
  const known = await knownOf(books, books.db.query, row);
  const charges = await books.db.query
    .selectFrom("charge")
    .select(["name", "amountMinor", "currency"])
    .where("subscription", "=", id)
    .execute();
  for (const { charge, amountMinor } of due) {
    const { amountMinor: chargeMinor, currency } = charges.find(({ name }) => name === charge) ?? {
      amountMinor,
      currency: (await books.catalogues.current()).currency,
    };
    const refund = `${charge}r`;
    // Written down first: some providers tell only of refunds that one names.
    await books.db.query.updateTable("charge").set({ refund }).where("name", "=", charge).execute();
    await provider.refund({ ...known, refund, charge, chargeMinor, amountMinor, currency });
    // The term ends with it, whenever the provider tells of the money.
    await add(books, id, (atMs) => ({
      kind: "refunded",
      id: `ours ${charge}`,
      atMs,
      charge,
      amountMinor: 0,
      isRevoked: true,
    }));
  }
  return look(books, id);
}

async function setRenewalOff(books: Books, id: string): Promise<void> {
  await add(books, id, (atMs) => ({ kind: "renewal", id: randomId(), atMs, isOn: false }));
}

function add(books: Books, id: string, entry: (atMs: number) => Entry): Promise<Kept> {
  const atMs = books.clock.now();
  return books.db.transaction((query) => addEntries(books, query, id, [entry(atMs)]));
}
