import type { Page } from "playwright";
import { expect, onTestFinished, test } from "vitest";
import { startStripe } from "../../packages/server/src/billing/simulators/stripe/simulator.ts";
import { missing } from "./browsing.ts";
import { visit } from "./person.ts";
import { buyMonth, newRoamer } from "./roaming.ts";
import { violations } from "./violations.ts";
import { buyByTransfer, newBuyer, payByTransfer, startShop } from "./shop.ts";

const views = [
  { theme: "light", language: "zh", width: 360, size: "usual" },
  { theme: "dark", language: "en", width: 360, size: "usual" },
  { theme: "dark", language: "zh", width: 1280, size: "usual" },
  { theme: "light", language: "en", width: 360, size: "large" },
] as const;
const places = [
  "plan",
  "plan/choose",
  "plan/buy/gb-200/year",
  "plan/buy/gb-50/month/gift",
  "plan/receipts",
  "plan/window",
  "storage",
];

/** Shows the page in one of the views. */
async function dress(page: Page, { theme, language, width, size }: (typeof views)[number]): Promise<void> {
  await page.setViewportSize({ width, height: 760 });
  await visit(page, "settings");
  await page
    .locator("fieldset")
    .nth(0)
    .getByRole("radio")
    .nth(language === "zh" ? 0 : 1)
    .check();
  await page
    .locator("fieldset")
    .nth(1)
    .getByRole("radio")
    .nth(theme === "light" ? 1 : 2)
    .check();
  await page
    .locator("fieldset")
    .nth(2)
    .getByRole("radio")
    .nth(size === "usual" ? 0 : 1)
    .check();
}

/** What on a screen keeps people out, by its name. */
async function wrongWith(page: Page, name: string): Promise<readonly string[]> {
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  const found = isWide ? ["wider than the screen"] : [];
  return [...found, ...(await violations(page))].map((each) => `${name}: ${each}`);
}

test.skipIf(missing !== undefined)(
  "no screen of plans keeps anybody out, and none is wider than what it is seen on",
  { timeout: 240_000 },
  async () => {
    const site = await startShop([startStripe]);
    onTestFinished(() => site[Symbol.asyncDispose]());
    const { page, problems } = await newBuyer(site, "looks");
    await buyByTransfer(site, page, { plan: "family", amountMinor: 71_800 });
    await visit(page, "plan/buy/gb-50/year/gift");
    await payByTransfer(site, page, 8_000);
    const found: string[] = [];
    const look = async (name: string): Promise<void> => void found.push(...(await wrongWith(page, name)));
    for (const view of views) {
      const { theme, language, width, size } = view;
      await dress(page, view);
      for (const place of places) {
        await visit(page, place);
        await page.locator("main h1").first().waitFor();
        await page.waitForTimeout(300);
        // What is folded away is looked at as well.
        await page.evaluate(() => {
          for (const folded of document.querySelectorAll("main details")) folded.setAttribute("open", "");
        });
        if (place.startsWith("plan/buy")) {
          await page.locator("input[name=provider]").first().check();
          await page.locator(".sum").waitFor();
        }
        await look(`${place} ${theme} ${language} ${width} ${size}`);
      }
      await visit(page, "plan");
      const deeds = page.locator(".own-plan .actions button");
      await deeds.first().click();
      await page.locator(".own-plan .care").waitFor();
      await look(`a deed ${theme} ${language} ${width} ${size}`);
      await page.locator(".own-plan .care button.plain").click();
    }
    expect(found).toEqual([]);
    expect(problems()).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "nor does the page of a plan that reaches back only so far, while it shows what would go",
  { timeout: 240_000 },
  async () => {
    const { shop, page, problems } = await newRoamer();
    await buyMonth(shop, page, "days-30");
    const found: string[] = [];
    for (const view of views) {
      await dress(page, view);
      await visit(page, "plan/window");
      await page.locator(".chooser input").nth(1).check();
      await page.locator("main button[type=submit]").click();
      await page.locator("main .care input").waitFor();
      expect(await page.locator(".chooser input:disabled").count()).toBe(2);
      found.push(...(await wrongWith(page, Object.values(view).join(" "))));
    }
    expect(found).toEqual([]);
    expect(problems()).toEqual([]);
  },
);
