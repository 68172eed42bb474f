import { afterEach, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../packages/core/src/client/index.ts";
import { startAlipay } from "../../packages/server/src/billing/simulators/alipay/simulator.ts";
import { balances } from "../../packages/server/testing/pay/payers.ts";
import { person } from "../../packages/server/testing/pay/person.ts";
import { startSelling, type Selling } from "./paying.ts";
import type { Member } from "./serving.ts";

const DAY_MS = 24 * 60 * 60_000;
/** From the first of March 2027 on, with the last day: the next year is a leap year. */
const YEAR_DAYS = 367;

let selling: Selling;
let operator: Member;
let payer: Connection;
beforeEach(async () => {
  selling = await startSelling([startAlipay]);
  operator = await selling.server.newOperator();
  ({ payer } = await selling.newPayer());
});
afterEach(() => selling[Symbol.asyncDispose]());

/** What a provider tells, and what is asked of it, takes a moment. */
const soon = { timeout: 20_000 };
const pass = (days: number) => void (selling.clock.nowMs += days * DAY_MS);
const buy = (more: { provider: string; plan: string; replaces?: string }) =>
  payer.call("POST /v1/pay/subscriptions", {
    body: {
      period: "year",
      channel: "web",
      screen: "page",
      returnUrl: "https://keepsake.example/#/plan",
      renews: false,
      ...more,
    },
  });
const seen = (subscription: string, amountMinor: number, name: string) =>
  operator.connection.call("POST /v1/operator/pay/seen", { body: { subscription, name, amountMinor } });
const due = async (id: string) =>
  (await payer.call("GET /v1/pay/subscriptions/{id}/refund", { params: { id } })).refunds;
const payBack = (id: string) => payer.call("POST /v1/pay/subscriptions/{id}/refund", { params: { id } });
const waiting = async () =>
  (await operator.connection.call("GET /v1/operator/pay/waiting")).refunds.map(
    ({ subscription, amountMinor }) => ({ subscription, amountMinor }),
  );
/** A year of 50 GB, paid by Alipay. */
async function yearByAlipay(): Promise<string> {
  const { id, next } = await buy({ provider: "alipay", plan: "gb-50" });
  await person(selling.simulators[0]!, next, "pay");
  const asked = await payer.call("GET /v1/pay/subscriptions/{id}", { params: { id } });
  expect(asked).toMatchObject({ state: "active" });
  expect(await balances(selling.server.server)).toEqual({ "at/alipay": 8_000, "sold/gb-50": -8_000 });
  return id;
}

test("what an earlier plan's worth paid for goes back to where that was paid", async () => {
  const earlier = await yearByAlipay();
  pass(10);
  const { id } = await buy({ provider: "manual", plan: "gb-200", replaces: earlier });
  const credit = Math.floor((8_000 * (YEAR_DAYS - 10)) / YEAR_DAYS);
  await seen(id, 29_800 - credit, "in");
  pass(3);
  expect(await due(id)).toEqual([
    { charge: `${id}-1`, amountMinor: 29_800 - credit },
    { charge: `${earlier}-1`, amountMinor: credit },
  ]);
  expect(await payBack(id)).toMatchObject({ id, state: "expired" });
  await expect(payBack(id)).rejects.toMatchObject({ code: "pay.not-now" });
  expect(await due(earlier)).toEqual([]);
  await expect
    .poll(() => balances(selling.server.server), soon)
    .toMatchObject({ "at/alipay": 8_000 - credit });
  expect(await waiting()).toEqual([{ subscription: id, amountMinor: 29_800 - credit }]);
  await seen(id, credit - 29_800, "out");
  expect(await waiting()).toEqual([]);
  expect(await balances(selling.server.server)).toEqual({
    "at/alipay": 8_000 - credit,
    "sold/gb-50": credit - 8_000,
    "at/manual": 0,
    "sold/gb-200": 0,
  });
  const { receipts } = await payer.call("GET /v1/pay/receipts");
  expect(receipts.map(({ charge, refundedMinor }) => ({ charge, refundedMinor }))).toEqual([
    { charge: `${id}-1`, refundedMinor: 29_800 - credit },
    { charge: `${earlier}-1`, refundedMinor: credit },
  ]);
});

test("who asks for their money several times at once gets it once", async () => {
  const id = await yearByAlipay();
  pass(40);
  const { amountMinor } = (await due(id))[0]!;
  expect(amountMinor).toBeGreaterThan(0);
  const asked = await Promise.allSettled(Array.from({ length: 6 }, () => payBack(id)));
  const refused = asked.filter(({ status }) => status === "rejected");
  expect(refused.length).toBeLessThan(asked.length);
  for (const each of refused) expect(each).toMatchObject({ reason: { code: "pay.not-now" } });
  await expect
    .poll(() => balances(selling.server.server), soon)
    .toEqual({ "at/alipay": 8_000 - amountMinor, "sold/gb-50": amountMinor - 8_000 });
  const { receipts } = await payer.call("GET /v1/pay/receipts");
  expect(receipts).toMatchObject([{ charge: `${id}-1`, refundedMinor: amountMinor }]);
});

test("a plan that was paid for by others' worth alone pays back along the whole row", async () => {
  const first = await yearByAlipay();
  pass(100);
  const { id: second } = await buy({ provider: "manual", plan: "family", replaces: first });
  const credit = Math.floor((8_000 * (YEAR_DAYS - 100)) / YEAR_DAYS);
  await seen(second, 71_800 - credit, "in");
  const { id: third, next } = await buy({ provider: "manual", plan: "gb-50", replaces: second });
  expect(next).toEqual({ how: "nothing" });
  expect(await due(third)).toEqual([
    { charge: `${second}-1`, amountMinor: 71_800 - credit },
    { charge: `${first}-1`, amountMinor: credit },
  ]);
  await payBack(third);
  await expect
    .poll(() => balances(selling.server.server), soon)
    .toMatchObject({ "at/alipay": 8_000 - credit });
  expect(await waiting()).toEqual([{ subscription: second, amountMinor: 71_800 - credit }]);
  await seen(second, credit - 71_800, "out");
  await expect
    .poll(() => balances(selling.server.server), soon)
    .toEqual({
      "at/alipay": 8_000 - credit,
      "at/manual": 0,
      "sold/gb-50": credit - 8_000,
      "sold/family": 0,
    });
});

test("after the first days a year's rest goes back: of what was paid last first, then of the credit", async () => {
  const earlier = await yearByAlipay();
  const { id } = await buy({ provider: "manual", plan: "gb-200", replaces: earlier });
  await seen(id, 29_800 - 8_000, "in");
  pass(20);
  const left = Math.floor((29_800 * (YEAR_DAYS - 20)) / YEAR_DAYS);
  expect(await due(id)).toEqual([
    { charge: `${id}-1`, amountMinor: 21_800 },
    { charge: `${earlier}-1`, amountMinor: left - 21_800 },
  ]);
});
