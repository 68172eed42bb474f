import type { Page } from "playwright";
import type { Connection } from "../../packages/core/src/client/index.ts";
import { builtWeb } from "../../tools/web/built.ts";
import type { Simulator, SimulatorParts } from "../../packages/server/src/billing/simulators/simulator.ts";
import { startSelling, type Selling } from "../server/paying.ts";
import { browse, type Site } from "./browsing.ts";
import { heading, signUp, visit } from "./person.ts";

/** The room that everybody has. */
const OWN_BYTES = 2_000_000_000;

/** A server that sells, with the web app and the providers' simulators, in a browser. */
export interface Shop extends Site {
  readonly selling: Selling;
}

export async function startShop(
  starts: readonly ((parts: SimulatorParts) => Promise<Simulator>)[],
  {
    ownBytes = OWN_BYTES,
    settings = {},
  }: { readonly ownBytes?: number; readonly settings?: Readonly<Record<string, string>> } = {},
): Promise<Shop> {
  // Today, since browsers have a clock of their own; but it stands still until a test moves it.
  const clock = {
    nowMs: Date.now(),
    now(): number {
      return this.nowMs;
    },
  };
  const selling = await startSelling(starts, clock, {
    KEEPSAKE_WEB: await builtWeb(),
    KEEPSAKE_QUOTA_BYTES: String(ownBytes),
    ...settings,
  });
  const site = await browse(selling.server, { others: selling.simulators.map(({ url }) => url) });
  return {
    ...site,
    selling,
    async [Symbol.asyncDispose]() {
      await site[Symbol.asyncDispose]();
      await selling[Symbol.asyncDispose]();
    },
  };
}

/** What is ticked or chosen beforehand on the page. */
export function chosenBeforehand(page: Page): Promise<number> {
  return page.locator("input:checked").count();
}

/** Somebody on the page of plans, as a new member. */
export async function newBuyer(site: Shop, name: string): Promise<Awaited<ReturnType<Site["newVisitor"]>>> {
  const visitor = await site.newVisitor();
  await signUp(visitor.page, name);
  await visit(visitor.page, "plan");
  await heading(visitor.page, "Plan");
  return visitor;
}

/** Buys a plan by a transfer, which the operator sees. */
export async function buyByTransfer(
  shop: Shop,
  page: Page,
  { plan, amountMinor }: { readonly plan: string; readonly amountMinor: number },
): Promise<void> {
  await visit(page, `plan/buy/${plan}/year`);
  await payByTransfer(shop, page, amountMinor);
}

/** From the page of a plan to its payment. */
export async function payByTransfer({ selling }: Shop, page: Page, amountMinor: number): Promise<void> {
  await page.getByLabel("Bank transfer").check();
  await page.getByRole("button", { name: /^Pay/ }).click();
  const purpose = page.locator(".fields .address").nth(1);
  await purpose.waitFor();
  const subscription = ((await purpose.textContent()) ?? "").toLowerCase().replaceAll(" ", "");
  const body = { subscription, name: `booking of ${subscription}`, amountMinor };
  await (await newOperator(selling)).call("POST /v1/operator/pay/seen", { body });
  await page.getByRole("button", { name: "See whether it came in" }).click();
  await page.getByText(/paid, thank you/i).waitFor();
}

/** Whoever tells what came in, and makes codes. */
export async function newOperator({ server }: Selling): Promise<Connection> {
  return (await server.newOperator()).connection;
}
