import { afterEach, beforeEach, expect, test } from "vitest";
import { KeepsakeError } from "../../packages/core/src/base/index.ts";
import type { Connection } from "../../packages/core/src/client/index.ts";
import { bringLevel } from "../../packages/core/src/client/plans/index.ts";
import { standardCatalogue } from "../../packages/core/src/plans/index.ts";
import { startAlipay } from "../../packages/server/src/billing/simulators/alipay/simulator.ts";
import { startApple } from "../../packages/server/src/billing/simulators/apple/simulator.ts";
import { reportOf } from "../../packages/server/src/billing/books/office/report.ts";
import { goRound } from "../../packages/server/src/billing/books/round/round.ts";
import type { Provider } from "../../packages/server/src/billing/providers/provider.ts";
import { balances } from "../../packages/server/testing/pay/payers.ts";
import { person } from "../../packages/server/testing/pay/person.ts";
import { startSelling, type Selling } from "./paying.ts";
import type { Member } from "./serving.ts";

const DAY_MS = 24 * 60 * 60_000;
const plan50 = standardCatalogue.plans.find(({ id }) => id === "gb-50")!;
const roomBytes = plan50.room.filesBytes + plan50.room.textBytes;
/** From the first of March 2027 on, with the last day: the next year is a leap year. */
const YEAR_DAYS = 367;

let selling: Selling;
let operator: Member;
let giver: Connection;
beforeEach(async () => {
  selling = await startSelling([startAlipay, startApple]);
  operator = await selling.server.newOperator();
  giver = (await selling.newPayer()).payer;
});
afterEach(() => selling[Symbol.asyncDispose]());

const pass = (days: number) => void (selling.clock.nowMs += days * DAY_MS);
const today = () => Math.floor(selling.clock.nowMs / DAY_MS);
const wanted = { plan: "gb-50", period: "year", channel: "web", provider: "manual" } as const;
interface More {
  readonly isGift?: boolean;
  readonly provider?: string;
  readonly channel?: "web" | "iphone";
  readonly plan?: string;
  readonly period?: "month" | "year";
  readonly replaces?: string;
  readonly coupon?: string;
  readonly renews?: boolean;
}
const how = { renews: false, screen: "page", returnUrl: "https://keepsake.example/#/plan" } as const;
const buy = (more: More = {}, by = giver) =>
  by.call("POST /v1/pay/subscriptions", { body: { ...wanted, ...how, isGift: true, ...more } });
const offer = (more: More = {}) =>
  giver.call("POST /v1/pay/offers", { body: { ...wanted, isGift: true, ...more } });
const seen = (subscription: string, amountMinor: number, name = `booking of ${subscription}`) =>
  operator.connection.call("POST /v1/operator/pay/seen", { body: { subscription, name, amountMinor } });
const codeOf = async (id: string, by = giver) =>
  (await by.call("POST /v1/pay/subscriptions/{id}/gift", { params: { id } })).code;
const redeem = (code: string, by: Connection) => by.call("POST /v1/pay/codes", { body: { code } });
const account = (by = giver) => by.call("GET /v1/pay/account");
const gift = async (id: string) => (await account()).gifts.find((each) => each.id === id)!;
const due = async (id: string) =>
  (await giver.call("GET /v1/pay/subscriptions/{id}/refund", { params: { id } })).refunds;
const payBack = (id: string) => giver.call("POST /v1/pay/subscriptions/{id}/refund", { params: { id } });
const noSuchCode = { code: "pay.no-such-code" };
const notNow = (why: string) => ({ code: "pay.not-now", details: { why } });

/** A gift of a year, paid by a transfer. */
async function paidGift(): Promise<string> {
  const { id } = await buy();
  await seen(id, 8_000);
  return id;
}

