import { KeepsakeError } from "@keepsake/core/base";
import {
  isAddOn,
  soldAs,
  type AddOn,
  type Catalogue,
  type Channel,
  type Offer,
  type Period,
  type Plan,
} from "@keepsake/core/plans";
import { dayOf } from "../../dealing/calendar.ts";
import type { Entry } from "../../dealing/deeds.ts";
import { quote, type Quote } from "../../dealing/quote.ts";
import { nextReduced } from "../../dealing/reduction.ts";
import { mayUpload, stateAt } from "../../dealing/state.ts";
import { worthMinor } from "../../dealing/worth.ts";
import type { Begun, Provider, Purchase } from "../../providers/provider.ts";
import type { Account } from "../accounts.ts";
import { newSubscription } from "../../providers/names.ts";
import type { Books } from "../books.ts";
import { addEntries, type Kept } from "../log/log.ts";
import { referenceColumns } from "../look.ts";
import { insertCharge, insertSubscription } from "./insert.ts";
import { typedReduction, useProof, type Typed } from "./reductions.ts";
import { isOwnTrial } from "./trials.ts";
import { providerOf } from "../subscriptions.ts";
import { keptBy } from "../sold.ts";

/** What somebody wants to buy, and how. */
export interface Wanted {
  readonly plan: string;
  readonly period: Period;
  readonly channel: Channel;
  readonly provider: string;
  /** The subscription that it takes the place of: what that is still worth is taken off. */
  readonly replaces?: string;
  readonly coupon?: string;
  /** Whether it is for somebody else: who pays has nothing of it but a code to hand on. */
  readonly isGift?: boolean;
}

/** How somebody pays. */
export interface Paying {
  /** Their own choice, and nothing else. */
  readonly renews: boolean;
  readonly screen: Purchase["screen"];
  readonly returnUrl: string;
  readonly payer?: string;
  readonly payerAddress?: string;
}

/** What it comes to, before anything is begun. */
export interface Offered extends Quote {
  readonly currency: string;
  readonly isTest: boolean;
  /** Whether this provider can renew it at all. */
  readonly mayRenew: boolean;
}

interface Chosen extends Partial<Typed> {
  readonly catalogue: Catalogue;
  readonly sold: Plan | AddOn;
  readonly provider: Provider;
  readonly offered: Offered;
  /** The subscription whose place it takes. */
  readonly replaced?: string;
}

/** What something would cost. Throws `pay.no-such-offer`, `pay.no-provider`, `pay.already`, `pay.no-gift`. */
export async function offer(books: Books, account: Account, wanted: Wanted): Promise<Offered> {
  return (await choose(books, account, wanted)).offered;
}

/**
 * Begins to buy: the subscription is there, and lets nothing in before it is paid. Throws as `offer` does, and what the
 * provider throws.
 */
export async function buy(
  books: Books,
  account: Account,
  wanted: Wanted & Paying,
): Promise<{ readonly id: string; readonly next: Begun["next"] }> {
  const chosen = await choose(books, account, wanted);
  const { offered, sold, catalogue, provider } = chosen;
  if (wanted.renews && !offered.mayRenew)
    throw new KeepsakeError("pay.no-renewal", { details: { provider: provider.name } });
  const id = newSubscription();
  const charge = `${id}-1`;
  const nowMs = books.clock.now();
  const bought = { catalogue: catalogue.version, plan: sold.id, period: wanted.period };
  const { amountMinor, currency } = offered;
  const isPaid = amountMinor === 0;
  await books.db.transaction(async (query) => {
    const { provider: by, channel } = wanted;
    const replaces = chosen.replaced ?? "";
    await insertSubscription(query, {
      id,
      account,
      by: { provider: by, channel, replaces },
      bought,
      nowMs,
      isGift: wanted.isGift === true,
    });
    await insertCharge(query, {
      name: charge,
      subscription: id,
      amountMinor,
      currency,
      dueDay: dayOf(nowMs),
    });
    if (chosen.proof !== undefined)
      await useProof(query, account, { proof: chosen.proof, subscription: id, today: dayOf(nowMs) });
    const { storeFeeMinor, creditMinor, extraDays, renewalMinor } = offered;
    const { reduced } = chosen;
    const asked = {
      bought,
      amountMinor,
      storeFeeMinor,
      creditMinor,
      extraDays,
      renewalMinor,
      ...(reduced && { reduced }),
    };
    const entries: Entry[] = [
      { kind: "asked", id: charge, atMs: nowMs, charge, ...asked },
      { kind: "renewal", id: "at first", atMs: nowMs, isOn: wanted.renews },
    ];
    // All of it is paid for by what was there before.
    if (isPaid) entries.push({ kind: "paid", id: charge, atMs: nowMs, charge, amountMinor: 0, currency });
    await addEntries(books, query, id, entries);
  });
  if (isPaid) return { id, next: { how: "nothing" } };
  return { id, next: await begin(books, { id, charge, account, wanted, chosen }) };
}

