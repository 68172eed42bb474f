import { renderUnicodeCompact } from "uqr";
import type { Connection } from "@keepsake/core/client";
import { KeepsakeError } from "@keepsake/core/base";
import { tryPlan } from "@keepsake/core/client/plans";
import {
  isAddOn,
  isHeld,
  moneyText,
  paidMinor,
  soldAs,
  type AddOn,
  type Catalogue,
  type Period,
  type Plan,
} from "@keepsake/core/plans";
import type { Routes } from "@keepsake/core/protocol";
import { payerSeeds, type Vault } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { openAt } from "../../device/open.ts";
import { amendMembership, givesWeeks, readMembership } from "../../device/memberships.ts";
import { checkGiftOptions, handGift, printGifts, refundGift, showGiftCode } from "./gifts.ts";
import { printAhead } from "./print-ahead.ts";
import { bringPaid, payerOf, type Payer } from "./payer.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import { openStore, placeOf } from "../../device/stores/stores.ts";
import { typedLine } from "../../ui/typed-line.ts";
import type { Outcome } from "../../ui/output.ts";
import { requireConsent } from "../consent.ts";
import { offeredGift } from "../../ui/messages/plans/gifts.ts";
import * as words from "../../ui/messages/plans/plan.ts";
import { countText, dayText, sizeText } from "../../ui/values.ts";
import { waitUntilPaid } from "./wait-until-paid.ts";
import { applyWindow, checkWindowOptions } from "./window.ts";

type Line = Routes["GET /v1/pay/account"]["answer"]["subscriptions"][number];

const DAY_MS = 24 * 60 * 60_000;
const periods = ["year", "month"] as const;

/** What is paid for on a server, and how it is changed. Without an option it only looks. */
export const run: Run = async (context) => {
  const { input, output } = context;
  checkWindowOptions(input);
  checkGiftOptions(input);
  const place = await placeOf(input.args[0] ?? "");
  const { url } = parseAddress(place);
  const { connection, membership } = await connect(context, url);
  const weeks = input.oneOf("weeks", ["on", "off"]);
  if (weeks !== undefined)
    await amendMembership(context.env, membership, (kept) => ({ ...kept, givesWeeks: weeks === "on" }));
  const { ways } = await connection.call("GET /v1/pay");
  if (ways.length === 0) {
    await printRoom(context, connection);
    await printWeeks(context, url);
    output.say(words.nothingSold);
    return { data: { sells: false } };
  }
  if (ways.some((way) => way.isTest)) output.warn(words.isTest);
  const opened = await openAt(context, place, await openStore(context, place));
  const { vault } = opened;
  const isNew = ["buy", "redeem", "try"].some((option) => input.has(option));
  const payer = await payerOf(context, vault, url, { isNew });
  const catalogue = await connection.call("GET /v1/plans");
  const about: About = { url, catalogue, payer, ways };
  await act(context, vault, about);
  if (payer !== undefined) {
    await hear(payer);
    await bringPaid(context, vault, payer);
  }
  if (input.flag("window")) {
    const account = await payer?.payer.call("GET /v1/pay/account");
    return applyWindow(context, opened, { catalogue, account });
  }
  return show(context, connection, about);
};

interface About {
  readonly url: string;
  readonly catalogue: Catalogue;
  readonly payer: Payer | undefined;
  readonly ways: Routes["GET /v1/pay"]["answer"]["ways"];
}

async function act(context: Context, vault: Vault, about: About): Promise<void> {
  const { input, output } = context;
  const { payer: found } = about;
  if (found === undefined) return;
  const { payer } = found;
  if (input.has("redeem")) {
    const given = input.text("redeem")!;
    const code = given === "-" ? await typedLine(context.signal) : given;
    await payer.call("POST /v1/pay/codes", { body: { code } });
    output.say(words.redeemed);
  } else if (input.has("buy")) await buy(context, about, payer);
  else if (input.has("try")) await tryOut(context, vault, about);
  else if (input.flag("endRenewal")) await endRenewal(context, payer);
  else if (input.flag("refund")) await refund(context, about, payer);
  else await actOnGift(context, about, payer);
}

async function actOnGift(context: Context, { catalogue }: About, payer: Connection): Promise<void> {
  const { input } = context;
  const [code, back] = [input.text("giftCode"), input.text("giftRefund")];
  if (code !== undefined) await showGiftCode(context, payer, code);
  else if (back !== undefined) await refundGift(context, payer, { id: back, currency: catalogue.currency });
}

type Wanted = Routes["POST /v1/pay/offers"]["body"];

