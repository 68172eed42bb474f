import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import { bringIn, comeBack, heading, signUp, unlock, visit } from "./person.ts";

/* A browser that is kept from the network while it is taken out of the vault, or logged out. */

const telegram = fileURLToPath(
  new URL("../../packages/core/src/formats/telegram/fixtures/valid/full.json", import.meta.url),
);
let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const wide = { viewport: { width: 1280, height: 800 } };

async function readGroup(page: Page): Promise<void> {
  await visit(page, "chats");
  await page.locator(".chat-row", { hasText: "Group" }).first().click();
  await page.getByText("after", { exact: true }).waitFor();
}

/** Names of what the browser keeps of this origin. */
function folders(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const names: string[] = [];
    for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
    return names;
  });
}

const ways = [
  { name: "taken-out", login: /I do not know which/, title: "This browser was taken out" },
  { name: "logged-out", login: /^browser/, title: "This login has ended" },
];

test.skipIf(missing !== undefined).each(ways)(
  "a stolen browser without a network: once it is back it is shut out, and what it kept is forgotten: $name",
  { timeout: 180_000 },
  async ({ name, login, title }) => {
    const { page, context } = await site.newVisitor(wide);
    const words = await signUp(page, name);
    await bringIn(page, telegram, "my telegram");
    const stolen = await site.newVisitor(wide);
    await comeBack(stolen.page, name, words);
    await readGroup(stolen.page);
    await stolen.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await stolen.page.reload();
    await unlock(stolen.page, name);
    await readGroup(stolen.page);
    await stolen.context.setOffline(true);

    // The other one is known here from the next look on: at once, where the page begins anew.
    await page.reload();
    await unlock(page, name);
    await visit(page, "security");
    await page.getByRole("button", { name: /^Take out/ }).click();
    await page.getByRole("radio", { name: login }).check();
    const panel = page.getByRole("region", { name: /^Take out/ });
    await panel.getByLabel("The 24 words of the recovery card").fill(words.join(" "));
    await panel.getByRole("button", { name: "Take this device out" }).click();
    await page.getByText("It is out, and all keys are new.").waitFor();

    // Nothing can reach it yet.
    await readGroup(stolen.page);
    expect(await folders(stolen.page)).toContain("cache");

    await stolen.context.setOffline(false);
    await heading(stolen.page, `Welcome back, ${name}`);
    await expect.poll(() => folders(stolen.page)).not.toContain("cache");
    await stolen.context.setOffline(true);
    await unlock(stolen.page, name);
    await stolen.page.getByRole("alert").waitFor();
    expect(await stolen.page.locator(".chat-row").count()).toBe(0);
    await stolen.context.setOffline(false);
    await unlock(stolen.page, name);
    await heading(stolen.page, title);
    await stolen.context.close();
    await context.close();
  },
);
