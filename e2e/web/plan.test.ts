import { expect, onTestFinished, test } from "vitest";
import { startAlipay } from "../../packages/server/src/billing/simulators/alipay/simulator.ts";
import { startStripe } from "../../packages/server/src/billing/simulators/stripe/simulator.ts";
import { startWechat } from "../../packages/server/src/billing/simulators/wechat/simulator.ts";
import { person } from "../../packages/server/testing/pay/person.ts";
import { drawn } from "../../packages/web/src/worker/drawn.ts";
import { newMachine } from "../cli-process.ts";
import { missing, startSite } from "./browsing.ts";
import { heading, signUp, unlock, visit } from "./person.ts";
import { buyByTransfer, chosenBeforehand, newBuyer, startShop, type Shop } from "./shop.ts";

type Starts = Parameters<typeof startShop>[0];

async function shop(starts: Starts): Promise<Shop> {
  const opened = await startShop(starts);
  onTestFinished(() => opened[Symbol.asyncDispose]());
  return opened;
}

test.skipIf(missing !== undefined)(
  "from an estimate to a plan that is paid: each step is known, nothing is chosen for anybody, and the room grows",
  { timeout: 180_000 },
  async () => {
    await using machine = await newMachine();
    const path = await machine.makeExport("phone", { seed: "plan", messages: 800, chats: 4 });
    const site = await shop([startStripe]);
    const { page, problems } = await site.newVisitor();
    const steps: string[] = [];
    page.on("framenavigated", (frame) => {
      const { origin, hash } = new URL(frame.url());
      steps.push(origin === site.url ? hash : "the provider");
    });
    await signUp(page, "buyer");
    await visit(page, "sources");
    await page.getByLabel("Choose a folder").setInputFiles(path);
    await page.getByRole("button", { name: "What would this take?" }).click();
    await page.getByRole("link", { name: "All plans, and other ways" }).click({ timeout: 60_000 });
    await heading(page, "All plans");
    steps.length = 0;
    await expect
      .poll(() => page.locator(".plans").textContent())
      .toMatch(/Free.*enough.*50 GB.*80\.00 a year/s);
    const red = page.getByText("Test mode: no money moves.");
    expect([await red.count(), await chosenBeforehand(page)]).toEqual([1, 0]);
    await page.getByRole("link", { name: "50 GB, by the year" }).click();
    await heading(page, "50 GB, a year");
    expect([await red.count(), await chosenBeforehand(page)]).toEqual([1, 0]);
    await page.getByLabel("Card (Stripe)").check();
    await page.getByRole("button", { name: "Pay ¥80.00" }).waitFor();
    expect(await page.getByLabel("Renew by itself at the end").isChecked()).toBe(false);
    expect(await page.locator(".sum").textContent()).toBe(
      "Price of the plan¥80.00Store's fee¥0.00To pay now¥80.00",
    );
    await page.getByRole("button", { name: "Pay ¥80.00" }).click();
    await page.getByRole("button", { name: "Pay", exact: true }).click();
    await page.getByRole("link", { name: "Back" }).click();
    await unlock(page, "buyer");
    await page.getByText("Paid, thank you").waitFor();
    const main = page.getByRole("main");
    await expect
      .poll(() => main.textContent())
      .toMatch(/You have room for 55 GB now.*It does not renew.*of 55 GB used/s);
    expect(await red.count()).toBe(1);
    await expect
      .poll(() => steps.filter((step, i) => step !== steps[i - 1]))
      .toEqual(["#/plan/buy/gb-50/year", "the provider", "#/plan/back", "#/plan"]);
    await visit(page, "storage");
    await page.getByText("of 55 GB used on the server").waitFor();
    expect(problems()).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "a transfer is told how to be made, waits without hurry, also for who comes back, and counts once the operator saw it",
  { timeout: 180_000 },
  async () => {
    const site = await shop([]);
    const { page, problems } = await newBuyer(site, "sender");
    await visit(page, "plan/buy/gb-200/year");
    await page.getByLabel("Bank transfer").check();
    await page.getByText("This way you pay once").waitFor();
    await page.getByRole("button", { name: "Pay ¥298.00" }).click();
    const account = page.getByText("Bank of Examples, 123");
    await account.waitFor();
    await page.reload();
    await unlock(page, "sender");
    await visit(page, "plan");
    await account.waitFor();
    await page.getByRole("button", { name: "See whether it came in" }).click();
    await page.getByText("Nothing has come in yet").waitFor();
    await page.getByRole("button", { name: "Do not pay" }).click();
    await account.waitFor({ state: "detached" });
    await buyByTransfer(site, page, { plan: "gb-50", amountMinor: 8_000 });
    await page.getByText("You have room for 55 GB now.").waitFor();
    expect(problems()).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "WeChat Pay is paid by a code on the screen, Alipay at its page; who declines is told that nothing was charged",
  { timeout: 180_000 },
  async () => {
    let wechat: Awaited<ReturnType<typeof startWechat>> | undefined;
    const site = await shop([async (parts) => (wechat = await startWechat(parts)), startAlipay]);
    const { page } = await newBuyer(site, "reader");
    await visit(page, "plan/buy/gb-50/month");
    await page.getByLabel("WeChat Pay").check();
    await page.getByRole("button", { name: "Pay ¥8.00" }).click();
    const code = page.getByRole("img", { name: "Code to pay" });
    await code.waitFor();
    const [order] = wechat!.books.orders.values();
    const next = { how: "qr", text: `${wechat!.url}/test/order/${order!.prepay}` } as const;
    const { path, size } = drawn(next.text);
    expect(await code.getAttribute("viewBox")).toBe(`-4 -4 ${size + 8} ${size + 8}`);
    expect(await code.locator("path").getAttribute("d")).toBe(path);
    await person(wechat!, next, "pay");
    await page.getByText("Paid, thank you").waitFor();

    const other = await newBuyer(site, "declines");
    await visit(other.page, "plan/buy/gb-50/year");
    await other.page.getByLabel("Alipay").check();
    const pay = other.page.getByRole("button", { name: "Pay ¥80.00" });
    await pay.click();
    await other.page.getByRole("button", { name: "不付款" }).click();
    await other.page.getByRole("link", { name: "返回" }).click();
    await unlock(other.page, "declines");
    await other.page.getByText(/nothing was charged/).waitFor();
    await visit(other.page, "plan/buy/gb-50/year");
    await other.page.getByLabel("Alipay").check();
    await pay.click();
    await other.page.getByRole("button", { name: "付款", exact: true }).click();
    await other.page.getByRole("link", { name: "返回" }).click();
    await unlock(other.page, "declines");
    await other.page.getByText("You have room for 55 GB now.").waitFor();
  },
);

test.skipIf(missing !== undefined)(
  "where nothing is sold, the page says so, and offers no way to pay; the sample says that nothing has to be paid",
  { timeout: 180_000 },
  async () => {
    const site = await startSite();
    onTestFinished(() => site[Symbol.asyncDispose]());
    const { page, problems } = await site.newVisitor();
    await signUp(page, "guest");
    await visit(page, "plan");
    await page.getByText("sells no plans").waitFor();
    const main = page.getByRole("main");
    await expect.poll(() => main.textContent()).toMatch(/need not pay anything.*You have room for/s);
    expect(await main.getByRole("link").count()).toBe(0);
    await visit(page, "plan/choose");
    await heading(page, "All plans");
    expect(await main.getByRole("link", { name: /By the (?:year|month)/ }).count()).toBe(0);
    await page.reload();
    const other = await site.newVisitor();
    await other.page.getByRole("button", { name: "Look at a sample first" }).click();
    await heading(other.page, "Home");
    await visit(other.page, "plan");
    await other.page.getByText("nothing has to be paid").waitFor();
    expect([...problems(), ...other.problems()]).toEqual([]);
  },
);
