import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bringLevel, openPayer } from "../../packages/core/src/client/plans/index.ts";
import type { Connection } from "../../packages/core/src/client/index.ts";
import { standardCatalogue } from "../../packages/core/src/plans/index.ts";
import { ledgerCsv } from "../../packages/server/src/billing/books/office/report.ts";
import { AlipayProvider } from "../../packages/server/src/billing/providers/alipay/provider.ts";
import type { Provider } from "../../packages/server/src/billing/providers/provider.ts";
import { startAlipay } from "../../packages/server/src/billing/simulators/alipay/simulator.ts";
import { goRound } from "../../packages/server/src/billing/books/round/round.ts";
import { startStripe } from "../../packages/server/src/billing/simulators/stripe/simulator.ts";
import { turnAll } from "../../packages/server/src/levels/turn.ts";
import { person } from "../../packages/server/testing/pay/person.ts";
import { startSelling, transferTo, type Selling } from "./paying.ts";
import type { Member } from "./serving.ts";

const DAY_MS = 24 * 60 * 60_000;
const plan50 = standardCatalogue.plans.find(({ id }) => id === "gb-50")!;
const roomBytes = plan50.room.filesBytes + plan50.room.textBytes;
const OWN_BYTES = 2_000_000_000;
/** From the first of March 2027 on, with the last day: the next year is a leap year. */
const YEAR_DAYS = 367;
/** A provider's own calendar ends at the hour; the day that has begun is given. */
const STRIPE_DAYS = 367;

let selling: Selling;
let operator: Member;
let payer: Connection;
let seed: Uint8Array<ArrayBuffer>;
beforeEach(async () => {
  selling = await startSelling([startStripe], undefined, { KEEPSAKE_QUOTA_BYTES: String(OWN_BYTES) });
  // The first one is the operator.
  operator = await selling.server.newOperator();
  ({ payer, seed } = await selling.newPayer());
});
afterEach(() => selling[Symbol.asyncDispose]());

const account = () => payer.call("GET /v1/pay/account");
const only = async () => (await account()).subscriptions[0]!;
const yearOf50 = {
  plan: "gb-50",
  period: "year",
  channel: "web",
  screen: "page",
  returnUrl: "https://keepsake.example/#/plan",
} as const;
const buy = (more: {
  provider: string;
  renews?: boolean;
  plan?: string;
  period?: "month" | "year";
  replaces?: string;
}) => payer.call("POST /v1/pay/subscriptions", { body: { ...yearOf50, renews: false, ...more } });
const ledger = async () => {
  let text = "";
  for await (const part of ledgerCsv(selling.server.server, 0, 100_000)) text += part;
  return text
    .trim()
    .split("\r\n")
    .slice(1)
    .map((line) => line.split(","))
    .map(([, , cause, name, amount]) => ({ cause, name: name!, amount: Number(amount) }));
};
const balances = async () => {
  const sums: Record<string, number> = {};
  for (const { name, amount } of await ledger()) sums[name] = (sums[name] ?? 0) + amount;
  return sums;
};
const pass = (days: number) => void (selling.clock.nowMs += days * DAY_MS);
const seen = (subscription: string, amountMinor: number, name = "booking 1") =>
  operator.connection.call("POST /v1/operator/pay/seen", { body: { subscription, name, amountMinor } });

