import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bringLevel, tryPlan } from "../../packages/core/src/client/plans/index.ts";
import type { Connection } from "../../packages/core/src/client/index.ts";
import { standardCatalogue } from "../../packages/core/src/plans/index.ts";
import { startTrial } from "../../packages/server/src/billing/books/buying/trials.ts";
import { reportOf } from "../../packages/server/src/billing/books/office/report.ts";
import { goRound } from "../../packages/server/src/billing/books/round/round.ts";
import { endingBooks, Gone, type Steps } from "../../packages/server/testing/pay/crashing.ts";
import { turnAll } from "../../packages/server/src/levels/turn.ts";
import { startSelling, type Selling } from "./paying.ts";
import type { Member } from "./serving.ts";

const DAY_MS = 24 * 60 * 60_000;
const OWN_BYTES = 2_000_000_000;
const { trialDays, room } = standardCatalogue.plans.find(({ id }) => id === "gb-50")!;
const roomBytes = room.filesBytes + room.textBytes;

let selling: Selling;
let operator: Member;
let member: Member;
let payer: Connection;
let seed: Uint8Array<ArrayBuffer>;
beforeEach(async () => {
  selling = await startSelling([], undefined, { KEEPSAKE_QUOTA_BYTES: String(OWN_BYTES) });
  operator = await selling.server.newOperator();
  member = await selling.server.newMember();
  ({ payer, seed } = await selling.newPayer());
});
afterEach(() => selling[Symbol.asyncDispose]());

const today = () => Math.floor(selling.clock.nowMs / DAY_MS);
const pass = (days: number) => void (selling.clock.nowMs += days * DAY_MS);
const account = (by = payer) => by.call("GET /v1/pay/account");
const tryIt = (
  more: {
    plan?: string;
    payer?: Connection;
    member?: Connection;
    seed?: Uint8Array<ArrayBuffer>;
  } = {},
) => {
  const { plan = "gb-50", ...by } = more;
  return tryPlan(plan, { payer, member: member.connection, seed, knownKey: undefined, ...by });
};
const bring = () =>
  bringLevel({ payer, member: member.connection, seed, kept: undefined, now: selling.clock.nowMs });
const year = { period: "year", channel: "web", provider: "manual" } as const;
const buy = (plan: string, more: { replaces?: string } = {}) =>
  payer.call("POST /v1/pay/subscriptions", {
    body: { ...year, plan, renews: false, screen: "page", returnUrl: "https://a.example/", ...more },
  });
const seen = (subscription: string, amountMinor: number) =>
  operator.connection.call("POST /v1/operator/pay/seen", {
    body: { subscription, name: `booking of ${subscription}`, amountMinor },
  });
const ledgerLines = async () =>
  (await selling.server.server.db.query.selectFrom("ledger").selectAll().execute()).length;
const subscriptionRows = async () =>
  (await selling.server.server.db.query.selectFrom("subscription").select("id").execute()).length;

type Call = (route: string, given: { readonly body: { input: string; output: string } }) => Promise<unknown>;

/** The same way to the server, with something between it and the answers. */
function through(connection: Connection, between: (call: Call) => Call): Connection {
  const call = connection.call.bind(connection) as unknown as Call;
  return new Proxy(connection, {
    get: (target, name) => (name === "call" ? between(call) : (Reflect.get(target, name, target) as unknown)),
  });
}

/** The server does what it is asked, and its answers to a route are lost. */
const losing = (connection: Connection, lost: string) =>
  through(connection, (call) => async (route, given) => {
    const answer = await call(route, given);
    if (route === lost) throw new Error("the line broke");
    return answer;
  });

