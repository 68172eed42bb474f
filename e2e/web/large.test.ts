import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import { visit } from "./person.ts";
import { screens } from "./screens.ts";

/*
 * The large look on a small phone, in both languages: nothing wider than the screen, nothing to press under 44 pixels, no
 * text under 18 points (24 pixels) but the five words at the bottom, which have to stand side by side.
 */

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

/** What is too low to be pressed, or lies beyond the edge. */
function tooLow(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const pressed = "a, button, select, summary, input:not([type=radio], [type=checkbox], [type=file])";
    const seen = [...document.querySelectorAll(pressed)].filter(
      (element) => element.checkVisibility() && element.closest(".unseen, .skip") === null,
    );
    const found = seen.flatMap((element) => {
      const { height, right } = element.getBoundingClientRect();
      const isFine = height >= 43.5 && right <= innerWidth + 1;
      return isFine ? [] : [`${height} px high, up to ${right}: ${element.textContent.slice(0, 20)}`];
    });
    const isWider = document.documentElement.scrollWidth > innerWidth;
    return isWider ? [...found, "wider than the screen"] : found;
  });
}

/** Letters that are too small. */
function tooSmall(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { parentElement: element, textContent } = texts.currentNode;
      if (element === null || textContent?.trim() === "" || !element.checkVisibility()) continue;
      if (element.closest(".unseen, .skip, svg") !== null) continue;
      const least = element.closest(".inside > nav") === null ? 24 : 18;
      const size = parseFloat(getComputedStyle(element).fontSize);
      if (size < least) found.add(`${size} px letters: ${element.textContent.slice(0, 20)}`);
    }
    return [...found];
  });
}

test.skipIf(missing !== undefined).each(["zh-CN", "en-US"])(
  "in the large look nothing is small and nothing lies beyond the edge: %s",
  { timeout: 180_000 },
  async (locale) => {
    const { page, context, problems } = await site.newVisitor({
      viewport: { width: 360, height: 740 },
      locale,
    });
    // A day on which something was said in earlier years of the sample.
    await page.clock.setFixedTime(new Date("2026-11-24T12:00:00"));
    await page.evaluate(() => localStorage.setItem("keepsake-look", JSON.stringify({ size: "large" })));
    await page.reload();
    const found: string[] = [];
    const look = async (name: string): Promise<void> => {
      await page.waitForTimeout(400);
      const all = [...(await tooLow(page)), ...(await tooSmall(page))];
      found.push(...all.map((each) => `${name}: ${each}`));
    };
    await page.locator(".front").waitFor();
    await look("front");
    await page.locator("button.plain").last().click();
    await page.locator("nav a").first().waitFor({ timeout: 60_000 });
    await page.locator(".this-day .remembered").waitFor();
    for (const screen of screens) {
      await visit(page, screen);
      await page.locator("main h1").first().waitFor();
      await look(screen);
    }
    await visit(page, "chats");
    await page.locator(".chat-row").first().click();
    await page.locator("article.line").first().waitFor();
    await look("a chat");
    await page.locator(".scrub-edge").click();
    const box = await page.locator("dialog[open]").boundingBox();
    expect([box?.width, box?.height]).toEqual([360, 740]);
    await look("its months");
    await page.keyboard.press("Escape");
    await visit(page, "people");
    await page.locator(".people-page .chat-row").first().click();
    await page.locator(".heat").waitFor();
    await look("a person");
    expect(found).toEqual([]);
    expect(problems()).toEqual([]);
    await context.close();
  },
);