/** What the command line says is to be bought. */
async function wantedOf({ input }: Context, { catalogue, ways }: About, payer: Connection): Promise<Wanted> {
  const plan = input.text("buy")!;
  const period = input.oneOf("period", periods) ?? "year";
  const provider =
    input.oneOf(
      "way",
      ways.map((way) => way.provider),
    ) ?? ways[0]!.provider;
  const isGift = input.flag("gift");
  // What is had beside a plan comes on top of it, and what is for somebody else takes the place of nothing.
  const isMore = isGift || isAddOn(soldAs(catalogue, plan));
  const current = isMore ? undefined : await currentPlan(payer);
  const coupon = input.text("coupon");
  return {
    plan,
    period,
    channel: "web",
    provider,
    ...(current === undefined ? {} : { replaces: current.id }),
    ...(coupon === undefined ? {} : { coupon }),
    ...(isGift ? { isGift } : {}),
  };
}

async function buy(context: Context, about: About, payer: Connection): Promise<void> {
  const { input, output } = context;
  const wanted = await wantedOf(context, about, payer);
  const { plan, provider, isGift = false } = wanted;
  const offer = await payer.call("POST /v1/pay/offers", { body: wanted });
  const money = moneyOf(context, offer.currency);
  output.event("offer", offer);
  output.say(words.offered, {
    plan: nameOf(context, about.catalogue, plan),
    price: money(offer.priceMinor),
    off: money(offer.priceMinor + offer.storeFeeMinor - offer.amountMinor),
    fee: money(offer.storeFeeMinor),
    amount: money(offer.amountMinor),
  });
  if (isGift) output.say(offeredGift);
  const renews = input.flag("renew");
  if (renews) output.say(words.offeredRenewal, { amount: money(offer.renewalMinor) });
  if (renews && offer.later !== undefined)
    output.say(words.offeredLater, {
      terms: offer.later.terms,
      amount: money(offer.later.amountMinor),
    });
  await requireConsent(context, words.askBuy);
  const { id, next } = await payer.call("POST /v1/pay/subscriptions", {
    body: { ...wanted, renews, screen: "page", returnUrl: `${payer.url}/#/plan` },
  });
  printNext(context, next, { provider, amount: money(offer.amountMinor) });
  await waitUntilPaid(context, payer, { id, next });
  if (isGift) await handGift(context, payer, { gift: id, server: about.url });
}

/** Days of a plan for nothing: what becomes of them is told first. */
async function tryOut(context: Context, vault: Vault, { catalogue, payer: found }: About): Promise<void> {
  const { input, output, env, clock } = context;
  const plan = input.text("try")!;
  const { payer, member, membership } = found!;
  const days = catalogue.plans.find(({ id }) => id === plan)?.trialDays ?? 0;
  if (days === 0) throw new KeepsakeError("pay.no-such-offer");
  const date = dayText(clock.now() + days * DAY_MS);
  output.say(words.offeredTrial, { plan: nameOf(context, catalogue, plan), days, date });
  await requireConsent(context, words.askTry);
  const seed = payerSeeds(vault).at(-1)!;
  const { key } = await tryPlan(plan, { payer, member, seed, knownKey: membership.ticketKey });
  await amendMembership(env, membership, (kept) => ({ ...kept, ticketKey: key }));
  output.say(words.tried);
}

type Next = Routes["POST /v1/pay/subscriptions"]["answer"]["next"];

function printNext(
  { output }: Context,
  next: Next,
  { provider, amount }: { readonly provider: string; readonly amount: string },
): void {
  if (next.how === "redirect") output.say(words.openPage, { url: next.url });
  else if (next.how === "qr") {
    output.say(words.scan, { way: provider });
    output.line(renderUnicodeCompact(next.text));
  } else if (next.how === "transfer")
    output.say(words.transfer, { amount, to: next.to, purpose: next.purpose });
  else if (next.how !== "nothing") output.say(words.elsewhere);
  output.event("next", { how: next.how });
}

async function currentPlan(payer: Connection): Promise<Line | undefined> {
  return (await lines(payer)).find((line) => !line.isAddOn && isHeld(line.state));
}

async function endRenewal({ output }: Context, payer: Connection): Promise<void> {
  for (const { id, renews } of await lines(payer))
    if (renews)
      await payer.call("PUT /v1/pay/subscriptions/{id}/renewal", { params: { id }, body: { isOn: false } });
  output.say(words.renewalEnded);
}

