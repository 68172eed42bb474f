import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import { bringIn, fill, heading, password, signUp, visit } from "./person.ts";

/* What is left of the app where the network is away: all that was read before. */

const telegram = fileURLToPath(
  new URL("../../packages/core/src/formats/telegram/fixtures/valid/full.json", import.meta.url),
);
let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

test.skipIf(missing !== undefined)(
  "what was read before is read, searched and unlocked without a network, and says so",
  { timeout: 120_000 },
  async () => {
    const { page, context, problems } = await site.newVisitor({ viewport: { width: 1280, height: 800 } });
    await signUp(page, "traveller");
    await bringIn(page, telegram, "my telegram");
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await page.reload();
    await fill(page, { "Login password": password }, "Unlock");
    await heading(page, "Sources");
    await visit(page, "chats");
    await page.locator(".chat-row", { hasText: "Group" }).first().click();
    await page.getByText("after", { exact: true }).waitFor();
    await visit(page, "search");
    await page.getByRole("searchbox").fill("custom");
    await page.locator(".hits a").first().waitFor();
    expect(problems()).toEqual([]);

    await context.setOffline(true);
    await page.reload();
    await fill(page, { "Login password": password }, "Unlock");
    await page.getByText(/cannot be reached/).waitFor();
    await visit(page, "chats");
    await page.locator(".chat-row", { hasText: "Group" }).first().click();
    await page.getByText("after", { exact: true }).waitFor();
    await visit(page, "search");
    await page.getByRole("searchbox").fill("custom");
    await page.locator(".hits a").first().click();
    await page.locator(".line.found").waitFor();
    await visit(page, "settings");
    await heading(page, "Settings");

    await context.setOffline(false);
    await page.getByText(/cannot be reached/).waitFor({ state: "detached" });

    // What was written last is among what is kept, also where the network goes the moment after.
    await bringIn(page, telegram, "the same from elsewhere");
    await context.setOffline(true);
    await page.reload();
    await fill(page, { "Login password": password }, "Unlock");
    await page.getByText(/cannot be reached/).waitFor();
    await visit(page, "home");
    await page.getByText(/Last protected message/).waitFor();
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "a page whose file cannot be had says so, and comes once it can",
  { timeout: 120_000 },
  async () => {
    const { page, context } = await site.newVisitor({ serviceWorkers: "block" });
    await page.getByRole("button", { name: "Look at a sample first" }).click();
    await heading(page, "Home");
    await context.route("**/assets/other-pages-*.js", (route) => route.abort());
    await visit(page, "settings");
    await page
      .getByRole("alert")
      .getByText(/cannot be reached now/)
      .waitFor();
    await context.unroute("**/assets/other-pages-*.js");
    await visit(page, "chats");
    await visit(page, "settings");
    await heading(page, "Settings");
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "who leaves this browser leaves nothing of the history in it",
  { timeout: 120_000 },
  async () => {
    const { page, context } = await site.newVisitor({ viewport: { width: 1280, height: 800 } });
    await signUp(page, "leaver");
    await bringIn(page, telegram, "my telegram");
    await visit(page, "chats");
    await page.locator(".chat-row", { hasText: "Group" }).first().click();
    await page.getByText("after", { exact: true }).waitFor();
    const folders = (): Promise<string[]> =>
      page.evaluate(async () => {
        const root = await navigator.storage.getDirectory();
        const names: string[] = [];
        for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys())
          names.push(name);
        return names;
      });
    expect(await folders()).toContain("cache");
    await visit(page, "settings");
    await page.getByRole("button", { name: "Log out of this browser" }).click();
    await page.getByRole("button", { name: "Log out and forget" }).click();
    await page.getByRole("link", { name: "Get started" }).waitFor();
    expect(await folders()).not.toContain("cache");
    await context.close();
  },
);