/** Tells the provider, and writes down what it calls the subscription. */
async function begin(
  books: Books,
  given: {
    readonly id: string;
    readonly charge: string;
    readonly account: Account;
    readonly wanted: Wanted & Paying;
    readonly chosen: Chosen;
  },
): Promise<Begun["next"]> {
  const { id, charge, account, wanted, chosen } = given;
  const { provider, sold, offered } = chosen;
  const language = account.language === "zh" ? "zh" : "en";
  const { channel, period, renews, screen, returnUrl, payer, payerAddress } = wanted;
  const { reference, next } = await provider.begin({
    subscription: id,
    charge,
    channel,
    plan: sold.id,
    period,
    amountMinor: offered.amountMinor,
    renewalMinor: offered.later?.amountMinor ?? offered.renewalMinor,
    currency: offered.currency,
    renews,
    title: sold.name[language],
    language,
    returnUrl,
    screen,
    ...(payer === undefined ? {} : { payer }),
    ...(payerAddress === undefined ? {} : { payerAddress }),
  });
  await books.db.query
    .updateTable("subscription")
    .set(referenceColumns(books, provider.name, reference))
    .where("id", "=", id)
    .execute();
  return next;
}

async function choose(books: Books, account: Account, wanted: Wanted): Promise<Chosen> {
  const provider = providerOf(books, wanted.provider);
  const catalogue = await books.catalogues.current();
  const { sold, offer: found } = requireSold(catalogue, wanted);
  if (!provider.channels.includes(wanted.channel)) throw new KeepsakeError("pay.no-such-offer");
  const isGift = wanted.isGift === true;
  if (isGift) requireGift(wanted, sold, provider);
  const nowMs = books.clock.now();
  const day = dayOf(nowMs);
  // What is for somebody else takes the place of nothing, whatever there is.
  const replaced = isGift ? undefined : await replacedBy(books, account, { wanted, sold, day });
  const worth = replaced === undefined ? 0 : worthMinor(replaced.subscription, day);
  // What a phone's store sells has the store's price: nothing can be taken off it.
  if (provider.products !== undefined && (worth > 0 || wanted.coupon !== undefined))
    throw new KeepsakeError("pay.no-such-offer", { details: { why: "store-price" } });
  const typed = await reducedFor(books, account, { catalogue, wanted, replaced });
  const quoted = quote({
    offer: found,
    channel: wanted.channel,
    reduced: typed?.reduced,
    worthMinor: worth,
    day,
  });
  const offered: Offered = {
    ...quoted,
    currency: catalogue.currency,
    isTest: provider.isTest,
    mayRenew: !isGift && mayRenewBy(provider, quoted),
  };
  return { ...typed, catalogue, sold, provider, offered, ...(replaced && { replaced: replaced.row.id }) };
}

/** Who charges by itself charges the same each time. */
function mayRenewBy({ renewal }: Provider, { later }: Quote): boolean {
  return renewal === "ours" || (renewal === "theirs" && later === undefined);
}

/** A gift is a plan of its own, and of a phone's store nobody can hand anything on. Throws `pay.no-gift`. */
function requireGift({ replaces }: Wanted, sold: Plan | AddOn, { products }: Provider): void {
  const isNext = replaces === undefined ? undefined : "replaces";
  const why = isAddOn(sold) ? "add-on" : products === undefined ? isNext : "store";
  if (why !== undefined) throw new KeepsakeError("pay.no-gift", { details: { why } });
}

