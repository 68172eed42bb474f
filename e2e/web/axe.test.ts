import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import { screens } from "./screens.ts";
import { violations } from "./violations.ts";

/*
 * Every screen, in both themes and languages, on a phone and on a wide screen: nothing that keeps people out who see or
 * move otherwise, by the rules of WCAG 2.2 up to AA, as far as a program can tell.
 */

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const outside = ["home", "sign-up", "log-in", "from-device"];

const all = (["light", "dark"] as const).flatMap((colorScheme) =>
  (["zh-CN", "en-US"] as const).flatMap((locale) =>
    [360, 1280].map((width) => ({ colorScheme, locale, width })),
  ),
);

/** In a short run each theme meets each language and each width, and not all at once. */
const views =
  process.env["KEEPSAKE_SOAK"] === "1"
    ? all
    : all.filter(({ colorScheme, locale, width }) => {
        const odd = [colorScheme === "dark", locale === "en-US", width === 1280].filter(Boolean).length;
        return odd % 2 === 0;
      });

test.skipIf(missing !== undefined).each(views)(
  "no screen keeps anybody out: $colorScheme, $locale, $width px",
  { timeout: 180_000 },
  async ({ colorScheme, locale, width }) => {
    const viewport = { width, height: 760 };
    const { page, context, problems } = await site.newVisitor({ colorScheme, locale, viewport });
    const found: string[] = [];
    const look = async (name: string): Promise<void> => {
      const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      if (isWide) found.push(`${name}: wider than the screen`);
      found.push(...(await violations(page)).map((each) => `${name}: ${each}`));
    };
    const go = async (place: string): Promise<void> => {
      await page.evaluate((to) => {
        location.hash = `#/${to}`;
      }, place);
      await page.locator("main h1").first().waitFor();
      await page.waitForTimeout(150);
    };
    for (const place of outside) {
      await go(place);
      await look(place);
    }
    await go("home");
    await page.locator("button.plain").last().click();
    await page.locator("nav a").first().waitFor({ timeout: 60_000 });
    for (const place of screens) {
      await go(place);
      await look(place);
    }
    await go("people");
    await page.locator(".people-page .chat-row").first().click();
    await page.locator(".heat").waitFor();
    await look("a person");
    await go("media");
    await page.locator(".tile").first().click();
    await page.getByRole("dialog").waitFor();
    await look("the viewer");
    await page.keyboard.press("Escape");
    await go("chats");
    for (const row of [0, 1, 2]) {
      await page.evaluate(
        (to) => {
          location.hash = to;
        },
        (await page
          .locator(".chat-row")
          .nth(row)
          .getAttribute("href")
          .catch(() => "#/chats")) ?? "#/chats",
      );
      await page.locator("article.line").first().waitFor();
      await page.waitForTimeout(300);
      await look(`chat ${row}`);
      await go("chats");
    }
    expect(found).toEqual([]);
    expect(problems()).toEqual([]);
    await context.close();
  },
);
