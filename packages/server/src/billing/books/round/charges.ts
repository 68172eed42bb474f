import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../../../db/index.ts";
import { randomId } from "../../../keys/ids.ts";
import { dayOf, startOf } from "../../dealing/calendar.ts";
import { lookDayAfter, renewalStep, toldEnoughDay, type Step, type Upcoming } from "../../dealing/renewal.ts";
import { renewalBy, type ProviderName } from "../../dealing/statements.ts";
import type { Charge, Provider } from "../../providers/provider.ts";
import type { Account } from "../accounts.ts";
import type { Books } from "../books.ts";
import { addChoice, type Kept } from "../log.ts";
import { look } from "../look.ts";
import { knownOf, ownSubscription } from "../subscriptions.ts";
import type { ChargeTable } from "../tables.ts";
import { deliveredOf, tell } from "./notices.ts";
import { tellCharges, type NextCharge } from "./tell-charges.ts";
import { firstCharge, nextTermOf, openCharge, type NextTerm } from "./upcoming.ts";

/** What came of a look at one subscription. */
export type Turn = Step["do"] | "looked" | "failed";

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
  await agreements.charge(await askedOf(books, { kept, charge, term }));
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
  if (provider === undefined) return later(books, given, { does: "wait", day: today + 1 });
  const pending = await openCharge(books.db.query, row.id);
  const isOpen = given.subscription.terms.length === 0 || pending?.state === "trying";
  const kept = isOpen ? await lookOn(books, row.id) : given;
  if (kept.subscription.terms.length === 0 || !kept.subscription.renews)
    return later(books, kept, { does: "looked", day: today + 1 });
  const charge = isOpen ? await openCharge(books.db.query, row.id) : pending;
  return renewalBy[provider.name] === "ours"
    ? renewOurs(books, { kept, charge, provider, today })
    : renewTheirs(books, { kept, charge, provider, today });
}

/**
 * The next charge of a subscription, where all that is due about it today is to tell of that. Most of a day's round is
 * this, and is done for many at once.
 */
export async function nextToTell(books: Books, kept: Kept): Promise<NextCharge | undefined> {
  const { row, subscription } = kept;
  const provider = books.providers.get(row.provider as ProviderName);
  if (provider?.agreements === undefined || subscription.terms.length === 0 || !subscription.renews)
    return undefined;
  const term = await nextTermOf(books, books.db.query, kept);
  if (term === undefined) return undefined;
  const { graceDays } = (await books.catalogues.current()).lapse;
  const { announceDays } = provider.agreements;
  const today = dayOf(books.clock.now());
  const step = renewalStep(subscription, today, { ...untold, graceDays, announceDays });
  return step.do === "tell" ? { kept, term, chargeDay: step.chargeDay } : undefined;
}

interface Renewing {
  readonly kept: Kept;
  readonly charge: ChargeTable | undefined;
  readonly provider: Provider;
  readonly today: number;
}

async function renewOurs(books: Books, renewing: Renewing): Promise<Turn> {
  const { kept, charge, provider, today } = renewing;
  const { agreements } = provider;
  const term = await nextTermOf(books, books.db.query, kept);
  if (agreements === undefined || term === undefined) return giveUp(books, renewing);
  const { graceDays } = (await books.catalogues.current()).lapse;
  const { announceDays } = agreements;
  const told = charge === undefined ? untold : await toldOf(books.db.query, charge);
  const step = renewalStep(kept.subscription, today, { ...told, graceDays, announceDays });
  if (step.do === "wait") return later(books, kept, { does: "wait", day: step.untilDay });
  if (step.do === "tell") return tellNow(books, kept, { term, ...step });
  if (step.do === "give-up" || charge === undefined) return giveUp(books, renewing);
  const asked = await askedOf(books, { kept, charge, term });
  const most = await agreements.mostMinor(asked);
  if (most !== undefined && charge.amountMinor > most) return giveUp(books, renewing);
  if (step.do === "announce") {
    await agreements.announce(asked);
    await books.db.query
      .updateTable("charge")
      .set({ announcedDay: today })
      .where("name", "=", charge.name)
      .execute();
    return later(books, kept, { does: "announce", day: today + 1 });
  }
  return tryCharge(books, renewing, { agreements, asked, charge });
}

async function tellNow(books: Books, kept: Kept, next: Omit<NextCharge, "kept">): Promise<Turn> {
  await tellCharges(books, [{ ...next, kept }]);
  return "tell";
}

const untold = { delivered: [], isTold: false, triedDays: [] };

async function toldOf(query: Query, charge: ChargeTable): Promise<Omit<Upcoming, "graceDays">> {
  return {
    delivered: await deliveredOf(query, charge.subscription, aboutOf(charge)),
    isTold: true,
    triedDays: JSON.parse(charge.tried) as number[],
    announcedDay: charge.announcedDay === 0 ? undefined : charge.announcedDay,
  };
}

