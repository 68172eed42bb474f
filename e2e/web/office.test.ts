import { readFile } from "node:fs/promises";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPayer } from "../../packages/core/src/client/plans/index.ts";
import type { Connection } from "../../packages/core/src/client/index.ts";
import { catalogueProblems, standardCatalogue, type Catalogue } from "../../packages/core/src/plans/index.ts";
import { missing, startSite, type Site } from "./browsing.ts";
import { fill, heading, password, signUp, unlock, visit } from "./person.ts";
import { violations } from "./violations.ts";

/*
 * The operator looks at what was sold, does by hand what only they can do, and reckons with other prices. The server
 * sells at simulated providers.
 */

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite({ KEEPSAKE_PAYMENTS_TEST: "yes" });
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const slow = { timeout: 180_000 };
const wide = { viewport: { width: 1280, height: 800 }, acceptDownloads: true };

async function payerOf(number: number): Promise<Connection> {
  return (await openPayer(site.server.connection, [new Uint8Array(32).fill(number)], { isNew: true }))!;
}

async function buy(payer: Connection, provider: string, plan = "gb-50") {
  return payer.call("POST /v1/pay/subscriptions", {
    body: {
      plan,
      period: "year",
      channel: "web",
      provider,
      renews: false,
      screen: "page",
      returnUrl: `${site.url}/#/plan`,
    },
  });
}

/** What somebody does on the page of a simulated provider. */
async function payAt(url: string): Promise<void> {
  const page = await fetch(url);
  const action = /action="([^"]*\/pay)"/.exec(await page.text())![1]!;
  await fetch(new URL(action, page.url), { method: "POST" });
}

async function stateOf(payer: Connection, id: string): Promise<string> {
  return (await payer.call("GET /v1/pay/subscriptions/{id}", { params: { id } })).state;
}

/** Whoever is a member becomes an operator, and comes in again. */
async function becomeOperator(page: Page, name: string): Promise<void> {
  await site.server.server.db.query.updateTable("member").set({ isOperator: 1 }).execute();
  await page.reload();
  await unlock(page, name);
  await page.getByRole("link", { name: "Operator" }).waitFor();
}

