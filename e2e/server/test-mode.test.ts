import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openPayer } from "../../packages/core/src/client/plans/index.ts";
import { Connection } from "../../packages/core/src/client/index.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { paidMinor, standardCatalogue } from "../../packages/core/src/plans/index.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { serve, type Serving } from "../../packages/server/src/serve.ts";

/*
 * A server on which everything can be bought at simulated providers, as `npm start` is.
 */

let folder: string;
let running: Serving[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-test-mode-"));
  running = [];
});
afterEach(async () => {
  for (const serving of running) await serving.stop();
  await rm(folder, { recursive: true });
});

async function start(settings: Readonly<Record<string, string>> = { KEEPSAKE_PAYMENTS_TEST: "yes" }) {
  const environment = { KEEPSAKE_DATA: folder, KEEPSAKE_PORT: "0", KEEPSAKE_WEB: "", ...settings };
  const serving = await serve(parseConfig(environment), { log: () => undefined });
  running.push(serving);
  return serving;
}

async function stop(): Promise<void> {
  for (const serving of running.splice(0)) await serving.stop();
}

async function payerAt({ url }: Serving): Promise<Connection> {
  const connection = new Connection({ url, primitives: nodePrimitives });
  return (await openPayer(connection, [new Uint8Array(32).fill(7)], { isNew: true }))!;
}

const wanted = { plan: "gb-50", period: "year", channel: "web" } as const;
const how = { renews: false, screen: "page", returnUrl: "https://keepsake.example/#/plan" } as const;

/** Buys at a provider's page, as somebody does in a browser. */
async function buy(payer: Connection, provider = "stripe"): Promise<string> {
  const { id, next } = await payer.call("POST /v1/pay/subscriptions", {
    body: { ...wanted, ...how, provider },
  });
  const { url, text } = next as { readonly url?: string; readonly text?: string };
  const page = await fetch(url ?? text!);
  const html = await page.text();
  expect(html).toMatch(/<h1>[^<]*TEST/);
  const action = /action="([^"]*\/pay)"/.exec(html)![1]!;
  expect((await fetch(new URL(action, page.url), { method: "POST" })).status).toBe(200);
  const state = async () => (await payer.call("GET /v1/pay/subscriptions/{id}", { params: { id } })).state;
  await expect.poll(state, { timeout: 10_000 }).toBe("active");
  return id;
}

test("in test mode there are six ways to pay, each says so, and a purchase goes through", async () => {
  const serving = await start();
  expect(serving.isPaymentsTest).toBe(true);
  const payer = await payerAt(serving);
  const { ways } = await payer.call("GET /v1/pay");
  expect(ways).toHaveLength(6);
  expect(ways.every(({ isTest }) => isTest)).toBe(true);
  const id = await buy(payer);
  const { subscriptions } = await payer.call("GET /v1/pay/account");
  expect(subscriptions).toMatchObject([{ id, isTest: true, provider: "stripe" }]);
});

test("phones' stores sell what the catalogue offers, at their own prices", async () => {
  const payer = await payerAt(await start());
  const [offer] = standardCatalogue.plans.find(({ id }) => id === "gb-50")!.offers;
  const body = { ...wanted, ...how, provider: "apple", channel: "iphone" } as const;
  const { next } = await payer.call("POST /v1/pay/subscriptions", { body });
  expect(next).toMatchObject({ how: "store", product: "keepsake.gb-50.year" });
  expect(paidMinor(offer!, "iphone")).toBe(10_667);
});

test.each(["stripe", "alipay", "wechat"])(
  "what was bought at %s stands after the next start, whose simulators know nothing of it",
  async (provider) => {
    const id = await buy(await payerAt(await start()), provider);
    await stop();
    const payer = await payerAt(await start());
    const line = await payer.call("GET /v1/pay/subscriptions/{id}", { params: { id } });
    expect(line).toMatchObject({ state: "active", isTest: true });
  },
);

test("a database on which something was bought for nothing never takes money", async () => {
  const file = join(folder, "payments.json");
  await writeFile(file, JSON.stringify({ mode: "live", manual: { to: { zh: "示例", en: "Example" } } }), {
    mode: 0o600,
  });
  const live = { KEEPSAKE_PAYMENTS: file, KEEPSAKE_PUBLIC_URL: "https://keepsake.example" };
  await start();
  await stop();
  // Nothing was bought.
  await start(live);
  await stop();
  await buy(await payerAt(await start()));
  await stop();
  await expect(start(live)).rejects.toMatchObject({
    code: "base.invalid",
    details: { name: "KEEPSAKE_PAYMENTS", rule: "bought-in-test-mode" },
  });
  await start();
});

test("a database on which something was bought in earnest is no place for tests", async () => {
  const file = join(folder, "payments.json");
  await writeFile(file, JSON.stringify({ mode: "live", manual: { to: { zh: "示例", en: "Example" } } }), {
    mode: 0o600,
  });
  const live = { KEEPSAKE_PAYMENTS: file, KEEPSAKE_PUBLIC_URL: "https://keepsake.example" };
  const payer = await payerAt(await start(live));
  await payer.call("POST /v1/pay/subscriptions", { body: { ...wanted, ...how, provider: "manual" } });
  await stop();
  await expect(start()).rejects.toMatchObject({ details: { rule: "bought-in-live-mode" } });
});
