import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../packages/core/src/client/index.ts";
import { standardCatalogue, type Catalogue } from "../../packages/core/src/plans/index.ts";
import { startStripe } from "../../packages/server/src/billing/simulators/stripe/simulator.ts";
import { startSelling, type Selling } from "./paying.ts";
import type { Member } from "./serving.ts";

const DAY_MS = 24 * 60 * 60_000;
const catalogue: Catalogue = {
  ...standardCatalogue,
  version: 2,
  reductions: [
    { id: "student", name: { zh: "学生", en: "Student" }, percentOff: 20, needs: "student" },
    { id: "family-start", name: { zh: "家", en: "Family" }, percentOff: 33, periods: 2, needs: "family" },
    { id: "once", name: { zh: "一", en: "Once" }, percentOff: 25, periods: 1, needs: "coupon" },
    { id: "all-of-it", name: { zh: "全", en: "All" }, percentOff: 100, periods: 1, needs: "coupon" },
  ],
};

let folder: string;
let selling: Selling;
let operator: Member;
let payer: Connection;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-reductions-"));
  const file = join(folder, "plans.json");
  await writeFile(file, JSON.stringify(catalogue));
  selling = await startSelling([startStripe], undefined, { KEEPSAKE_PLANS: file });
  operator = await selling.server.newOperator();
  ({ payer } = await selling.newPayer());
});
afterEach(async () => {
  await selling[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const pass = (days: number) => void (selling.clock.nowMs += days * DAY_MS);
const makeProofs = async (reduction = "student", count = 1) =>
  (await operator.connection.call("POST /v1/operator/pay/proofs", { body: { reduction, count, days: 30 } }))
    .codes;
const wanted = { plan: "gb-50", period: "year", channel: "web", provider: "manual" } as const;
interface More {
  readonly coupon?: string;
  readonly provider?: string;
  readonly plan?: string;
  readonly replaces?: string;
  readonly renews?: boolean;
}
const offer = (more: More, by = payer) => by.call("POST /v1/pay/offers", { body: { ...wanted, ...more } });
const buy = (more: More, by = payer) =>
  by.call("POST /v1/pay/subscriptions", {
    body: { ...wanted, renews: false, screen: "page", returnUrl: "https://a.example/", ...more },
  });
const seen = (subscription: string, amountMinor: number, name = `booking of ${subscription}`) =>
  operator.connection.call("POST /v1/operator/pay/seen", { body: { subscription, name, amountMinor } });
const noCoupon = { code: "pay.no-coupon" };

test("a proof takes its part off, for one subscription of one account, and not after its day", async () => {
  const [code, late] = await makeProofs("student", 2);
  const typed = ` ${code!.toUpperCase().replaceAll("-", " ")} `;
  expect(await offer({ coupon: typed })).toMatchObject({
    priceMinor: 8_000,
    reductionMinor: 1_600,
    amountMinor: 6_400,
    renewalMinor: 6_400,
  });
  // Looking at it uses nothing up, and neither does what is never paid.
  await buy({ coupon: code! });
  const { id } = await buy({ coupon: code! });
  const { payer: other } = await selling.newPayer(2);
  await expect(offer({ coupon: code! }, other)).rejects.toMatchObject(noCoupon);
  await expect(buy({ coupon: code! }, other)).rejects.toMatchObject(noCoupon);
  await expect(seen(id, 8_000)).rejects.toMatchObject({ code: "pay.not-now" });
  expect(await seen(id, 6_400)).toMatchObject({ state: "active" });
  await expect(offer({ coupon: code!, replaces: id })).rejects.toMatchObject(noCoupon);
  pass(31);
  await expect(offer({ coupon: late! }, other)).rejects.toMatchObject(noCoupon);
  await expect(offer({ coupon: "nobody-ever-made-this" }, other)).rejects.toMatchObject(noCoupon);
  // The name of a reduction that wants a proof is no coupon.
  await expect(offer({ coupon: "student" }, other)).rejects.toMatchObject(noCoupon);
  expect(
    JSON.stringify(await selling.server.server.db.query.selectFrom("proofCode").selectAll().execute()),
  ).not.toContain(code!.replaceAll("-", ""));
});

test("a proof is used by one of many at once, and is good again where all was paid back", async () => {
  const [code] = await makeProofs();
  const payers = await Promise.all(Array.from({ length: 6 }, (_, i) => selling.newPayer(i + 10)));
  const begun = await Promise.allSettled(payers.map((each) => buy({ coupon: code! }, each.payer)));
  const bought = begun.flatMap((each, i) => (each.status === "fulfilled" ? [{ ...each.value, i }] : []));
  expect(bought).toHaveLength(1);
  const [{ id, i }] = bought as [(typeof bought)[number]];
  const by = payers[i]!.payer;
  await seen(id, 6_400);
  await by.call("POST /v1/pay/subscriptions/{id}/refund", { params: { id } });
  await seen(id, -6_400, "sent back");
  expect(await offer({ coupon: code! }, by)).toMatchObject({ amountMinor: 6_400 });
});

test("proofs are made for reductions that want one, and by the operator", async () => {
  await expect(makeProofs("once")).rejects.toMatchObject(noCoupon);
  await expect(makeProofs("nothing")).rejects.toMatchObject(noCoupon);
  const member = await selling.server.newMember();
  const body = { reduction: "student", count: 1, days: 1 };
  await expect(member.connection.call("POST /v1/operator/pay/proofs", { body })).rejects.toMatchObject({
    code: "member.not-operator",
  });
});

test("what is less for some terms alone is told so, and not renewed by who charges the same each time", async () => {
  const [code] = await makeProofs("family-start");
  const offered = await offer({ coupon: code!, provider: "stripe" });
  // What is rounded is rounded in favour of who pays.
  expect(offered).toMatchObject({
    amountMinor: 5_360,
    renewalMinor: 5_360,
    later: { terms: 1, amountMinor: 8_000 },
    mayRenew: false,
  });
  await expect(buy({ coupon: code!, provider: "stripe", renews: true })).rejects.toMatchObject({
    code: "pay.no-renewal",
  });
  const once = await offer({ coupon: "once", provider: "stripe" });
  expect(once).toMatchObject({ amountMinor: 6_000, renewalMinor: 8_000, mayRenew: true });
  expect(once).not.toHaveProperty("later");
});

test("what is left of a reduction goes on with the plan that takes the place of one", async () => {
  const [student, family] = [(await makeProofs())[0]!, (await makeProofs("family-start"))[0]!];
  const { id } = await buy({ coupon: student });
  await seen(id, 6_400);
  pass(10);
  expect(await offer({ plan: "gb-200", replaces: id })).toMatchObject({ reductionMinor: 5_960 });
  const { payer: other } = await selling.newPayer(2);
  const first = await buy({ coupon: family }, other);
  await seen(first.id, 5_360);
  pass(300);
  const second = await offer({ replaces: first.id }, other);
  expect(second).toMatchObject({ reductionMinor: 2_640, renewalMinor: 8_000 });
  const { id: next } = await buy({ replaces: first.id }, other);
  await seen(next, second.amountMinor);
  pass(100);
  expect(await offer({ replaces: next }, other)).toMatchObject({ reductionMinor: 0, renewalMinor: 8_000 });
});

test("nothing is ever less than nothing: what is wholly off is paid for, and begins", async () => {
  const offered = await offer({ coupon: "all-of-it" });
  expect(offered).toMatchObject({ amountMinor: 0, reductionMinor: 8_000, renewalMinor: 8_000 });
  expect(await buy({ coupon: "all-of-it" })).toMatchObject({ next: { how: "nothing" } });
  const { subscriptions } = await payer.call("GET /v1/pay/account");
  expect(subscriptions).toMatchObject([{ state: "active" }]);
  const { refunds } = await payer.call("GET /v1/pay/subscriptions/{id}/refund", {
    params: { id: subscriptions[0]!.id },
  });
  expect(refunds).toEqual([]);
  expect(await selling.server.server.db.query.selectFrom("ledger").selectAll().execute()).toEqual([]);
});