test.skipIf(missing !== undefined)(
  "who is no operator has no console, and is refused by its address",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await signUp(page, "nobody");
    await visit(page, "office");
    await page.getByRole("alert").getByText("Only the operator of this server").waitFor();
    expect(await page.getByRole("link", { name: "Operator" }).count()).toBe(0);
    // What the server refuses, the browser says.
    expect(problems().filter((each) => !each.includes("403"))).toEqual([]);
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "the operator sees what was sold, confirms a transfer, sends money back, writes a bill, makes codes",
  slow,
  async () => {
    const [stripe, transfer, back] = [await payerOf(1), await payerOf(2), await payerOf(3)];
    const bought = await buy(stripe, "stripe");
    await payAt((bought.next as { readonly url: string }).url);
    await expect.poll(() => stateOf(stripe, bought.id), { timeout: 10_000 }).toBe("active");
    const told = await buy(transfer, "manual", "gb-200");
    const returned = await buy(back, "manual");

    const { page, context, problems } = await site.newVisitor(wide);
    await signUp(page, "operator");
    await becomeOperator(page, "operator");
    await page.getByRole("link", { name: "Operator" }).click();
    await heading(page, "Operator");
    const now = page.locator(".now");
    await now.waitFor();
    expect(await now.textContent()).toMatch(/Paid subscriptions1.*Failed charges0/s);
    const standing = page.getByRole("region", { name: "Subscriptions by plan and state" });
    expect(await standing.textContent()).toContain("50 GB");
    expect(await page.locator(".bars").first().textContent()).toContain("¥80.00");

    await page.getByRole("link", { name: "To do" }).click();
    await page.getByText("TEST: no money moves.").waitFor();
    const { purpose } = told.next as { readonly purpose: string };
    const card = (name: string) => page.locator("article.card", { hasText: name });
    await card(purpose).getByLabel("Number of the booking").fill("B-1");
    await card(purpose).getByRole("button", { name: "It is there" }).click();
    await card(purpose).waitFor({ state: "detached" });
    expect(await stateOf(transfer, told.id)).toBe("active");

    const other = (returned.next as { readonly purpose: string }).purpose;
    await card(other).getByLabel("Number of the booking").fill("B-2");
    await card(other).getByRole("button", { name: "It is there" }).click();
    await card(other).waitFor({ state: "detached" });
    await back.call("POST /v1/pay/subscriptions/{id}/refund", { params: { id: returned.id } });
    const bill = { title: "Example Ltd", taxNumber: "91310000TEST", email: "bills@example.org" };
    await transfer.call("POST /v1/pay/invoices", { body: { charge: `${told.id}-1`, ...bill } });
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("link", { name: "To do" }).click();
    await card(other).getByText("¥80.00 back").waitFor();
    await card(other).getByLabel("Number of the booking").fill("B-3");
    await card(other).getByRole("button", { name: "It is sent" }).click();
    await card(other).waitFor({ state: "detached" });
    await card("Example Ltd").getByLabel("Number of the bill").fill("2027-1");
    await card("Example Ltd").getByRole("button", { name: "It is written" }).click();
    await card("Example Ltd").waitFor({ state: "detached" });
    const { receipts } = await transfer.call("GET /v1/pay/receipts");
    expect(receipts[0]!.invoice).toMatchObject({ state: "issued", number: "2027-1" });

    await fill(page, { "How many": "3" }, "Make");
    const codes = (await page.getByRole("textbox", { name: "Codes" }).inputValue()).split("\n");
    expect(codes).toHaveLength(3);
    await (await payerOf(4)).call("POST /v1/pay/codes", { body: { code: codes[0]! } });
    await fill(page, { "How many proofs": "2" }, "Make proofs");
    const proofs = (await page.getByRole("textbox", { name: "Proofs for paying less" }).inputValue()).split(
      "\n",
    );
    const wanted = { plan: "gb-50", period: "year", channel: "web", provider: "manual" } as const;
    const offered = await (
      await payerOf(5)
    ).call("POST /v1/pay/offers", { body: { ...wanted, coupon: proofs[1]! } });
    expect([proofs.length, offered.amountMinor]).toEqual([2, 6_400]);
    const [ledger] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as CSV" }).last().click(),
    ]);
    const lines = (await readFile(await ledger.path(), "utf8")).trim().split("\r\n");
    expect(lines[0]).toBe("number,date,cause,account,amount_minor,currency,subscription");
    const sum = lines.slice(1).reduce((total, line) => total + Number(line.split(",")[4]), 0);
    expect([lines.length, sum]).toEqual([9, 0]);
    expect(problems()).toEqual([]);
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "prices are planned on a copy, which is saved as the next version and changes nothing",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await signUp(page, "planner");
    await becomeOperator(page, "planner");
    await visit(page, "office/prices");
    const years = page.getByRole("region", { name: "What a year leaves of each plan" });
    const row = years.getByRole("row", { name: /^50 GB/ });
    await row.getByText("¥80.00").waitFor();
    await page.getByLabel("50 GB, a year").fill("9x");
    await page.getByText("Some numbers cannot be read").waitFor();
    expect(await page.getByLabel("50 GB, a year").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("50 GB, a year").fill("96");
    await row.getByText("¥96.00").waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /^Save the catalogue/ }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("plans-2.json");
    const saved = JSON.parse(await readFile(await file.path(), "utf8")) as Catalogue;
    expect(catalogueProblems(saved)).toEqual([]);
    expect(saved.plans[1]!.offers[0]!.prices.iphone).toEqual({ priceMinor: 9_600, storeFeeMinor: 3_201 });
    expect(await site.server.connection.call("GET /v1/plans")).toEqual(standardCatalogue);

    await page.getByRole("radio", { name: "Told of in 2021" }).check();
    const market = page.getByRole("region", { name: "A whole market" });
    const naive = market.getByRole("row", { name: /naive bound/ });
    expect(await naive.textContent()).toMatch(/1,250,000,000¥162\.5B/);
    expect(await market.getByRole("row", { name: /^11 %/ }).textContent()).toMatch(/137,500,000¥17\.9B/);
    await page.getByLabel("Monthly users").fill("1000");
    expect(await naive.textContent()).toMatch(/1,000¥130K/);
    expect(problems()).toEqual([]);
    await context.close();
  },
);

const views = [
  { colorScheme: "light", locale: "zh-CN", width: 360 },
  { colorScheme: "dark", locale: "en-US", width: 360 },
  { colorScheme: "dark", locale: "zh-CN", width: 1280 },
  { colorScheme: "light", locale: "en-US", width: 1600 },
] as const;

test.skipIf(missing !== undefined).each(views)(
  "the console keeps nobody out: $colorScheme, $locale, $width px",
  slow,
  async ({ colorScheme, locale, width }) => {
    const name = `view-${colorScheme}-${width}`;
    const own = await site.newVisitor({ ...wide, locale: "en-US", colorScheme });
    const { page, context, problems } = own;
    await signUp(page, name);
    await site.server.server.db.query.updateTable("member").set({ isOperator: 1 }).execute();
    await page.evaluate(
      (chosen) => {
        localStorage.setItem("keepsake-language", chosen);
      },
      locale === "zh-CN" ? "zh" : "en",
    );
    await page.setViewportSize({ width, height: 760 });
    await page.reload();
    await page.locator("input[type=password]").fill(password);
    await page.keyboard.press("Enter");
    await page.locator("nav a").first().waitFor();
    // Something for every part of it.
    await buy(await payerOf(views.length + width), "manual").catch(() => undefined);
    const found: string[] = [];
    for (const place of ["office", "office/costs", "office/prices", "office/money"]) {
      await visit(page, place);
      await page.locator(".office section, .office .card").last().waitFor();
      const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      if (isWide) found.push(`${place}: wider than the screen`);
      found.push(...(await violations(page)).map((each) => `${place}: ${each}`));
    }
    expect(found).toEqual([]);
    expect(problems()).toEqual([]);
    await context.close();
  },
);
