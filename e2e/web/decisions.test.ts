import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import { fill, heading, password, shownWords, typeBack } from "./person.ts";

/*
 * How much somebody has to decide: each press of a button or a link, each file that is chosen, and each form that is
 * sent counts as one.
 */

const telegram = fileURLToPath(
  new URL("../../packages/core/src/formats/telegram/fixtures/valid/full.json", import.meta.url),
);
let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

/** Counts what is decided in a context from now on; gives what it was. */
async function countDecisions(context: BrowserContext, page: Page): Promise<() => readonly string[]> {
  const made: string[] = [];
  await context.exposeFunction("keepsakeDecided", (what: string) => void made.push(what));
  await context.addInitScript(() => {
    const { keepsakeDecided } = globalThis as unknown as { keepsakeDecided: (what: string) => void };
    const listen = (type: string, name: (element: Element) => string | undefined): void =>
      addEventListener(
        type,
        ({ target }) => {
          const what = target instanceof Element ? name(target) : undefined;
          if (what !== undefined) keepsakeDecided(what);
        },
        { capture: true },
      );
    // A button that sends a form counts as the form.
    listen("click", (element) => element.closest("a, button:not([type=submit])")?.textContent);
    listen("submit", (form) => form.querySelector("[type=submit]")?.textContent);
    listen("change", (element) => (element.matches("[type=file]") ? "files" : undefined));
  });
  await page.reload();
  return () => made.splice(0);
}

test.skipIf(missing !== undefined)(
  "seven decisions from the welcome to the first sealed backup, four from a new browser to a chat",
  { timeout: 240_000 },
  async () => {
    const { page, context, problems } = await site.newVisitor();
    const decided = await countDecisions(context, page);
    await page.getByRole("link", { name: "Get started" }).click();
    await fill(page, { "Login name": "decider", "Login password": password }, "Continue");
    await page.getByRole("button", { name: "Make the vault" }).click();
    const words = await shownWords(page);
    await typeBack(page, words);
    await heading(page, "Home");
    await page.getByLabel("Choose files").setInputFiles(telegram);
    await fill(page, { "A name for this source": "my telegram" }, "Seal it");
    await page.getByRole("heading", { name: "Sealed" }).waitFor();
    expect(decided()).toEqual([
      "Get started",
      "Continue",
      "Make the vault",
      "I have kept them",
      "Continue",
      "files",
      "Seal it",
    ]);
    expect(problems()).toEqual([]);
    await context.close();

    const other = await site.newVisitor();
    const decidedThere = await countDecisions(other.context, other.page);
    await other.page.getByRole("link", { name: "I already use Keepsake" }).click();
    await fill(other.page, { "Login name": "decider", "Login password": password }, "Log in");
    await fill(other.page, { "The 24 words of the recovery card": words.join(" ") }, "Open");
    const chat = other.page.getByRole("region", { name: "Latest chats" }).getByRole("link").first();
    const title = (await chat.locator(".name").textContent())!;
    await chat.click();
    await heading(other.page, title);
    await other.page.locator("article.line").first().waitFor();
    const there = decidedThere();
    expect(there.slice(0, 3)).toEqual(["I already use Keepsake", "Log in", "Open"]);
    expect(there.length).toBe(4);
    expect(other.problems()).toEqual([]);
    await other.context.close();
  },
);