describe("a transfer", () => {
  test("is told how to be made, counts once the operator saw it, and is worth its room", async () => {
    const member = await selling.server.newMember();
    const { id, next } = await buy({ provider: "manual" });
    expect(next).toMatchObject({ how: "transfer", to: transferTo.en });
    expect(await only()).toMatchObject({ id, state: "pending", untilDay: 0, renews: false, isTest: true });
    expect((await account()).levels).toEqual([]);
    await expect(seen(id, 7_999)).rejects.toMatchObject({ code: "pay.not-now", details: { why: "amount" } });
    expect(await seen(id, 8_000)).toMatchObject({ state: "active" });
    // The same booking told twice is one.
    await seen(id, 8_000);
    expect(await balances()).toEqual({ "at/manual": 8_000, "sold/gb-50": -8_000 });
    // As long as all of it would be paid back, tickets reach a little beyond these days only.
    const now = selling.clock.nowMs;
    const today = Math.floor(now / DAY_MS);
    expect((await account()).levels).toEqual([
      { fromDay: today, untilDay: today + 14, levelBytes: roomBytes },
    ]);
    const first = await bringLevel({ payer, member: member.connection, seed, kept: undefined, now });
    expect(first.level).toMatchObject({ levelBytes: roomBytes });
    expect((await member.connection.call("GET /v1/member")).quotaBytes).toBe(roomBytes);
    pass(7);
    expect((await account()).levels.at(-1)!.untilDay).toBeGreaterThan(today + 360);
    // Another device of the member has the same seed, and no tickets yet.
    await bringLevel({ payer, member: member.connection, seed, kept: undefined, now: selling.clock.nowMs });
  });

  test("has a receipt, and a bill for whom it is made out to", async () => {
    const { id } = await buy({ provider: "manual" });
    await seen(id, 8_000);
    const { receipts } = await payer.call("GET /v1/pay/receipts");
    expect(receipts).toMatchObject([
      { subscription: id, amountMinor: 8_000, plan: "gb-50", currency: "CNY" },
    ]);
    const bill = {
      charge: receipts[0]!.charge,
      title: "例子公司",
      taxNumber: "91310000TEST",
      email: "a@b.example",
    };
    await payer.call("POST /v1/pay/invoices", { body: { ...bill, title: "typo" } });
    await payer.call("POST /v1/pay/invoices", { body: bill });
    const { invoices } = await operator.connection.call("GET /v1/operator/pay/invoices");
    expect(invoices).toMatchObject([{ ...bill, amountMinor: 8_000 }]);
    const issued = { params: { id: invoices[0]!.id }, body: { number: "2027-0001" } };
    await operator.connection.call("PUT /v1/operator/pay/invoices/{id}", issued);
    await expect(payer.call("POST /v1/pay/invoices", { body: bill })).rejects.toMatchObject({
      code: "pay.not-now",
      details: { why: "issued" },
    });
    const after = await payer.call("GET /v1/pay/receipts");
    expect(after.receipts[0]!.invoice).toMatchObject({ state: "issued", number: "2027-0001" });
  });

  test("is paid back whole within seven days, and for the days that are left later", async () => {
    const { id } = await buy({ provider: "manual" });
    await seen(id, 8_000);
    pass(6);
    const params = { params: { id } };
    const due = await payer.call("GET /v1/pay/subscriptions/{id}/refund", params);
    expect(due.refunds).toEqual([{ charge: `${id}-1`, amountMinor: 8_000 }]);
    pass(94);
    const later = await payer.call("GET /v1/pay/subscriptions/{id}/refund", params);
    const minor = later.refunds[0]!.amountMinor;
    expect(minor).toBe(Math.floor((8_000 * (YEAR_DAYS - 100)) / YEAR_DAYS));
    expect(await payer.call("POST /v1/pay/subscriptions/{id}/refund", params)).toMatchObject({
      state: "expired",
    });
    await seen(id, -minor, "booking 2");
    expect(await balances()).toEqual({ "at/manual": 8_000 - minor, "sold/gb-50": minor - 8_000 });
    await expect(payer.call("POST /v1/pay/subscriptions/{id}/refund", params)).rejects.toMatchObject({
      code: "pay.not-now",
    });
  });

  test("that never comes is asked after for some days, and then no more", async () => {
    await buy({ provider: "manual" });
    for (let day = 0; day < 5; day++, pass(1)) await goRound(selling.server.server);
    expect(await goRound(selling.server.server)).toEqual({});
    expect(await only()).toMatchObject({ state: "pending" });
  });
});

