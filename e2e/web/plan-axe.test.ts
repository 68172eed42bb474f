import { expect, onTestFinished, test } from "vitest";
import { startStripe } from "../../packages/server/src/billing/simulators/stripe/simulator.ts";
import { missing } from "./browsing.ts";
import { visit } from "./person.ts";
import { violations } from "./violations.ts";
import { buyByTransfer, newBuyer, startShop } from "./shop.ts";

const views = [
  { theme: "light", language: "zh", width: 360, size: "usual" },
  { theme: "dark", language: "en", width: 360, size: "usual" },
  { theme: "dark", language: "zh", width: 1280, size: "usual" },
  { theme: "light", language: "en", width: 360, size: "large" },
] as const;
const places = ["plan", "plan/choose", "plan/buy/gb-200/year", "plan/receipts", "storage"];

test.skipIf(missing !== undefined)(
  "no screen of plans keeps anybody out, and none is wider than what it is seen on",
  { timeout: 240_000 },
  async () => {
    const site = await startShop([startStripe]);
    onTestFinished(() => site[Symbol.asyncDispose]());
    const { page, problems } = await newBuyer(site, "looks");
    await buyByTransfer(site, page, { plan: "family", amountMinor: 71_800 });
    const found: string[] = [];
    const look = async (name: string): Promise<void> => {
      const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      if (isWide) found.push(`${name}: wider than the screen`);
      found.push(...(await violations(page)).map((each) => `${name}: ${each}`));
    };
    for (const { theme, language, width, size } of views) {
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