test("a gift is paid by its giver, who has nothing of it, and whoever redeems its code has the plan", async () => {
  const { id, next } = await buy({ provider: "alipay" });
  expect(await gift(id)).toMatchObject({ state: "pending", codeDay: 0, hasCode: false, plan: "gb-50" });
  await expect(codeOf(id)).rejects.toMatchObject(notNow("pending"));
  await person(selling.simulators[0]!, next, "pay");
  const asked = await giver.call("GET /v1/pay/subscriptions/{id}", { params: { id } });
  expect(asked).toMatchObject({ state: "active", isGift: true, renews: false, mayPause: false });
  expect(await account()).toMatchObject({ subscriptions: [], levels: [] });
  const open = await gift(id);
  expect(open).toMatchObject({ state: "open", hasCode: false, isTest: true });
  expect(open.codeDay - today()).toBe(3 * 365 + 1);
  expect(await balances(selling.server.server)).toEqual({ "at/alipay": 8_000, "sold/gb-50": -8_000 });
  const code = await codeOf(id);

  const { payer, seed } = await selling.newPayer(2);
  const member = await selling.server.newMember();
  expect(await redeem(` ${code.toUpperCase().replaceAll("-", " ")} `, payer)).toMatchObject({
    state: "active",
    isGift: false,
    renews: false,
    plan: "gb-50",
    untilDay: today() + YEAR_DAYS,
  });
  const brought = await bringLevel({
    payer,
    member: member.connection,
    seed,
    kept: undefined,
    now: selling.clock.nowMs,
  });
  expect(brought.level).toMatchObject({ levelBytes: roomBytes });
  pass(8);
  // As whoever bought it for themselves.
  expect((await account(payer)).levels).toEqual([
    { fromDay: today(), untilDay: today() + YEAR_DAYS - 8, levelBytes: roomBytes },
  ]);
  expect(await gift(id)).toMatchObject({ state: "redeemed" });
  expect((await account()).levels).toEqual([]);
  await expect(redeem(code, (await selling.newPayer(3)).payer)).rejects.toMatchObject(noSuchCode);
  await expect(codeOf(id)).rejects.toMatchObject(notNow("redeemed"));
  expect(await due(id)).toEqual([]);
  await expect(payBack(id)).rejects.toMatchObject(notNow("nothing-due"));
  // What it is worth to who redeemed it is no money.
  const { subscriptions } = await account(payer);
  const params = { id: subscriptions[0]!.id };
  expect((await payer.call("GET /v1/pay/subscriptions/{id}/refund", { params })).refunds).toEqual([]);
  expect(await balances(selling.server.server)).toEqual({ "at/alipay": 8_000, "sold/gb-50": -8_000 });
});

test("a new code takes the place of the one before, and only the giver gets one", async () => {
  const id = await paidGift();
  const [first, second] = [await codeOf(id), await codeOf(id)];
  expect(second).not.toBe(first);
  expect(await gift(id)).toMatchObject({ state: "open", hasCode: true });
  const { payer } = await selling.newPayer(2);
  await expect(redeem(first, payer)).rejects.toMatchObject(noSuchCode);
  await expect(codeOf(id, payer)).rejects.toMatchObject({ code: "request.not-found" });
  expect(await redeem(second, payer)).toMatchObject({ state: "active" });
  const { id: own } = await buy({ isGift: false });
  await seen(own, 8_000);
  await expect(codeOf(own)).rejects.toMatchObject(notNow("no-gift"));
  const kept = JSON.stringify(
    await selling.server.server.db.query.selectFrom("giftCode").selectAll().execute(),
  );
  for (const code of [first, second]) expect(kept).not.toContain(code.replaceAll("-", ""));
  // Of a gift that was redeemed nothing names what it was redeemed for.
  expect(kept).not.toContain((await account(payer)).subscriptions[0]!.id);
});

test("one of many who redeem a code at once has it, while its giver asks for new ones", async () => {
  const id = await paidGift();
  const code = await codeOf(id);
  const payers = await Promise.all(Array.from({ length: 5 }, (_, i) => selling.newPayer(i + 10)));
  const done = await Promise.allSettled([
    ...payers.map((each) => redeem(code, each.payer)),
    codeOf(id),
    codeOf(id),
  ]);
  const [redeemed, made] = [done.slice(0, 5), done.slice(5)].map((all) =>
    all.filter(({ status }) => status === "fulfilled"),
  ) as [typeof done, typeof done];
  expect(redeemed.length).toBeLessThanOrEqual(1);
  expect(redeemed.length + made.length).toBeGreaterThan(0);
  expect((await gift(id)).state).toBe(redeemed.length === 1 ? "redeemed" : "open");
});

