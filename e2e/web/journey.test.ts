import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const password = "a long enough password";

/** Fills in a form and sends it. */
async function fill(page: Page, fields: Readonly<Record<string, string>>, button: string): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("button", { name: button, exact: true }).click();
}

async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** From the card to the empty home; gives the words. */
async function keepCard(page: Page): Promise<readonly string[]> {
  await heading(page, "Step 2: keep your recovery card");
  const words = await page.locator(".kit-words li").allTextContents();
  await page.getByRole("button", { name: "I have kept them" }).click();
  const asked = await page.getByLabel(/^Word \d+$/).all();
  expect(asked.length).toBe(3);
  for (const field of asked) {
    const label = await page.locator(`label[for="${await field.getAttribute("id")}"]`).textContent();
    await field.fill(words[Number(/\d+/.exec(label ?? "")) - 1]!);
  }
  await page.getByRole("button", { name: "Continue" }).click();
  await heading(page, "Home");
  return words;
}

test.skipIf(missing !== undefined)(
  "signing up, coming back, and coming from another browser with the words, under the policy",
  async () => {
    const { page, context, problems } = await site.newVisitor();
    await page.getByRole("link", { name: "Get started" }).click();
    await fill(page, { "Login name": "xiaoming", "Login password": password }, "Continue");
    await page.getByRole("button", { name: "Make the vault" }).click();
    const words = await keepCard(page);
    expect(new Set(words).size).toBeGreaterThan(12);
    expect(words.length).toBe(24);
    expect(problems()).toEqual([]);

    await page.reload();
    await heading(page, "Welcome back, xiaoming");
    await fill(page, { "Login password": "another one than that" }, "Unlock");
    await page.getByRole("alert").waitFor();
    await fill(page, { "Login password": password }, "Unlock");
    await heading(page, "Home");
    await page.getByText("No history was put in yet.").waitFor();
    expect(problems()).toEqual([]);

    await page.getByRole("button", { name: "Lock" }).click();
    await heading(page, "Welcome back, xiaoming");
    await page.getByRole("button", { name: "Forgot the password, or somebody else?" }).click();
    await page.getByRole("button", { name: "Forget this login" }).click();
    await page.getByRole("link", { name: "I already use Keepsake" }).click();
    await fill(page, { "Login name": "xiaoming", "Login password": password }, "Log in");
    await heading(page, "Open your history");
    await fill(page, { "The 24 words of the recovery card": words.join(" ") }, "Open");
    await heading(page, "Home");
    expect(problems()).toEqual([]);
    await context.close();
  },
  120_000,
);

test.skipIf(missing !== undefined)(
  "the sample is looked at, read and searched under the policy",
  async () => {
    const { page, context, problems } = await site.newVisitor({ viewport: { width: 1280, height: 800 } });
    await page.getByRole("button", { name: "Look at a sample first" }).click();
    await page.getByRole("link", { name: "Chats" }).click({ timeout: 60_000 });
    await page.locator(".chat-row").first().click();
    await page.locator("article.line").first().waitFor();
    await page.getByRole("link", { name: "Search" }).click();
    await page.getByRole("searchbox").fill("的");
    await page.locator(".hits li").first().waitFor();
    expect(problems()).toEqual([]);
    await context.close();
  },
  120_000,
);
