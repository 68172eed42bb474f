import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import { fill, heading, password, signUp } from "./person.ts";

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

test.skipIf(missing !== undefined)(
  "signing up, coming back, and coming from another browser with the words, under the policy",
  async () => {
    const { page, context, problems } = await site.newVisitor();
    const words = await signUp(page, "xiaoming");
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

    await page.getByRole("link", { name: "More" }).click();
    await page.getByRole("main").getByRole("button", { name: "Lock" }).click();
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
