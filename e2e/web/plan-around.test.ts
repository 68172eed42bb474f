import { expect, onTestFinished, test } from "vitest";
import { startAlipay } from "../../packages/server/src/billing/simulators/alipay/simulator.ts";
import { startMailSink } from "../../packages/server/testing/mail.ts";
import { missing } from "./browsing.ts";
import { heading, unlock, visit } from "./person.ts";
import { newBuyer, startShop } from "./shop.ts";

test.skipIf(missing !== undefined)(
  "an address for notices is proven before it counts, and taken away again; an end for want of use is off, and wants two",
  { timeout: 180_000 },
  async () => {
    const mail = await startMailSink();
    onTestFinished(() => mail[Symbol.asyncDispose]());
    const settings = { KEEPSAKE_MAIL_SERVER: mail.url, KEEPSAKE_MAIL_FROM: "keepsake@example.org" };
    const shop = await startShop([], { settings });
    onTestFinished(() => shop[Symbol.asyncDispose]());
    const { page, problems } = await newBuyer(shop, "told");
    await page.getByText("Where you hear of charges").click();
    const to = page.getByLabel("E-mail address or phone number");
    await to.fill("nowhere");
    await page.getByRole("button", { name: "Send a code" }).click();
    await page.getByText("This is not an e-mail address").waitFor();
    await to.fill("li.lei@keepsake.example");
    await page.getByRole("button", { name: "Send a code" }).click();
    const code = page.getByLabel("The six digits that came");
    await code.waitFor();
    await expect.poll(() => mail.mails.length, { timeout: 20_000 }).toBe(1);
    await code.fill("000000");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("alert").waitFor();
    await code.fill(/\d{6}/.exec(mail.mails[0]!.text)![0]);
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("You hear of charges there from now on").waitFor();
    await page.getByText("Mail: l***@keepsake.example").waitFor();
    await page.getByRole("button", { name: "Remove l***@keepsake.example" }).click();
    await page.getByText("Mail: l***@keepsake.example").waitFor({ state: "detached" });

    await page.locator("summary", { hasText: "An end when it is not used" }).click();
    expect(await page.getByLabel("never").isChecked()).toBe(true);
    await page.getByLabel("two years").check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Add an e-mail address and a phone number first").waitFor();
    expect(problems().filter((each) => !/status of 40\d/.test(each))).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "who renews goes to a smaller plan with the next term, is told what that costs, and can keep the one they have",
  { timeout: 180_000 },
  async () => {
    const shop = await startShop([startAlipay]);
    onTestFinished(() => shop[Symbol.asyncDispose]());
    const { page, problems } = await newBuyer(shop, "smaller");
    await visit(page, "plan/buy/gb-200/month");
    await page.getByLabel("Alipay").check();
    await page.getByLabel("Renew by itself at the end").check();
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.locator("button.pay").click();
    await page.locator("a.back").click();
    await unlock(page, "smaller");
    await page.getByText("Paid, thank you").waitFor();
    await page.getByText("The server's receipts for what was removed").click();
    await page.getByText("Nothing was ever removed.").waitFor();
    await visit(page, "plan/choose");
    await heading(page, "All plans");
    const card = page.locator("li", { has: page.getByRole("heading", { name: "50 GB", exact: true }) });
    await card.getByRole("button", { name: /^50 GB, from .* on$/ }).click();
    await page.getByText("Nothing is charged now. The next term is of 50 GB, at ¥8.00").waitFor();
    await card.getByRole("button", { name: "Change it so" }).click();
    await page.getByText("The next term is of 50 GB.").waitFor();
    await visit(page, "plan");
    await page.getByText("The next term is of 50 GB.").waitFor();
    await page.getByRole("button", { name: "Keep the plan for the next term" }).click();
    const sure = page.getByRole("region", { name: "Keep the plan for the next term" });
    await sure.getByRole("button", { name: "Keep the plan for the next term" }).click();
    await page.getByText("The next term is of 50 GB.").waitFor({ state: "detached" });
    expect(problems()).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "home says when little room is left: what fills it, and plans, without hurry",
  { timeout: 180_000 },
  async () => {
    const shop = await startShop([], { ownBytes: 48_000 });
    onTestFinished(() => shop[Symbol.asyncDispose]());
    const { page, problems } = await newBuyer(shop, "full");
    await visit(page, "home");
    const card = page.getByRole("region", { name: "Little room is left" });
    await card.getByText(/of 48 kB are used.*all that is there stays/).waitFor();
    await card.getByRole("link", { name: "What fills it" }).click();
    await heading(page, "Storage");
    expect(problems()).toEqual([]);
  },
);
