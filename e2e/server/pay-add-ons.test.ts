import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bringLevel, tryPlan } from "../../packages/core/src/client/plans/index.ts";
import type { Connection } from "../../packages/core/src/client/index.ts";
import { standardCatalogue, type AddOn, type Catalogue } from "../../packages/core/src/plans/index.ts";
import { startGoogle } from "../../packages/server/src/billing/simulators/google/simulator.ts";
import { startStripe } from "../../packages/server/src/billing/simulators/stripe/simulator.ts";
import { goRound } from "../../packages/server/src/billing/books/round/round.ts";
import { balances } from "../../packages/server/testing/pay/payers.ts";
import { person } from "../../packages/server/testing/pay/person.ts";
import { startSelling, type Selling } from "./paying.ts";
import type { Member } from "./serving.ts";

const DAY_MS = 24 * 60 * 60_000;
const GB = 1e9;
const [room] = standardCatalogue.addOns;
const beside = (id: string, gives: AddOn["gives"]): AddOn => ({ ...room!, id, gives });
const catalogue: Catalogue = {
  ...standardCatalogue,
  version: 2,
  addOns: [
    room!,
    beside("two-places", { what: "seats", seats: 2 }),
    beside("evidence", { what: "evidence" }),
  ],
};

let folder: string;
let selling: Selling;
let operator: Member;
let payer: Connection;
let seed: Uint8Array<ArrayBuffer>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-add-ons-"));
  const file = join(folder, "plans.json");
  await writeFile(file, JSON.stringify(catalogue));
  selling = await startSelling([startStripe, startGoogle], undefined, { KEEPSAKE_PLANS: file });
  operator = await selling.server.newOperator();
  ({ payer, seed } = await selling.newPayer());
});
afterEach(async () => {
  await selling[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const today = () => Math.floor(selling.clock.nowMs / DAY_MS);
const pass = (days: number) => void (selling.clock.nowMs += days * DAY_MS);
const account = () => payer.call("GET /v1/pay/account");
const lineOf = async (id: string) => (await account()).subscriptions.find((each) => each.id === id)!;
/** The room that there is a right to in so many days. */
const roomIn = async (days: number) =>
  (await account()).levels.find(
    ({ fromDay, untilDay }) => fromDay <= today() + days && today() + days < untilDay,
  )?.levelBytes ?? 0;
interface More {
  readonly period?: "month" | "year";
  readonly provider?: string;
  readonly replaces?: string;
  readonly renews?: boolean;
}
const buy = (plan: string, more: More = {}) =>
  payer.call("POST /v1/pay/subscriptions", {
    body: {
      plan,
      period: "year",
      channel: "web",
      provider: "manual",
      renews: false,
      screen: "page",
      returnUrl: "https://a.example/",
      ...more,
    },
  });
const seen = (subscription: string, amountMinor: number, name = `booking of ${subscription}`) =>
  operator.connection.call("POST /v1/operator/pay/seen", { body: { subscription, name, amountMinor } });
const bought = async (plan: string, amountMinor: number, more: More = {}) => {
  const { id } = await buy(plan, more);
  await seen(id, amountMinor);
  return id;
};

describe("what is had beside a plan", () => {
  test("comes on top of one that is paid: not of a trial, and not of nothing", async () => {
    const noPlan = { code: "pay.no-plan" };
    await expect(buy("more-50gb")).rejects.toMatchObject(noPlan);
    const member = await selling.server.newMember();
    await tryPlan("gb-50", { payer, member: member.connection, seed, knownKey: undefined });
    await expect(buy("more-50gb")).rejects.toMatchObject(noPlan);
    await buy("gb-50");
    await expect(buy("more-50gb")).rejects.toMatchObject(noPlan);
    await bought("gb-50", 8_000);
    await bought("more-50gb", 8_000);
  });

  test("adds its room, more than once, and is a line of its own in the books and on receipts", async () => {
    const member = await selling.server.newMember();
    const plan = await bought("gb-50", 8_000);
    const first = await bought("more-50gb", 8_000);
    expect(await roomIn(0)).toBe(105 * GB);
    const second = await bought("more-50gb", 800, { period: "month" });
    expect(await roomIn(0)).toBe(155 * GB);
    await bringLevel({ payer, member: member.connection, seed, kept: undefined, now: selling.clock.nowMs });
    expect((await member.connection.call("GET /v1/member")).quotaBytes).toBe(155 * GB);
    expect([await lineOf(plan), await lineOf(first)]).toMatchObject([
      { isAddOn: false, plan: "gb-50" },
      { isAddOn: true, plan: "more-50gb", state: "active" },
    ]);
    expect(await balances(selling.server.server)).toEqual({
      "at/manual": 16_800,
      "sold/gb-50": -8_000,
      "sold/more-50gb": -8_800,
    });
    const { receipts } = await payer.call("GET /v1/pay/receipts");
    expect(receipts.map((each) => each.plan).toSorted()).toEqual(["gb-50", "more-50gb", "more-50gb"]);
    pass(40);
    expect(await lineOf(second)).toMatchObject({ state: "expired" });
    expect(await roomIn(0)).toBe(105 * GB);
  });

  test("does not stand in the way of a larger plan, and goes on to its own paid end without one", async () => {
    const plan = await bought("gb-50", 8_000);
    pass(30);
    const extra = await bought("more-50gb", 8_000);
    await expect(buy("gb-200", { replaces: extra })).rejects.toMatchObject({ code: "request.not-found" });
    await expect(buy("more-50gb", { replaces: plan })).rejects.toMatchObject({ code: "request.not-found" });
    await expect(buy("gb-200")).rejects.toMatchObject({
      code: "pay.already",
      details: { subscription: plan },
    });
    const { amountMinor } = await payer.call("POST /v1/pay/offers", {
      body: { plan: "gb-200", period: "year", channel: "web", provider: "manual", replaces: plan },
    });
    const larger = await bought("gb-200", amountMinor, { replaces: plan });
    expect(await roomIn(0)).toBe(255 * GB);
    await payer.call("POST /v1/pay/subscriptions/{id}/refund", { params: { id: larger } });
    expect(await lineOf(extra)).toMatchObject({ state: "active" });
    expect(await roomIn(0)).toBe(50 * GB);
    await goRound(selling.server.server);
    pass(370);
    expect(await roomIn(0)).toBe(0);
  });

  test("is paid back like a plan, and changes into nothing else with the next term", async () => {
    await bought("gb-50", 8_000);
    const extra = await bought("more-50gb", 8_000);
    pass(3);
    const params = { params: { id: extra } };
    const { refunds } = await payer.call("GET /v1/pay/subscriptions/{id}/refund", params);
    expect(refunds).toEqual([{ charge: `${extra}-1`, amountMinor: 8_000 }]);
    await payer.call("POST /v1/pay/subscriptions/{id}/refund", params);
    await seen(extra, -8_000, "sent back");
    expect(await roomIn(0)).toBe(55 * GB);
    expect(await balances(selling.server.server)).toMatchObject({
      "at/manual": 8_000,
      "sold/gb-50": -8_000,
      "sold/more-50gb": 0,
    });
  });

  test("renews by itself where that was chosen, and the notice tells its own amount", async () => {
    await bought("gb-200", 29_800);
    const { id, next } = await buy("more-50gb", { provider: "stripe", renews: true, period: "month" });
    await person(selling.simulators[0]!, next as never, "pay");
    await expect.poll(async () => (await lineOf(id)).state, { timeout: 10_000 }).toBe("active");
    const { untilDay } = await lineOf(id);
    pass(untilDay - today() - 9);
    expect(await goRound(selling.server.server)).toEqual({ tell: 1 });
    expect((await account()).notices).toMatchObject([{ message: "charge", amountMinor: 800 }]);
  });

  test("does not renew once the plan is over, and says so", async () => {
    const plan = await bought("gb-50", 800, { period: "month" });
    pass(20);
    const { id, next } = await buy("more-50gb", { provider: "stripe", renews: true, period: "month" });
    await person(selling.simulators[0]!, next as never, "pay");
    await expect.poll(async () => (await lineOf(id)).state, { timeout: 10_000 }).toBe("active");
    const { untilDay } = await lineOf(id);
    pass(untilDay - today() - 9);
    expect(await lineOf(plan)).toMatchObject({ state: "expired" });
    expect(await goRound(selling.server.server)).toEqual({ "give-up": 1 });
    expect((await account()).notices).toMatchObject([{ message: "renewal-ended" }]);
    expect(await lineOf(id)).toMatchObject({ renews: false, untilDay });
    expect(await roomIn(0)).toBe(50 * GB);
  });

  test("is not in a phone's store whose products do not name it", async () => {
    await bought("gb-50", 8_000);
    const inStore = { plan: "more-50gb", period: "year", channel: "android", provider: "google" } as const;
    await expect(
      payer.call("POST /v1/pay/subscriptions", {
        body: { ...inStore, renews: false, screen: "inside", returnUrl: "https://a.example/" },
      }),
    ).rejects.toMatchObject({ code: "pay.refused" });
    expect(await roomIn(0)).toBe(55 * GB);
  });

  test("of evidence is had once, and gives no room", async () => {
    await bought("gb-50", 8_000);
    const id = await bought("evidence", 8_000);
    expect(await roomIn(0)).toBe(55 * GB);
    await expect(buy("evidence")).rejects.toMatchObject({
      code: "pay.already",
      details: { subscription: id },
    });
  });
});

test("places bought beside a plan are places like its own, as long as they are paid", async () => {
  const plan = await bought("gb-200", 29_800);
  const params = { params: { id: plan } };
  const give = () =>
    payer.call("POST /v1/pay/subscriptions/{id}/seats", { ...params, body: { roomBytes: 10 * GB } });
  const full = { code: "pay.not-now", details: { why: "no-seat-left" } };
  await expect(give()).rejects.toMatchObject(full);
  await bought("two-places", 800, { period: "month" });
  const [one, two] = [await give(), await give()];
  await expect(give()).rejects.toMatchObject(full);
  const holders = await Promise.all([2, 3].map((number) => selling.newPayer(number)));
  const roomOf = async ({ payer: by }: { payer: Connection }) =>
    (await by.call("GET /v1/pay/account")).levels[0]?.levelBytes ?? 0;
  await holders[0]!.payer.call("POST /v1/pay/seats", { body: { code: one.code } });
  await holders[1]!.payer.call("POST /v1/pay/seats", { body: { code: two.code } });
  expect(await Promise.all(holders.map(roomOf))).toEqual([10 * GB, 10 * GB]);
  pass(40);
  expect(await Promise.all(holders.map(roomOf))).toEqual([0, 0]);
  const { seats } = await payer.call("GET /v1/pay/subscriptions/{id}/seats", params);
  expect(seats.map(({ isTaken, hasRoom }) => [isTaken, hasRoom])).toEqual([
    [true, false],
    [true, false],
  ]);
  await bought("two-places", 800, { period: "month" });
  expect(await Promise.all(holders.map(roomOf))).toEqual([10 * GB, 10 * GB]);
});