test("a gift stands beside the giver's own plan: nothing is taken off, and nothing of theirs changes", async () => {
  const { id: own } = await buy({ isGift: false });
  await seen(own, 8_000);
  await expect(offer({ isGift: false })).rejects.toMatchObject({ code: "pay.already" });
  expect(await offer()).toMatchObject({ amountMinor: 8_000, creditMinor: 0, mayRenew: false });
  const id = await paidGift();
  const { subscriptions, levels } = await account();
  expect(subscriptions.map((line) => line.id)).toEqual([own]);
  expect(levels).toMatchObject([{ levelBytes: roomBytes }]);
  // A larger plan takes the place of their own, and never of the gift.
  const larger = { isGift: false, plan: "gb-200" };
  expect(await offer({ ...larger, replaces: own })).toMatchObject({ creditMinor: 8_000 });
  await expect(offer({ ...larger, replaces: id })).rejects.toMatchObject({ code: "request.not-found" });
  const params = { id };
  const paused = { params, body: { isPaused: true } };
  await expect(giver.call("PUT /v1/pay/subscriptions/{id}/pause", paused)).rejects.toMatchObject(
    notNow("gift"),
  );
  const isOn = { params, body: { isOn: true } };
  await expect(giver.call("PUT /v1/pay/subscriptions/{id}/renewal", isOn)).rejects.toMatchObject(
    notNow("gift"),
  );
  const receipts = (await giver.call("GET /v1/pay/receipts")).receipts;
  expect(receipts).toHaveLength(2);
  expect(receipts.find(({ subscription }) => subscription === id)).toMatchObject({
    isGift: true,
    amountMinor: 8_000,
  });
  const charge = `${id}-1`;
  const bill = { charge, title: "例子公司", taxNumber: "91310000TEST", email: "bill@example.org" };
  await giver.call("POST /v1/pay/invoices", { body: bill });
  const report = await reportOf(selling.server.server);
  expect(report.standing).toEqual([{ plan: "gb-50", state: "active", count: 1 }]);
  expect(report.months.map(({ soldMinor }) => soldMinor)).toEqual([16_000]);
});

test("a family's gift gives no places to its giver, and no room to have things beside", async () => {
  const { id } = await buy({ plan: "family" });
  await seen(id, 71_800);
  const given = { params: { id }, body: { roomBytes: 1_000_000_000 } };
  await expect(giver.call("POST /v1/pay/subscriptions/{id}/seats", given)).rejects.toMatchObject(
    notNow("gift"),
  );
  await expect(offer({ isGift: false, plan: "more-50gb" })).rejects.toMatchObject({ code: "pay.no-plan" });
  // The daily round has nothing to do with it, on whatever day.
  for (const days of [1, 30, 360, 400]) {
    pass(days);
    await goRound(selling.server.server);
  }
  expect(await account()).toMatchObject({ notices: [], levels: [], subscriptions: [] });
  expect(await selling.server.server.db.query.selectFrom("charge").selectAll().execute()).toHaveLength(1);
  // Its days begin when it is redeemed, and not when it was paid.
  const { payer } = await selling.newPayer(2);
  expect(await redeem(await codeOf(id), payer)).toMatchObject({ plan: "family", state: "active" });
});

test("what is no plan, renews, is sold by a phone's store or wants a proof cannot be given", async () => {
  await expect(offer({ plan: "more-50gb" })).rejects.toMatchObject({
    code: "pay.no-gift",
    details: { why: "add-on" },
  });
  await expect(offer({ provider: "apple", channel: "iphone" })).rejects.toMatchObject({
    code: "pay.no-gift",
    details: { why: "store" },
  });
  await expect(offer({ replaces: "0".repeat(26) })).rejects.toMatchObject({
    code: "pay.no-gift",
    details: { why: "replaces" },
  });
  await expect(buy({ provider: "alipay", renews: true })).rejects.toMatchObject({ code: "pay.no-renewal" });
  const proofs = await operator.connection.call("POST /v1/operator/pay/proofs", {
    body: { reduction: "student", count: 1, days: 30 },
  });
  const coupon = proofs.codes[0]!;
  await expect(offer({ coupon })).rejects.toMatchObject({ code: "pay.no-gift", details: { why: "proof" } });
  expect(await offer({ coupon, isGift: false })).toMatchObject({ amountMinor: 6_400 });
});

test("a code can be redeemed for three years, however often it was made anew", async () => {
  const id = await paidGift();
  const { codeDay } = await gift(id);
  pass(codeDay - today());
  const code = await codeOf(id);
  const { payer } = await selling.newPayer(2);
  pass(1);
  await expect(redeem(code, payer)).rejects.toMatchObject(noSuchCode);
  expect(await gift(id)).toMatchObject({ state: "ended", codeDay });
  await expect(codeOf(id)).rejects.toMatchObject(notNow("ended"));
});