/** What may follow a plan is a plan; what follows something beside it is the same. Throws `pay.no-such-offer`. */
export function requireNext(
  catalogue: Catalogue,
  now: string,
  wanted: Pick<Wanted, "plan" | "period">,
): void {
  const { sold } = requireSold(catalogue, wanted);
  const isBeside = isAddOn(sold) || isAddOn(soldAs(catalogue, now));
  if (isBeside && sold.id !== now) throw new KeepsakeError("pay.no-such-offer");
}

/**
 * What is taken off for somebody: what they typed, or what is left of the reduction of the subscription whose place this
 * one takes. What a phone's store sells has the store's price.
 */
async function reducedFor(
  books: Books,
  account: Account,
  {
    catalogue,
    wanted,
    replaced,
  }: { readonly catalogue: Catalogue; readonly wanted: Wanted; readonly replaced: Kept | undefined },
): Promise<Typed | undefined> {
  if (wanted.coupon !== undefined) {
    const typed = await typedReduction(books, account, { catalogue, typed: wanted.coupon });
    // Who studies is a student; whoever they give something to need not be.
    if (wanted.isGift === true && typed.proof !== undefined)
      throw new KeepsakeError("pay.no-gift", { details: { why: "proof" } });
    return typed;
  }
  const reduced = nextReduced(replaced?.subscription.terms.at(-1)?.reduced);
  const isStores = providerOf(books, wanted.provider).products !== undefined;
  return reduced === undefined || isStores ? undefined : { reduced };
}

/** An offer of a plan. Throws `pay.no-such-offer`. */
export function requireOffer(
  { plans }: Catalogue,
  wanted: Pick<Wanted, "plan" | "period">,
): { readonly plan: Plan; readonly offer: Offer } {
  const plan = plans.find(({ id }) => id === wanted.plan);
  const found = plan?.offers.find(({ period }) => period === wanted.period);
  if (plan === undefined || found === undefined) throw new KeepsakeError("pay.no-such-offer");
  return { plan, offer: found };
}

/** An offer of a plan, or of what is had beside one. Throws `pay.no-such-offer`. */
function requireSold(
  catalogue: Catalogue,
  wanted: Pick<Wanted, "plan" | "period">,
): { readonly sold: Plan | AddOn; readonly offer: Offer } {
  const sold = soldAs(catalogue, wanted.plan);
  const found = sold?.offers.find(({ period }) => period === wanted.period);
  if (sold === undefined || found === undefined) throw new KeepsakeError("pay.no-such-offer");
  return { sold, offer: found };
}

/**
 * The subscription that another one is to take the place of; a trial gives way without being named. Nobody pays for the
 * same days twice by mistake: throws `pay.already`, which names what there is. What is had beside a plan may be had more
 * than once, and takes the place of its like alone; without a plan that is paid it is `pay.no-plan`.
 */
async function replacedBy(
  books: Books,
  account: Account,
  {
    wanted: { replaces },
    sold,
    day,
  }: { readonly wanted: Wanted; readonly sold: Plan | AddOn; readonly day: number },
): Promise<Kept | undefined> {
  const { graceDays } = (await books.catalogues.current()).lapse;
  const { plans, addOns } = await keptBy(books, books.db.query, account.id);
  const isBeside = isAddOn(sold);
  const alike = isBeside ? addOns.filter(({ row }) => row.plan === sold.id) : plans;
  const replaced = alike.find(({ row }) => row.id === replaces);
  if (replaces !== undefined && replaced === undefined) throw new KeepsakeError("request.not-found");
  const isPaid = ({ subscription }: Kept): boolean =>
    subscription.untilDay > day + 1 && mayUpload(stateAt(subscription, day, graceDays));
  const trial = plans.find((each) => isOwnTrial(each, day));
  const others = alike.filter((each) => each !== replaced && each !== trial && isPaid(each));
  if (isBeside && !plans.some((each) => each !== trial && isPaid(each)))
    throw new KeepsakeError("pay.no-plan");
  const mayBeTwice = isBeside && sold.gives.what !== "evidence";
  if (!mayBeTwice && others.length > 0)
    throw new KeepsakeError("pay.already", { details: { subscription: others[0]!.row.id } });
  return isBeside ? replaced : (replaced ?? trial);
}
