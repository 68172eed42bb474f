import { KeepsakeError } from "@keepsake/core/base";
import { dayOf } from "../../dealing/calendar.ts";
import { toldEnoughDay } from "../../dealing/renewal.ts";
import { renewalBy, type ProviderName } from "../../dealing/statements.ts";
import type { Provider } from "../../providers/provider.ts";
import type { Account } from "../accounts.ts";
import type { Books } from "../books.ts";
import type { Kept } from "../log/log.ts";
import { look } from "../look.ts";
import { ownSubscription } from "../subscriptions.ts";
import { announceAll, askedOf, chargeAll } from "./charging.ts";
import { nextStep, openCharges, type OpenCharge } from "./due.ts";
import { endCharge, giveUp, lookAgain, type Turn } from "./ending.ts";
import { tellCharges, type NextCharge } from "./tell-charges.ts";
import { firstCharge, nextTermOf } from "./upcoming.ts";

/**
 * How a subscription stands. Where its holder has signed an agreement and the first charge is ours to make, it is made:
 * they chose it on the very page that told the amount.
 */
export async function lookOn(books: Books, id: string): Promise<Kept> {
  const kept = await look(books, id);
  const { row, subscription } = kept;
  const agreements = books.providers.get(row.provider as ProviderName)?.agreements;
  const isNew = dayOf(books.clock.now()) <= row.sinceDay + FIRST_DAYS;
  if (agreements === undefined || !subscription.isPending || !subscription.renews || !isNew) return kept;
  const [charge, term] = [
    await firstCharge(books.db.query, id),
    await nextTermOf(books, books.db.query, kept),
  ];
  if (charge?.state !== "open" || term === undefined) return kept;
  const [due] = await askedOf(books, [{ kept, charge, term, agreements }]);
  await agreements.charge(due!.asked);
  return look(books, id);
}

/** How an account's own subscription stands now. While its provider is away, or gone, it is what was known last. */
export async function lookNow(books: Books, account: Account, id: string): Promise<Kept> {
  const known = await ownSubscription(books.db.query, account.id, id);
  try {
    return await lookOn(books, id);
  } catch (error) {
    const isAway = KeepsakeError.is(error, "pay.provider-away") || KeepsakeError.is(error, "pay.no-provider");
    if (isAway || KeepsakeError.is(error, "pay.refused")) return known;
    throw error;
  }
}

/** Later nobody remembers having signed: it is begun anew. */
const FIRST_DAYS = 1;

/**
 * What is due about one subscription today. Every step may be cut off and done again: a charge is written down before
 * the provider hears of it, always goes under the same name, and before it is tried again the provider is asked.
 */
export async function turn(books: Books, given: Kept): Promise<Turn> {
  const { row } = given;
  const provider = books.providers.get(row.provider as ProviderName);
  const today = dayOf(books.clock.now());
  // The provider is gone: what is paid stays paid, and nothing is charged.
  if (provider === undefined) return waitUntil(books, given, { does: "wait", day: today + 1 });
  const before = (await openCharges(books.db.query, [row.id]))(row.id);
  const isOpen = given.subscription.terms.length === 0 || before.open?.state === "trying";
  const kept = isOpen ? await lookOn(books, row.id) : given;
  if (kept.subscription.terms.length === 0 || !kept.subscription.renews)
    return waitUntil(books, kept, { does: "looked", day: today + 1 });
  const charges = isOpen ? (await openCharges(books.db.query, [row.id]))(row.id) : before;
  const renewing: Renewing = { kept, ...charges, provider, today };
  return renewalBy[provider.name] === "ours" ? renewOurs(books, renewing) : renewTheirs(books, renewing);
}

interface Renewing extends OpenCharge {
  readonly kept: Kept;
  readonly provider: Provider;
  readonly today: number;
}

async function renewOurs(books: Books, renewing: Renewing): Promise<Turn> {
  const { kept, open, provider } = renewing;
  const { agreements } = provider;
  const next = agreements && (await nextStep(books, { ...renewing, agreements }));
  if (agreements === undefined || next === undefined) return giveUp(books, { ...renewing, charge: open });
  const { step, term } = next;
  if (step.do === "wait") return waitUntil(books, kept, { does: "wait", day: step.untilDay });
  if (step.do === "tell") return tellNow(books, kept, { term, ...step });
  if (step.do === "give-up" || open === undefined) return giveUp(books, { ...renewing, charge: open });
  const due = [{ kept, charge: open, term, agreements }];
  const [turn] = await (step.do === "announce" ? announceAll(books, due) : chargeAll(books, due));
  return turn!;
}

async function tellNow(books: Books, kept: Kept, next: Omit<NextCharge, "kept">): Promise<Turn> {
  await tellCharges(books, [{ ...next, kept }]);
  return "tell";
}

/**
 * A provider that charges by itself is only told to stop: where its holder could not be told in time that it will
 * charge, it is.
 */
async function renewTheirs(books: Books, renewing: Renewing): Promise<Turn> {
  const { kept, open, delivered, today } = renewing;
  const term = await nextTermOf(books, books.db.query, kept);
  if (term === undefined) return giveUp(books, { ...renewing, charge: open });
  const chargeDay = kept.subscription.untilDay - 1;
  // Of the term before: its charge went through, or will not any more.
  if (open !== undefined && open.dueDay < chargeDay - SAME_DAYS) {
    await endCharge(books.db.query, open.name, "paid");
    return waitUntil(books, kept, { does: "wait", day: today });
  }
  if (open === undefined) return tellNow(books, kept, { term, chargeDay });
  const toldDay = toldEnoughDay(delivered);
  if (toldDay !== undefined && toldDay <= chargeDay)
    return waitUntil(books, kept, { does: "wait", day: chargeDay + 1 });
  if (today < chargeDay - 1) return waitUntil(books, kept, { does: "wait", day: today + 1 });
  return giveUp(books, { ...renewing, charge: open });
}

/** Terms of a provider's own calendar may shift by a few days. */
const SAME_DAYS = 14;

async function waitUntil(
  books: Books,
  kept: Kept,
  { does, day }: { readonly does: Turn; readonly day: number },
): Promise<Turn> {
  await lookAgain(books, [{ kept, day }]);
  return does;
}