test("a gift that nobody redeemed is paid back whole within seven days, and its code holds no more", async () => {
  const id = await paidGift();
  const code = await codeOf(id);
  pass(6);
  expect(await due(id)).toEqual([{ charge: `${id}-1`, amountMinor: 8_000 }]);
  await payBack(id);
  expect(await gift(id)).toMatchObject({ state: "ended" });
  const { payer } = await selling.newPayer(2);
  await expect(redeem(code, payer)).rejects.toMatchObject(noSuchCode);
  await expect(codeOf(id)).rejects.toMatchObject(notNow("ended"));
  await expect(payBack(id)).rejects.toMatchObject({ code: "pay.not-now" });
  await seen(id, -8_000, "sent back");
  expect(await balances(selling.server.server)).toEqual({ "at/manual": 0, "sold/gb-50": 0 });
  // Later nothing is due, though a year of one's own plan would be worth its days.
  const later = await paidGift();
  pass(7);
  expect(await due(later)).toEqual([]);
  await expect(payBack(later)).rejects.toMatchObject(notNow("nothing-due"));
  expect(await redeem(await codeOf(later), payer)).toMatchObject({ state: "active" });
});

test("of who redeems a code and who wants its money back at the same time only one gets it", async () => {
  const outcomes = new Set<string>();
  for (let round = 0; round < 8; round++) {
    const id = await paidGift();
    const code = await codeOf(id);
    const { payer } = await selling.newPayer(20 + round);
    const both = [() => redeem(code, payer), () => payBack(id)];
    const [first, second] = await Promise.allSettled(
      (round % 2 === 0 ? both : both.toReversed()).map((each) => each()),
    );
    const [redeemed, back] = round % 2 === 0 ? [first!, second!] : [second!, first!];
    const got = [redeemed, back].map(({ status }) => status === "fulfilled");
    expect(got.filter(Boolean)).toHaveLength(1);
    expect((await account(payer)).subscriptions).toHaveLength(got[0] ? 1 : 0);
    expect((await gift(id)).state).toBe(got[0] ? "redeemed" : "ended");
    outcomes.add(got.join());
  }
  expect(outcomes.size).toBeGreaterThan(0);
}, 60_000);

test("while its money is on the way back a gift's code holds no more", async () => {
  const { id, next } = await buy({ provider: "alipay" });
  const alipay = selling.simulators[0]!;
  await person(alipay, next, "pay");
  await giver.call("GET /v1/pay/subscriptions/{id}", { params: { id } });
  const code = await codeOf(id);
  alipay.ground.trouble = "gone";
  await expect(payBack(id)).rejects.toMatchObject({ code: "pay.provider-away" });
  const { payer } = await selling.newPayer(2);
  await expect(redeem(code, payer)).rejects.toMatchObject(noSuchCode);
  await expect(codeOf(id)).rejects.toMatchObject(notNow("ended"));
  expect(await gift(id)).toMatchObject({ state: "ended" });
  alipay.ground.trouble = "none";
  await payBack(id);
  await expect
    .poll(() => balances(selling.server.server), { timeout: 20_000 })
    .toEqual({ "at/alipay": 0, "sold/gb-50": 0 });
  await expect(redeem(code, payer)).rejects.toMatchObject(noSuchCode);
});

test("where the provider refuses to pay a gift back, its code holds again", async () => {
  const [id, other] = [await paidGift(), await paidGift()];
  const code = await codeOf(id);
  const manual = selling.server.server.providers.get("manual")!;
  const refuses = { refund: () => Promise.reject(new KeepsakeError("pay.refused")) };
  (selling.server.server.providers as Map<string, Provider>).set(
    "manual",
    Object.assign(Object.create(manual) as Provider, refuses),
  );
  for (const each of [id, other]) await expect(payBack(each)).rejects.toMatchObject({ code: "pay.refused" });
  const { payer } = await selling.newPayer(2);
  expect(await redeem(code, payer)).toMatchObject({ state: "active" });
  expect(await gift(other)).toMatchObject({ state: "open" });
  (selling.server.server.providers as Map<string, Provider>).set("manual", manual);
  await payBack(other);
  expect(await gift(other)).toMatchObject({ state: "ended" });
});
