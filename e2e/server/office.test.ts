import { afterEach, beforeEach, expect, test } from "vitest";
import { bringLevel } from "../../packages/core/src/client/plans/index.ts";
import type { Connection } from "../../packages/core/src/client/index.ts";
import { standardCatalogue } from "../../packages/core/src/plans/index.ts";
import { startSelling, type Selling } from "./paying.ts";
import type { Member } from "./serving.ts";

/*
 * What the operator is told to do by hand, and what is told of members by the rooms that they paid for: counts and sums.
 */

const DAY_MS = 24 * 60 * 60_000;
const { filesBytes, textBytes } = standardCatalogue.plans.find(({ id }) => id === "gb-50")!.room;

let selling: Selling;
let operator: Member;
let payer: Connection;
let seed: Uint8Array<ArrayBuffer>;
beforeEach(async () => {
  selling = await startSelling();
  operator = await selling.server.newOperator();
  ({ payer, seed } = await selling.newPayer());
});
afterEach(() => selling[Symbol.asyncDispose]());

const waiting = () => operator.connection.call("GET /v1/operator/pay/waiting");
const today = () => Math.floor(selling.clock.nowMs / DAY_MS);
const wanted = {
  plan: "gb-50",
  period: "year",
  channel: "web",
  provider: "manual",
  renews: false,
  screen: "page",
  returnUrl: "https://keepsake.example/#/plan",
} as const;
const buy = (by = payer) => by.call("POST /v1/pay/subscriptions", { body: wanted });
const seen = (subscription: string, amountMinor: number, name: string) =>
  operator.connection.call("POST /v1/operator/pay/seen", { body: { subscription, name, amountMinor } });

test("a transfer waits until it is seen, and what is paid back until it is sent", async () => {
  const { id, next } = await buy();
  const told = { subscription: id, plan: "gb-50", period: "year", currency: "CNY" };
  const { purpose } = next as { readonly purpose: string };
  expect(await waiting()).toEqual({
    transfers: [{ ...told, amountMinor: 8_000, day: today(), purpose }],
    refunds: [],
  });
  await seen(id, 8_000, "in");
  expect(await waiting()).toEqual({ transfers: [], refunds: [] });
  selling.clock.nowMs += 100 * DAY_MS;
  const { refunds } = await payer.call("GET /v1/pay/subscriptions/{id}/refund", { params: { id } });
  const { amountMinor } = refunds[0]!;
  await payer.call("POST /v1/pay/subscriptions/{id}/refund", { params: { id } });
  const day = today();
  selling.clock.nowMs += 3 * DAY_MS;
  expect(await waiting()).toEqual({ transfers: [], refunds: [{ ...told, amountMinor, day, purpose }] });
  await seen(id, -amountMinor, "out");
  expect(await waiting()).toEqual({ transfers: [], refunds: [] });
});

test("a code is nothing to be seen, and a transfer that was passed over still waits", async () => {
  const { codes } = await operator.connection.call("POST /v1/operator/pay/codes", {
    body: { plan: "gb-50", period: "month", periods: 1, count: 1, days: 30 },
  });
  await payer.call("POST /v1/pay/codes", { body: { code: codes[0]! } });
  expect(await waiting()).toEqual({ transfers: [], refunds: [] });
  const { id } = await buy((await selling.newPayer(2)).payer);
  selling.clock.nowMs += 60 * DAY_MS;
  expect((await waiting()).transfers).toMatchObject([{ subscription: id }]);
});

test("who is no operator is not told", async () => {
  const { connection } = await selling.server.newMember();
  await expect(connection.call("GET /v1/operator/pay/waiting")).rejects.toMatchObject({
    code: "member.not-operator",
  });
});

test("members are counted by the room that they paid for, and by how they stand", async () => {
  const member = await selling.server.newMember();
  const { id } = await buy();
  await seen(id, 8_000, "in");
  const now = selling.clock.nowMs;
  await bringLevel({ payer, member: member.connection, seed, kept: undefined, now });
  expect(await operator.connection.call("GET /v1/operator/sums")).toMatchObject({
    members: 2,
    states: [{ state: "active", count: 2 }],
    lapses: [{ state: "ahead", count: 1 }],
    levels: [
      { levelBytes: 0, members: 1, usedBytes: 0 },
      { levelBytes: filesBytes + textBytes, members: 1, usedBytes: 0 },
    ],
  });
});
