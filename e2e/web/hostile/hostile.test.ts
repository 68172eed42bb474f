import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "../browsing.ts";
import { comeBack, visit } from "../person.ts";
import { seedMember } from "../seeding.ts";
import { hostileCount, hostileHistory } from "./history.ts";
import { payloads } from "./payloads.ts";

/*
 * What others wrote is text to the page, whatever it looks like: no payload runs, none has anything fetched, and each
 * one is shown as it was written.
 */

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

/** Opens what opens in the lines that are there; gives their text by their keys. */
async function openedLines(page: Page): Promise<readonly (readonly [string, string])[]> {
  await page.locator("article.line").first().waitFor();
  for (;;) {
    const opened = await page.evaluate(() => {
      const closed = [...document.querySelectorAll<HTMLElement>(".lines [aria-expanded=false]")];
      for (const button of closed) button.click();
      return closed.length;
    });
    if (opened === 0) break;
    await page.waitForTimeout(50);
  }
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".line")].map(
      (line) => [line.dataset["key"]!, line.textContent] as const,
    ),
  );
}

/** Goes up in a chat by so many screens, opening what opens. */
async function scrollUp(page: Page, screens: number): Promise<void> {
  for (let i = 0; i < screens; i++) {
    await openedLines(page);
    await page.evaluate(() => {
      const list = document.querySelector(".lines")!;
      list.scrollBy(0, -list.clientHeight);
    });
    await page.waitForTimeout(30);
  }
}

/** Turns the pages of a chat from its last to its first; gives the text of all lines by their keys. */
async function readThrough(page: Page): Promise<ReadonlyMap<string, string>> {
  const seen = new Map<string, string>();
  const earlier = page.getByRole("button", { name: "Earlier messages" }).first();
  for (;;) {
    for (const [key, text] of await openedLines(page)) seen.set(key, text);
    const first = page.locator("article.line").first();
    const key = await first.getAttribute("data-key");
    if (await earlier.isDisabled()) return seen;
    await earlier.click();
    await expect.poll(() => first.getAttribute("data-key"), { interval: 20 }).not.toBe(key);
  }
}

test.skipIf(missing !== undefined)(
  "nothing that others wrote runs, or has anything fetched, in any view",
  { timeout: 400_000 },
  async () => {
    expect(payloads.length).toBeGreaterThanOrEqual(500);
    const words = await seedMember(site.url, "target", hostileHistory);
    const { page, context, problems } = await site.newVisitor({ viewport: { width: 1280, height: 1600 } });
    let ran = 0;
    await context.exposeFunction("keepsakeRan", () => void ran++);
    page.on("dialog", (dialog) => {
      ran++;
      void dialog.dismiss();
    });
    await page.reload();
    await comeBack(page, "target", words);
    await visit(page, "chats");
    await page.locator(".chat-row").first().click();
    await scrollUp(page, 20);
    await visit(page, "settings");
    await page.getByRole("radio", { name: "Pages" }).check();
    await visit(page, "chats");
    await page.locator(".chat-row").first().click();
    const collection = page.url().split("/").at(-1)!;
    const lines = await readThrough(page);
    expect(lines.size).toBe(hostileCount);
    const shown = [...lines.values()].join("\n");
    for (const text of payloads.filter((each) => /^[\x20-\x7e]+$/.test(each))) expect(shown).toContain(text);

    for (const text of ["<script", "onerror", "javascript:", "keepsakeRan", "好的"]) {
      await visit(page, `search?text=${encodeURIComponent(text)}`);
      // What was found before stays until then.
      await page.locator(".hits a").filter({ hasText: text }).first().waitFor();
    }
    await page.locator(".hits a").filter({ hasText: "好的" }).first().click();
    await page.locator(".line.found").waitFor();

    await visit(page, "people");
    const person = await page.locator(".people-page .chat-row").first().getAttribute("href");

    // Every page there is, in whatever it shows of this history.
    const places = await page
      .locator("nav a[href^='#/']")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")!.slice(2)));
    expect(places.length).toBeGreaterThan(8);
    const tabs = ["pictures", "files", "links", "voice"].map((tab) => `media/${collection}?tab=${tab}`);
    for (const place of [...places, ...tabs, person!.slice(2), "look-back/day"]) {
      await visit(page, place);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await page.waitForTimeout(300);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      await page.waitForTimeout(200);
    }
    expect(ran).toBe(0);
    expect(problems()).toEqual([]);
    expect(await page.evaluate(() => Object.keys(globalThis).includes("keepsakeRan"))).toBe(true);
    await context.close();
  },
);