async function refund(context: Context, { catalogue }: About, payer: Connection): Promise<void> {
  const { output } = context;
  const paid = (await lines(payer)).filter(({ untilDay }) => untilDay > 0);
  const current = paid.find(({ isAddOn: isBeside }) => !isBeside) ?? paid[0];
  const params = { id: current?.id ?? "" };
  const due =
    current === undefined
      ? []
      : (await payer.call("GET /v1/pay/subscriptions/{id}/refund", { params })).refunds;
  const sum = due.reduce((all, { amountMinor }) => all + amountMinor, 0);
  if (sum === 0) return output.say(words.noRefund);
  output.say(words.refunds, { amount: moneyOf(context, catalogue.currency)(sum) });
  await requireConsent(context, words.askRefund);
  await payer.call("POST /v1/pay/subscriptions/{id}/refund", { params });
  output.say(words.refunded);
}

/** What this device shows of notices counts as delivered. */
async function hear({ payer }: Payer): Promise<void> {
  const { notices } = await payer.call("GET /v1/pay/account");
  const shown = notices
    .filter(({ channels }) =>
      channels.some(({ channel, state }) => channel === "device" && state === "queued"),
    )
    .map(({ id }) => id);
  if (shown.length > 0) await payer.call("POST /v1/pay/notices", { body: { shown } });
}

async function show(context: Context, member: Connection, about: About): Promise<Outcome> {
  const { output } = context;
  const { url: server, catalogue, payer } = about;
  await printRoom(context, member);
  await printWeeks(context, server);
  await printAhead(context, member);
  const all = payer === undefined ? [] : await lines(payer.payer);
  for (const line of all) printLine(context, about, line);
  if (payer !== undefined) await printGifts(context, payer.payer, { catalogue, server });
  const good = all.filter(({ state }) => !["expired", "ended"].includes(state));
  if (good.some(({ isAddOn: isBeside }) => !isBeside)) {
    printSold(context, catalogue, catalogue.addOns);
    return { data: { sells: true, subscriptions: all.length } };
  }
  output.say(words.noPlan, { server });
  printSold(context, catalogue, catalogue.plans);
  output.say(words.fair, { times: countText(catalogue.fairRestoresAYear) });
  output.say(words.ways, { ways: about.ways.map(({ provider }) => provider).join(", ") });
  return { data: { sells: true, subscriptions: all.length } };
}

function printLine(context: Context, { url: server, catalogue }: About, line: Line): void {
  const { output } = context;
  const { state, untilDay, renews, charge } = line;
  output.event("subscription", {
    id: line.id,
    plan: line.plan,
    period: line.period,
    state,
    untilDay,
    renews,
    provider: line.provider,
  });
  const date = dayText((untilDay - 1) * DAY_MS);
  output.say(words.states[state]!, { plan: nameOf(context, catalogue, line.plan), date });
  if (charge !== undefined)
    output.say(words.renews, {
      server,
      amount: moneyOf(context, charge.currency)(charge.amountMinor),
      date: dayText(charge.day * DAY_MS),
    });
  else if (renews) output.say(words.renewsLater, { server });
}

async function printRoom({ output }: Context, member: Connection): Promise<void> {
  const { usedBytes, quotaBytes } = await member.call("GET /v1/member");
  output.event("room", { usedBytes, quotaBytes });
  output.say(words.room, { used: sizeText(usedBytes), quota: sizeText(quotaBytes) });
}

async function printWeeks({ env, output }: Context, url: string): Promise<void> {
  const membership = await readMembership(env, url);
  if (membership === undefined) return;
  const isGiven = givesWeeks(membership);
  output.event("weeks", { isGiven });
  output.say(isGiven ? words.weeksGiven : words.weeksKept, { server: url });
}

/** Plans, or what is had beside them, with their prices. */
function printSold(context: Context, { currency }: Catalogue, sold: readonly (Plan | AddOn)[]): void {
  const { output } = context;
  if (sold.length === 0) return;
  const money = moneyOf(context, currency);
  const priceOf = (plan: Plan | AddOn, period: Period): string => {
    const offer = plan.offers.find((each) => each.period === period);
    return offer === undefined ? "—" : money(paidMinor(offer, "web"));
  };
  const { plan, name, year, month } = words.columns;
  output.say(isAddOn(sold[0]) ? words.addOns : words.plans);
  output.table(
    [
      { title: output.text(plan) },
      { title: output.text(name) },
      { title: output.text(year), align: "right" },
      { title: output.text(month), align: "right" },
    ],
    sold.map((each) => [each.id, each.name[output.language], priceOf(each, "year"), priceOf(each, "month")]),
  );
}

async function lines(payer: Connection): Promise<readonly Line[]> {
  return (await payer.call("GET /v1/pay/account")).subscriptions;
}

function nameOf({ output }: Context, catalogue: Catalogue, id: string): string {
  return soldAs(catalogue, id)?.name[output.language] ?? id;
}

function moneyOf({ output: { language } }: Context, currency: string): (minor: number) => string {
  return (minor) => moneyText(minor, { currency, language });
}
