import type { Page } from "playwright";
import { expect, onTestFinished, test } from "vitest";
import { startStripe } from "../../packages/server/src/billing/simulators/stripe/simulator.ts";
import { missing } from "./browsing.ts";
import { heading, unlock, visit } from "./person.ts";
import { buyByTransfer, newBuyer, newOperator, payByTransfer, startShop, type Shop } from "./shop.ts";

const DAY_MS = 86_400_000;

async function shop(starts: Parameters<typeof startShop>[0] = []): Promise<Shop> {
  const opened = await startShop(starts);
  onTestFinished(() => opened[Symbol.asyncDispose]());
  return opened;
}

/** Counts what is clicked from now on, wherever it is. */
async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counter = globalThis as unknown as { clicks: number };
    counter.clicks = 0;
    // A click of a person, not those that labels and forms pass on.
    addEventListener("click", ({ isTrusted }) => (counter.clicks += isTrusted ? 1 : 0), true);
  });
  return () => page.evaluate(() => (globalThis as unknown as { clicks: number }).clicks);
}

test.skipIf(missing !== undefined)(
  "renewal ends by two clicks in the same place; what follows is told before and after, and nothing else is asked",
  { timeout: 180_000 },
  async () => {
    const site = await shop([startStripe]);
    const { page, problems } = await newBuyer(site, "ends");
    await visit(page, "plan/buy/gb-50/year");
    await page.getByLabel("Card (Stripe)").check();
    await page.getByLabel("Renew by itself at the end").check();
    await page.getByRole("button", { name: "Pay ¥80.00" }).click();
    await page.getByRole("button", { name: "Pay", exact: true }).click();
    await page.getByRole("link", { name: "Back" }).click();
    await unlock(page, "ends");
    await page.getByText("Paid, thank you").waitFor();
    await page.getByText("It renews by itself").waitFor();
    site.selling.clock.nowMs += DAY_MS;
    await visit(page, "home");
    await visit(page, "plan");
    await heading(page, "Plan");
    const clicks = await countClicks(page);
    const screens: string[] = [];
    page.on("framenavigated", (frame) => void screens.push(frame.url()));
    const off = page.getByRole("button", { name: "Do not renew", exact: true });
    const before = await off.boundingBox();
    await off.click();
    const told = page.getByRole("region", { name: "Do not renew" });
    expect(await told.textContent()).toMatch(
      /Nothing more is charged. Everything works to the end of \w+ \d+, \d{4}; afterwards all that is stored can be read, restored and exported/,
    );
    expect(await told.getByRole("textbox").or(told.getByRole("combobox")).count()).toBe(0);
    expect(await told.getByRole("button").allTextContents()).toEqual(["Yes, do not renew", "Leave it"]);
    expect(Math.abs((await told.boundingBox())!.y - before!.y)).toBeLessThan(60);
    expect(await told.locator("input").count()).toBe(0);
    await told.getByRole("button", { name: "Yes, do not renew" }).click();
    await page
      .getByText("It does not renew: nothing more is charged, and everything works to the end of")
      .waitFor();
    expect(await clicks()).toBe(2);
    expect(screens).toEqual([]);
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Do not renew", exact: true }).count()).toBe(0);
    expect(problems()).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "a larger plan costs what is left off the one before; money comes back once the amount was told; a bill is asked for",
  { timeout: 180_000 },
  async () => {
    const site = await shop();
    const { page, problems } = await newBuyer(site, "grows");
    await buyByTransfer(site, page, { plan: "gb-50", amountMinor: 8_000 });
    await visit(page, "plan/choose");
    await page.getByText("What you have now").waitFor();
    await page.getByRole("link", { name: "200 GB, by the year" }).click();
    await page.getByText("it takes the place of your 50 GB at once").waitFor();
    await page.getByLabel("Bank transfer").check();
    await page.getByRole("button", { name: "Pay ¥218.00" }).waitFor();
    expect(await page.locator(".sum").textContent()).toMatch(
      /¥298\.00Left of what you have-¥80\.00.*To pay now¥218\.00/,
    );
    await payByTransfer(site, page, 21_800);
    await page.getByText("You have room for 205 GB now.").waitFor();

    await page.getByRole("link", { name: "Receipts and bills" }).click();
    await heading(page, "Receipts and bills");
    await page
      .getByRole("heading", { name: /^Receipt / })
      .nth(1)
      .waitFor();
    expect(await page.locator("section.card").count()).toBe(2);
    await page.getByText("Ask for a bill").first().click();
    await page.getByLabel("Made out to").first().fill("例子公司");
    await page.getByLabel("Tax number").first().fill("91310000TEST");
    await page.getByLabel("E-mail address for the bill").first().fill("bill@keepsake.example");
    await page.getByRole("button", { name: "Ask for the bill" }).first().click();
    await page.getByText("A bill was asked for").waitFor();
    const operator = await newOperator(site.selling);
    const { invoices } = await operator.call("GET /v1/operator/pay/invoices");
    expect(invoices).toMatchObject([{ title: "例子公司", taxNumber: "91310000TEST" }]);

    await page.getByRole("link", { name: "Back to the plan" }).click();
    await page.getByRole("button", { name: "Money back" }).click();
    // With what the smaller plan was still worth: it was paid as well.
    await page.getByText("¥298.00 can be paid back.").waitFor();
    await page.getByRole("button", { name: "End it and pay back ¥298.00" }).click();
    await page.getByText("It has ended, and ¥298.00 come back").waitFor();
    await page.getByText("You have no paid plan, and nothing is charged.").waitFor();
    expect(problems()).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "a code gives a plan however it is typed, days are kept while it is paused, and places go to a family by codes",
  { timeout: 180_000 },
  async () => {
    const site = await shop();
    const operator = await newOperator(site.selling);
    const body = { plan: "family", period: "month", periods: 1, count: 1, days: 30 } as const;
    const { codes } = await operator.call("POST /v1/operator/pay/codes", { body });
    const { page, problems } = await newBuyer(site, "parent");
    await redeem(page, ` ${codes[0]!.toUpperCase().replaceAll("-", " ")}`);
    await page.getByText("Redeemed: you have room for 530 GB now.").waitFor();
    await page.getByText("Family, 500 GB").waitFor();

    await page.getByLabel("Room", { exact: true }).selectOption({ label: "100 GB" });
    await page.getByRole("button", { name: "Give a place" }).click();
    const code = (await page.locator(".code-text").textContent())!;
    await page.getByText("not taken yet").waitFor();
    const child = await newBuyer(site, "child");
    await redeem(child.page, code);
    await child.page.getByText("Redeemed: you have room for 100 GB now.").waitFor();
    await child.page.getByText("Who pays never sees what you keep.").waitFor();
    await visit(page, "home");
    await visit(page, "plan");
    await page.getByText("taken", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Take back the place of 100 GB" }).click();
    await page.getByRole("button", { name: "Take the place back" }).click();
    await page.getByText("taken", { exact: true }).waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("button", { name: "Pause the plan" }).click();
    await page.getByText("Paused: the days that are left stay yours.").waitFor();
    site.selling.clock.nowMs += 3 * DAY_MS;
    await page.getByRole("button", { name: "Go on", exact: true }).click();
    await page.getByRole("button", { name: "Go on with the plan" }).click();
    await page.getByText(/Paid to the end of/).waitFor();
    expect([...problems(), ...child.problems()].filter((each) => !/404/.test(each))).toEqual([]);
  },
);

async function redeem(page: Page, code: string): Promise<void> {
  await page.getByText("A code", { exact: true }).click();
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Redeem" }).click();
}