describe("a trial", () => {
  test("gives the room of its plan for its days, charges nothing, and ends by itself", async () => {
    const { line } = await tryIt();
    expect(line).toMatchObject({
      state: "trial",
      plan: "gb-50",
      untilDay: today() + 1 + trialDays,
      renews: false,
      mayRenew: false,
      mayPause: false,
      hadTrial: true,
    });
    await bring();
    expect((await member.connection.call("GET /v1/member")).quotaBytes).toBe(roomBytes);
    const params = { params: { id: line.id } };
    expect((await payer.call("GET /v1/pay/subscriptions/{id}/refund", params)).refunds).toEqual([]);
    await expect(
      payer.call("PUT /v1/pay/subscriptions/{id}/pause", { ...params, body: { isPaused: true } }),
    ).rejects.toMatchObject({ code: "pay.not-now", details: { why: "trial" } });
    pass(trialDays);
    expect((await account()).subscriptions).toMatchObject([{ state: "trial" }]);
    pass(1);
    for (let day = 0; day < 10; day++, pass(1)) expect(await goRound(selling.server.server)).toEqual({});
    expect((await account()).subscriptions).toMatchObject([{ state: "expired", renews: false }]);
    expect([(await account()).levels, await ledgerLines()]).toEqual([[], 0]);
    await turnAll(selling.server.server);
    expect((await member.connection.call("GET /v1/member")).quotaBytes).toBe(OWN_BYTES);
    // Who never paid has not left.
    pass(20);
    expect((await reportOf(selling.server.server)).churn).toEqual({ ended: 0, of: 0 });
  });

  test("is had once by a member, whatever accounts they have, and by whoever the ticket is passed on to", async () => {
    await tryIt();
    const none = { code: "ticket.no-trial" };
    const other = await selling.newPayer(2);
    await expect(tryIt(other)).rejects.toMatchObject(none);
    // The same ticket, shown by another account.
    await expect(tryIt({ payer: other.payer })).rejects.toMatchObject(none);
    pass(trialDays + 1);
    await expect(tryIt()).rejects.toMatchObject(none);
    await expect(tryIt({ plan: "gb-200" })).rejects.toMatchObject(none);
    const made = { input: "ab".repeat(32), output: "cd".repeat(64) };
    await expect(
      other.payer.call("POST /v1/pay/trials", { body: { plan: "gb-50", ...made } }),
    ).rejects.toMatchObject({ code: "ticket.bad" });
    const another = await selling.server.newMember();
    const tried = await tryIt({ ...other, member: another.connection });
    expect(tried.line).toMatchObject({ state: "trial" });
  });

  test("is there where the catalogue has days for it, where something is sold, and for who has nothing", async () => {
    const noOffer = { code: "pay.no-such-offer" };
    for (const plan of ["free", "none"]) await expect(tryIt({ plan })).rejects.toMatchObject(noOffer);
    const { id } = await buy("gb-50");
    await seen(id, 8_000);
    await expect(tryIt()).rejects.toMatchObject({ code: "pay.already", details: { subscription: id } });
    const other = await selling.newPayer(2);
    const another = await selling.server.newMember();
    const providers = selling.server.server.providers as Map<string, unknown>;
    providers.clear();
    await expect(tryIt({ ...other, member: another.connection })).rejects.toMatchObject(noOffer);
    expect(await subscriptionRows()).toBe(1);
  });

  test("gives way to what is bought, named or not, and is worth nothing towards it", async () => {
    const { line } = await tryIt();
    const offered = await payer.call("POST /v1/pay/offers", { body: { ...year, plan: "gb-200" } });
    expect(offered).toMatchObject({ creditMinor: 0, extraDays: 0, amountMinor: 29_800 });
    const { id } = await buy("gb-200");
    expect((await account()).subscriptions.map(({ state }) => state).toSorted()).toEqual([
      "pending",
      "trial",
    ]);
    await seen(id, 29_800);
    const after = new Map((await account()).subscriptions.map((each) => [each.id, each]));
    expect(after.get(id)).toMatchObject({ state: "active", hadTrial: false });
    expect(after.get(line.id)).toMatchObject({ state: "ended", hadTrial: true });
    expect(await ledgerLines()).toBe(2);
  });

  test("gives way to a code", async () => {
    const { line } = await tryIt();
    const { codes } = await operator.connection.call("POST /v1/operator/pay/codes", {
      body: { plan: "gb-50", period: "month", periods: 2, count: 1, days: 30 },
    });
    const redeemed = await payer.call("POST /v1/pay/codes", { body: { code: codes[0]! } });
    const states = (await account()).subscriptions.map(({ id, state }) => [id, state]);
    expect(Object.fromEntries(states)).toEqual({ [line.id]: "ended", [redeemed.id]: "active" });
  });
});

describe("nothing of a trial is lost", () => {
  test("where an answer is: the same again goes on from there", async () => {
    const broke = "the line broke";
    const cutOff = losing(member.connection, "POST /v1/level/trial");
    await expect(tryIt({ member: cutOff })).rejects.toThrow(broke);
    await expect(tryIt({ payer: losing(payer, "POST /v1/pay/trials") })).rejects.toThrow(broke);
    // Another device of the member, which knows nothing of it.
    const { line } = await tryIt();
    expect(line).toMatchObject({ state: "trial" });
    expect(await tryIt()).toMatchObject({ line: { id: line.id } });
    expect(await subscriptionRows()).toBe(1);
  });

  test("where many devices ask at once", async () => {
    const lines = await Promise.all(Array.from({ length: 6 }, () => tryIt()));
    expect(new Set(lines.map(({ line }) => line.id)).size).toBe(1);
    expect(await subscriptionRows()).toBe(1);
  });

  test("wherever the server's process ends", async () => {
    const books = selling.server.server;
    let ticket: { input: string; output: string } | undefined;
    const catching = through(payer, (call) => (route, given) => {
      if (route === "POST /v1/pay/trials") ticket = given.body;
      return call(route, given);
    });
    await expect(tryIt({ payer: catching, plan: "none" })).rejects.toMatchObject({
      code: "pay.no-such-offer",
    });
    const { id } = await books.db.query.selectFrom("account").select("id").executeTakeFirstOrThrow();
    const by = { id, publicKey: "", language: "en" };
    const { input, output } = ticket!;
    let points = 0;
    for (let until = 0; ; until++) {
      const steps: Steps = { taken: 0, until };
      const isOver = await startTrial(endingBooks(books, steps), by, {
        plan: "gb-50",
        ticket: { input, output },
      }).then(
        () => false,
        (error: unknown) => {
          if (error instanceof Gone) return true;
          throw error;
        },
      );
      if (!isOver) break;
      points++;
    }
    expect(points).toBeGreaterThan(5);
    const { line } = await tryIt();
    expect(line).toMatchObject({ state: "trial", untilDay: today() + 1 + trialDays });
    expect(await subscriptionRows()).toBe(1);
  });
});