describe("a code", () => {
  const makeCodes = (count: number) =>
    operator.connection.call("POST /v1/operator/pay/codes", {
      body: { plan: "gb-50", period: "month", periods: 3, count, days: 30 },
    });

  test("is worth its plan once, however it is typed, and not after its time", async () => {
    const { codes } = await makeCodes(3);
    const redeem = (code: string, by = payer) => by.call("POST /v1/pay/codes", { body: { code } });
    expect(await redeem(` ${codes[0]!.toUpperCase().replaceAll("-", " ")} `)).toMatchObject({
      state: "active",
      plan: "gb-50",
      renews: false,
    });
    const { payer: other } = await selling.newPayer(2);
    const refused = { code: "pay.no-such-code" };
    await expect(redeem(codes[0]!, other)).rejects.toMatchObject(refused);
    await expect(redeem("nobody-ever-made-this", other)).rejects.toMatchObject(refused);
    expect((await only()).untilDay - Math.floor(selling.clock.nowMs / DAY_MS)).toBe(93);
    pass(31);
    await expect(redeem(codes[1]!, other)).rejects.toMatchObject(refused);
    expect(await ledger()).toEqual([]);
  });

  test("is redeemed by one of many at once", async () => {
    const { codes } = await makeCodes(1);
    const payers = await Promise.all(Array.from({ length: 8 }, (_, i) => selling.newPayer(i + 10)));
    const outcomes = await Promise.allSettled(
      payers.map((each) => each.payer.call("POST /v1/pay/codes", { body: { code: codes[0]! } })),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("a provider that charges by itself", () => {
  const simulator = () => selling.simulators[0]!;
  const bought = async (renews = false) => {
    const { id, next } = await buy({ provider: "stripe", renews });
    await person(simulator(), next as never, "pay");
    await expect.poll(async () => (await only()).state, { timeout: 10_000 }).toBe("active");
    return id;
  };

  test("is paid at its own page, and calls; nothing renews that nobody asked for", async () => {
    await bought();
    expect(await only()).toMatchObject({ renews: false, isTest: true, mayRenew: false });
    expect(await balances()).toEqual({ "at/stripe": 8_000, "sold/gb-50": -8_000 });
  });

  test("is declined, and nothing is lost or charged", async () => {
    const { id, next } = await buy({ provider: "stripe" });
    await person(simulator(), next as never, "decline");
    expect(await payer.call("GET /v1/pay/subscriptions/{id}", { params: { id } })).not.toMatchObject({
      state: "active",
    });
    expect(await ledger()).toEqual([]);
    expect((await account()).levels).toEqual([]);
  });

  test("renews where it was chosen, once its notices are delivered, and ends by one call", async () => {
    const id = await bought(true);
    expect(await only()).toMatchObject({ renews: true });
    const { untilDay } = await only();
    pass(untilDay - Math.floor(selling.clock.nowMs / DAY_MS) - 9);
    expect(await goRound(selling.server.server)).toEqual({ tell: 1 });
    const { notices, subscriptions } = await account();
    expect(notices).toMatchObject([{ message: "charge", amountMinor: 8_000, aboutDay: untilDay - 1 }]);
    expect(subscriptions[0]).toMatchObject({ charge: { day: untilDay - 1, amountMinor: 8_000 } });
    const line = await payer.call("PUT /v1/pay/subscriptions/{id}/renewal", {
      params: { id },
      body: { isOn: false },
    });
    expect(line).toMatchObject({ renews: false, state: "canceled", untilDay });
  });

  test("is stopped where its notices were not delivered in time", async () => {
    await bought(true);
    const { untilDay } = await only();
    for (; Math.floor(selling.clock.nowMs / DAY_MS) < untilDay + 3; pass(1)) {
      await simulator().pass(0);
      await goRound(selling.server.server);
    }
    expect(await only()).toMatchObject({ renews: false, untilDay });
    expect(await balances()).toEqual({ "at/stripe": 8_000, "sold/gb-50": -8_000 });
  });

  test("that is gone overnight takes nothing away, and another one is chosen", async () => {
    const id = await bought(true);
    const providers = selling.server.server.providers as Map<string, unknown>;
    providers.delete("stripe");
    const line = await payer.call("GET /v1/pay/subscriptions/{id}", { params: { id } });
    expect(line).toMatchObject({ state: "active", isProviderGone: true });
    pass(100);
    await goRound(selling.server.server);
    expect(await only()).toMatchObject({ state: "active" });
    const { id: other } = await buy({ provider: "manual", plan: "gb-200", replaces: id });
    expect((await only()).id).toBe(other);
  });

  test("is upgraded from, and what was left is taken off; nobody buys the same days twice", async () => {
    const id = await bought();
    await expect(buy({ provider: "manual" })).rejects.toMatchObject({
      code: "pay.already",
      details: { subscription: id },
    });
    pass(100);
    const wanted = {
      plan: "gb-200",
      period: "year",
      channel: "web",
      provider: "manual",
      replaces: id,
    } as const;
    const offered = await payer.call("POST /v1/pay/offers", { body: wanted });
    const creditMinor = Math.floor((8_000 * (STRIPE_DAYS - 100)) / STRIPE_DAYS);
    expect(offered).toMatchObject({ creditMinor, amountMinor: 29_800 - creditMinor, renewalMinor: 29_800 });
    const { id: other } = await buy({ provider: "manual", plan: "gb-200", replaces: id });
    // Until it is paid, the old one goes on.
    expect((await account()).subscriptions.map(({ state }) => state)).toEqual(["pending", "active"]);
    await seen(other, offered.amountMinor);
    const { subscriptions } = await account();
    expect(subscriptions.map(({ state }) => state)).toEqual(["active", "ended"]);
    expect(await balances()).toEqual({
      "at/stripe": 8_000,
      "at/manual": 29_800 - creditMinor,
      "sold/gb-50": creditMinor - 8_000,
      "sold/gb-200": -29_800,
    });
  });
});

test("a provider that has no agreements renews nothing, and that is told before anything is begun", async () => {
  await using simulator = await startAlipay({ clock: selling.clock, hears: "http://127.0.0.1:9/none" });
  const { agreements: _none, ...settings } = simulator.settings.alipay!;
  const parts = { clock: selling.clock, isTest: true, hearsAt: "http://127.0.0.1:9/none" };
  const providers = selling.server.server.providers as Map<string, Provider>;
  providers.set("alipay", new AlipayProvider(settings, parts));
  const { ways } = await selling.server.connection.call("GET /v1/pay");
  expect(Object.fromEntries(ways.map(({ provider, mayRenew }) => [provider, mayRenew]))).toEqual({
    alipay: false,
    manual: false,
    stripe: true,
  });
  const wanted = { plan: "gb-50", period: "year", channel: "web", provider: "alipay" } as const;
  expect(await payer.call("POST /v1/pay/offers", { body: wanted })).toMatchObject({ mayRenew: false });
  await expect(buy({ provider: "alipay", renews: true })).rejects.toMatchObject({ code: "pay.no-renewal" });
  const { id } = await buy({ provider: "alipay" });
  const on = { params: { id }, body: { isOn: true } };
  await expect(payer.call("PUT /v1/pay/subscriptions/{id}/renewal", on)).rejects.toMatchObject({
    code: "pay.no-renewal",
  });
});

test("a plan that is worth more than another pays for it whole, and what is left over becomes days", async () => {
  const { id } = await buy({ provider: "manual", plan: "family" });
  await seen(id, 71_800);
  pass(10);
  const wanted = { plan: "gb-50", period: "year", channel: "web", provider: "manual", replaces: id } as const;
  const offered = await payer.call("POST /v1/pay/offers", { body: wanted });
  expect(offered).toMatchObject({ amountMinor: 0 });
  expect(offered.extraDays).toBeGreaterThan(7 * 365);
  const bought = await buy({ provider: "manual", plan: "gb-50", replaces: id });
  expect(bought.next).toEqual({ how: "nothing" });
  const { subscriptions } = await account();
  expect(subscriptions).toMatchObject([
    { id: bought.id, state: "active" },
    { id, state: "ended" },
  ]);
  const today = Math.floor(selling.clock.nowMs / DAY_MS);
  expect(subscriptions[0]!.untilDay - today).toBeGreaterThanOrEqual(offered.extraDays + 365);
  expect(await balances()).toEqual({
    "at/manual": 71_800,
    "sold/family": offered.creditMinor - 71_800,
    "sold/gb-50": -offered.creditMinor,
  });
});

test("a family's payer gives room away, sees whether it was taken, and nothing else", async () => {
  const { id } = await buy({ provider: "manual", plan: "family" });
  await seen(id, 71_800);
  const params = { params: { id } };
  const give = (bytes: number) =>
    payer.call("POST /v1/pay/subscriptions/{id}/seats", { ...params, body: { roomBytes: bytes } });
  const { code } = await give(200e9);
  await expect(give(500e9)).rejects.toMatchObject({ code: "pay.not-now", details: { why: "no-seat-left" } });
  const { payer: child } = await selling.newPayer(5);
  await child.call("POST /v1/pay/seats", { body: { code } });
  await expect(child.call("POST /v1/pay/seats", { body: { code } })).rejects.toMatchObject({
    code: "pay.no-such-code",
  });
  const { seats } = await payer.call("GET /v1/pay/subscriptions/{id}/seats", params);
  expect(seats).toMatchObject([{ roomBytes: 200e9, isTaken: true }]);
  const { levels, reach } = await child.call("GET /v1/pay/account");
  expect([levels[0], reach]).toMatchObject([{ levelBytes: 200e9 }, { plan: "family", window: "all" }]);
  expect((await account()).levels[0]).toMatchObject({ levelBytes: 330e9 });
  await payer.call("DELETE /v1/pay/seats/{id}", { params: { id: seats[0]!.id } });
  expect((await child.call("GET /v1/pay/account")).levels).toEqual([]);
  expect((await account()).levels[0]).toMatchObject({ levelBytes: 530e9 });
});

test("who pays is let in by their own key alone, and sees their own things alone", async () => {
  const { id } = await buy({ provider: "manual" });
  const { payer: other } = await selling.newPayer(9);
  const params = { params: { id } };
  const strangers = { code: "request.not-found" };
  await expect(other.call("GET /v1/pay/subscriptions/{id}", params)).rejects.toMatchObject(strangers);
  await expect(other.call("GET /v1/pay/subscriptions/{id}/refund", params)).rejects.toMatchObject(strangers);
  await expect(other.call("GET /v1/pay/subscriptions/{id}/seats", params)).rejects.toMatchObject(strangers);
  const { membership } = operator;
  const asMember = selling.server.connection.with(membership);
  await expect(asMember.call("GET /v1/pay/account")).rejects.toMatchObject({ code: "pay.no-account" });
  await expect(payer.call("GET /v1/member")).rejects.toMatchObject({ code: "member.no-session" });
  const { id: name } = await selling.server.server.db.query
    .selectFrom("account")
    .select("id")
    .executeTakeFirstOrThrow();
  const stolen = payer.with({ deviceSeed: new Uint8Array(32).fill(77), token: `pay.${name}` });
  await expect(stolen.call("GET /v1/pay/account")).rejects.toMatchObject({ code: "member.bad-proof" });
});

test("when the keys of the vault are changed, the account goes along, and the old key is let in no more", async () => {
  const { id } = await buy({ provider: "manual" });
  const { connection } = selling.server;
  const newer = new Uint8Array(32).fill(88);
  const moved = (await openPayer(connection, [newer, seed], { isNew: true }))!;
  expect((await moved.call("GET /v1/pay/account")).subscriptions).toMatchObject([{ id }]);
  await expect(account()).rejects.toMatchObject({ code: "member.bad-proof" });
  expect(await openPayer(connection, [seed], { isNew: false })).toBeUndefined();
  const again = (await openPayer(connection, [newer, seed], { isNew: true }))!;
  expect((await again.call("GET /v1/pay/account")).subscriptions).toMatchObject([{ id }]);
});

test("the ledger and the logs cannot be changed, whoever asks the database", async () => {
  const { id } = await buy({ provider: "manual" });
  await seen(id, 8_000);
  const { query } = selling.server.server.db;
  await expect(query.updateTable("ledger").set({ amountMinor: 1 }).execute()).rejects.toThrow();
  await expect(query.deleteFrom("ledger").execute()).rejects.toThrow();
  await expect(query.deleteFrom("subscriptionEntry").execute()).rejects.toThrow();
  await turnAll(selling.server.server);
});