async function tryCharge(
  books: Books,
  { kept, today }: Renewing,
  {
    agreements,
    asked,
    charge,
  }: { agreements: NonNullable<Provider["agreements"]>; asked: Charge; charge: ChargeTable },
): Promise<Turn> {
  const tried = [...(JSON.parse(charge.tried) as number[]), today];
  const { numUpdatedRows } = await books.db.query
    .updateTable("charge")
    .set({ state: "trying", tried: JSON.stringify(tried) })
    .where("name", "=", charge.name)
    .where("tried", "=", charge.tried)
    .where("state", "in", ["told", "trying"])
    .executeTakeFirst();
  // Another process is at it.
  if (numUpdatedRows === 0n) return "wait";
  let isRefused = false;
  try {
    await agreements.charge(asked);
  } catch (error) {
    if (!KeepsakeError.is(error, "pay.refused")) throw error;
    isRefused = true;
  }
  const after = await look(books, kept.row.id);
  if (isRefused) await tellFailed(books, after, charge);
  return later(books, after, { does: "charge", day: today + 1 });
}

async function tellFailed(books: Books, { row, subscription }: Kept, charge: ChargeTable): Promise<void> {
  const { graceDays } = (await books.catalogues.current()).lapse;
  const { amountMinor, currency } = charge;
  const aboutDay = subscription.untilDay + graceDays;
  await books.db.transaction((query) =>
    tell(books, query, { row, message: "charge-failed", aboutDay, amountMinor, currency }),
  );
}

/**
 * A provider that charges by itself is only told to stop: where its holder could not be told in time that it will
 * charge, it is.
 */
async function renewTheirs(books: Books, renewing: Renewing): Promise<Turn> {
  const { kept, charge, today } = renewing;
  const term = await nextTermOf(books, books.db.query, kept);
  if (term === undefined) return giveUp(books, renewing);
  const chargeDay = kept.subscription.untilDay - 1;
  // Of the term before: its charge went through, or will not any more.
  if (charge !== undefined && charge.dueDay < chargeDay - SAME_DAYS) {
    await endCharge(books.db.query, charge.name, "paid");
    return later(books, kept, { does: "wait", day: today });
  }
  if (charge === undefined) return tellNow(books, kept, { term, chargeDay });
  const toldDay = toldEnoughDay(await deliveredOf(books.db.query, kept.row.id, aboutOf(charge)));
  if (toldDay !== undefined && toldDay <= chargeDay)
    return later(books, kept, { does: "wait", day: chargeDay + 1 });
  if (today < chargeDay - 1) return later(books, kept, { does: "wait", day: today + 1 });
  return giveUp(books, renewing);
}

/** Terms of a provider's own calendar may shift by a few days. */
const SAME_DAYS = 14;

/** No further term: it could not be told, was not paid, or is no longer offered. */
async function giveUp(books: Books, { kept, charge, provider, today }: Renewing): Promise<Turn> {
  const { row, subscription } = kept;
  // Who alone may end it is its holder: all that we can do is to say so.
  if (provider.manageUrl === undefined) await provider.stop(await knownOf(books, books.db.query, row));
  const noted = await books.db.transaction(async (query) => {
    if (charge !== undefined) await endCharge(query, charge.name, "given-up");
    const about = { aboutDay: subscription.untilDay, amountMinor: 0, currency: charge?.currency ?? "" };
    await tell(books, query, { row, message: "renewal-ended", ...about });
    const off = { kind: "renewal", id: randomId(), atMs: books.clock.now(), isOn: false } as const;
    return addChoice(books, query, row.id, off);
  });
  // What charges by itself says by itself whether it will.
  const after = renewalBy[provider.name] === "theirs" ? await look(books, row.id) : noted;
  return later(books, after, { does: "give-up", day: today + 1 });
}

async function endCharge(query: Query, name: string, state: "paid" | "given-up"): Promise<void> {
  await query.updateTable("charge").set({ state }).where("name", "=", name).execute();
}

/** Writes down when to look again, at the earliest on that day. */
async function later(
  books: Books,
  { row, subscription }: Kept,
  { does, day }: { readonly does: Turn; readonly day: number },
): Promise<Turn> {
  const today = dayOf(books.clock.now());
  const due = lookDayAfter(subscription, today, row.sinceDay);
  const lookDay = due === null ? null : Math.max(due, day);
  await books.db.query
    .updateTable("subscription")
    .set({ lookDay: lookDay === Infinity ? null : lookDay })
    .where("id", "=", row.id)
    .execute();
  return does;
}

async function askedOf(
  books: Books,
  { kept, charge, term }: { readonly kept: Kept; readonly charge: ChargeTable; readonly term: NextTerm },
): Promise<Charge> {
  const account = await books.db.query
    .selectFrom("account")
    .select("language")
    .where("id", "=", kept.row.account)
    .executeTakeFirstOrThrow();
  const { name, amountMinor, currency, dueDay } = charge;
  const title = term.plan[account.language === "zh" ? "zh" : "en"];
  const known = await knownOf(books, books.db.query, kept.row);
  return { ...known, charge: name, amountMinor, currency, title, dueMs: startOf(dueDay) };
}

function aboutOf({ dueDay, amountMinor }: ChargeTable): { aboutDay: number; amountMinor: number } {
  return { aboutDay: dueDay, amountMinor };
}
