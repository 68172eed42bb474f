import type { Page } from "playwright";
import { expect, onTestFinished, test } from "vitest";
import { missing } from "./browsing.ts";
import { fill, heading, visit } from "./person.ts";
import {
  buyByTransfer,
  chosenBeforehand,
  newBuyer,
  newOperator,
  payByTransfer,
  startShop,
  type Shop,
} from "./shop.ts";

async function shop(): Promise<Shop> {
  const opened = await startShop([]);
  onTestFinished(() => opened[Symbol.asyncDispose]());
  return opened;
}

async function redeem(page: Page, code: string): Promise<void> {
  await page.getByText("A code", { exact: true }).click();
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Redeem" }).click();
}

/** Two clicks to the code that a gift has from then on. */
async function showCode(page: Page, label: string, sure: string): Promise<string> {
  const shown = page.locator(".code-text");
  const before = (await shown.count()) === 0 ? "" : await shown.textContent();
  await page.getByRole("button", { name: `${label}: 50 GB`, exact: true }).click();
  await page
    .getByRole("region", { name: `${label}: 50 GB` })
    .getByRole("button", { name: sure })
    .click();
  await page.getByText("The code stands below.").waitFor();
  await expect.poll(() => shown.textContent()).not.toBe(before);
  return (await shown.textContent())!;
}

test.skipIf(missing !== undefined)(
  "a plan is bought for somebody else by a choice of one's own; its code is shown, made anew, and redeemed by another",
  { timeout: 180_000 },
  async () => {
    const site = await shop();
    const { page, problems } = await newBuyer(site, "gives");
    await buyByTransfer(site, page, { plan: "gb-50", amountMinor: 8_000 });
    await visit(page, "plan/choose");
    await page.getByText("Each plan can be given to somebody else").waitFor();
    await visit(page, "plan/buy/gb-50/year");
    await heading(page, "50 GB, a year");
    const give = page.getByLabel("Give it to somebody");
    expect(await chosenBeforehand(page)).toBe(0);
    await page.getByText("takes the place of your 50 GB at once").waitFor();
    await page.getByLabel("Bank transfer").check();
    await page.getByText("Left of what you have").waitFor();
    await give.focus();
    await page.keyboard.press("Space");
    // Nothing of what they have is taken off, and nothing renews.
    await page.getByRole("button", { name: "Pay ¥80.00" }).waitFor();
    await page.getByText("takes the place of your 50 GB at once").waitFor({ state: "detached" });
    expect(await page.locator(".sum").textContent()).not.toContain("Left of what you have");
    expect(await page.getByLabel("Renew by itself at the end").count()).toBe(0);
    await payByTransfer(site, page, 8_000);
    await page.getByText("The gift is paid, thank you.").waitFor();
    const card = page.getByRole("region", { name: "Plans for others" });
    await card.getByText(/Paid, and nobody has redeemed it yet\. Its code is good to the end of/).waitFor();
    const first = await showCode(page, "Show the code", "Show it now");
    const second = await showCode(page, "A new code", "Make a new code");
    expect(second).toMatch(/^(?:[0-9a-v]{5}-){3}[0-9a-v]{5}$/);
    await card.getByRole("button", { name: "Copy the code" }).click();
    await card.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.getByText("You have two plans").count()).toBe(0);

    const other = await newBuyer(site, "gets");
    await redeem(other.page, first);
    await other.page.getByText("This code is not known, was used").waitFor();
    await other.page.getByLabel("Code", { exact: true }).fill(second);
    await other.page.getByRole("button", { name: "Redeem" }).click();
    await other.page.getByText("Redeemed: you have room for 55 GB now.").waitFor();
    await visit(page, "home");
    await visit(page, "plan");
    await card.getByText("Redeemed. By whom is written down nowhere.").waitFor();
    expect(await card.getByRole("button").count()).toBe(0);
    await page.getByRole("link", { name: "Receipts and bills" }).click();
    await page.getByText(/Paid on .*, for somebody else/).waitFor();
    expect([...problems(), ...other.problems()].filter((each) => !/404/.test(each))).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "a gift that nobody redeemed is paid back once the amount was told; a proof is for one's own plan",
  { timeout: 180_000 },
  async () => {
    const site = await shop();
    const { page, problems } = await newBuyer(site, "returns");
    const operator = await newOperator(site.selling);
    const body = { reduction: "student", count: 1, days: 30 };
    const { codes } = await operator.call("POST /v1/operator/pay/proofs", { body });
    await visit(page, "plan/buy/gb-50/year/gift");
    expect(await page.getByLabel("Give it to somebody").isChecked()).toBe(true);
    await page.getByLabel("Bank transfer").check();
    await page.getByText("I have a coupon or a proof").click();
    await fill(page, { "Coupon or proof code": codes[0]! }, "Use it");
    await page.getByText("This cannot be bought as a gift.").waitFor();
    await visit(page, "plan/buy/gb-50/month/gift");
    await payByTransfer(site, page, 800);
    const card = page.getByRole("region", { name: "Plans for others" });
    await card.getByRole("button", { name: "Money back" }).click();
    await card.getByText("¥8.00 can be paid back. The code holds no longer at once then.").waitFor();
    await card.getByRole("button", { name: "Take the gift back and pay back ¥8.00" }).click();
    await page.getByText("The gift is taken back, and ¥8.00 come back the way they were paid.").waitFor();
    await card.waitFor({ state: "detached" });
    expect(problems().filter((each) => !/40\d/.test(each))).toEqual([]);
  },
);
