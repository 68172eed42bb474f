import { expect, onTestFinished, test } from "vitest";
import { missing } from "./browsing.ts";
import { fill, heading, visit } from "./person.ts";
import { buyByTransfer, newBuyer, newOperator, payByTransfer, startShop, type Shop } from "./shop.ts";

async function shop(): Promise<Shop> {
  const opened = await startShop([]);
  onTestFinished(() => opened[Symbol.asyncDispose]());
  return opened;
}

test.skipIf(missing !== undefined)(
  "a plan is tried for nothing: when it ends is told before, no way to pay is asked for, and what is bought takes its place",
  { timeout: 180_000 },
  async () => {
    const site = await shop();
    const { page, problems } = await newBuyer(site, "tries");
    const main = page.getByRole("main");
    await visit(page, "plan/choose");
    await heading(page, "All plans");
    const trials = page.getByRole("button", { name: /try 30 days for nothing$/ });
    await expect.poll(() => trials.count()).toBe(3);
    await page.getByRole("button", { name: "50 GB, try 30 days for nothing", exact: true }).click();
    const told = page.getByRole("region", { name: "50 GB, try 30 days for nothing" });
    const end = new Date(Date.now() + 30 * 86_400_000).toLocaleDateString("en-US", {
      year: "numeric",
      month: "long",
      day: "numeric",
      timeZone: "UTC",
    });
    expect(await told.textContent()).toContain(
      `It ends by itself after ${end}. Nothing is charged, now or then, and no payment detail is asked for.`,
    );
    expect(await told.getByRole("button").allTextContents()).toEqual(["Begin the trial", "Leave it"]);
    expect(await told.locator("input").count()).toBe(0);
    await told.getByRole("button", { name: "Begin the trial" }).click();
    await page.getByText(`The trial has begun. It ends by itself after ${end}.`).waitFor();
    await visit(page, "plan");
    await page.getByText(`On trial to the end of ${end}.`).waitFor();
    await expect.poll(() => main.textContent()).toMatch(/nothing more is charged.*of 55 GB used/s);
    expect(await page.getByRole("button", { name: "Money back" }).count()).toBe(0);
    await visit(page, "plan/choose");
    await page.getByText("What you have now").waitFor();
    await expect.poll(() => trials.count()).toBe(0);
    await visit(page, "plan/buy/gb-200/year");
    await page.getByText("takes the place of your trial of 50 GB at once").waitFor();
    await buyByTransfer(site, page, { plan: "gb-200", amountMinor: 29_800 });
    await page.getByText("You have room for 205 GB now.").waitFor();
    expect(await main.textContent()).not.toMatch(/On trial|two plans/);
    expect(problems()).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "who has a proof types it when buying, and sees what it takes off now and later",
  { timeout: 180_000 },
  async () => {
    const site = await shop();
    const operator = await newOperator(site.selling);
    const body = { reduction: "student", count: 1, days: 30 };
    const { codes } = await operator.call("POST /v1/operator/pay/proofs", { body });
    const { page, problems } = await newBuyer(site, "studies");
    await visit(page, "plan/buy/gb-50/year");
    await page.getByLabel("Bank transfer").check();
    await page.getByText("I have a coupon or a proof").click();
    await fill(page, { "Coupon or proof code": codes[0]! }, "Use it");
    await page.getByRole("button", { name: "Pay ¥64.00" }).waitFor();
    expect(await page.locator(".sum").textContent()).toContain("Less by your code-¥16.00");
    await payByTransfer(site, page, 6_400);
    await page.getByText("You have room for 55 GB now.").waitFor();
    expect(problems()).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "room is bought on top of a plan: offered to who has one, bought in the same way, and ended by itself",
  { timeout: 180_000 },
  async () => {
    const site = await shop();
    const { page, problems } = await newBuyer(site, "adds");
    const main = page.getByRole("main");
    const more = page.getByRole("link", { name: "50 GB more, by the year" });
    await visit(page, "plan/choose");
    await page.getByText("These come on top of a plan that is paid for.").waitFor();
    expect(await more.count()).toBe(0);
    await buyByTransfer(site, page, { plan: "gb-50", amountMinor: 8_000 });
    await visit(page, "plan/choose");
    await more.click();
    await heading(page, "50 GB more, a year");
    await page.getByLabel("Bank transfer").check();
    await page.getByRole("button", { name: "Pay ¥80.00" }).waitFor();
    expect(await main.textContent()).not.toMatch(/takes the place|Left of what you have/);
    await payByTransfer(site, page, 8_000);
    await page.getByText("You have room for 105 GB now.").waitFor();
    await expect.poll(() => page.locator(".own-plan").count()).toBe(2);
    expect(await main.textContent()).not.toContain("two plans");
    await visit(page, "plan/receipts");
    await page.getByText("50 GB more, a year").waitFor();
    expect(problems()).toEqual([]);
  },
);
