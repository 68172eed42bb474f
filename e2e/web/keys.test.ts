import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import {
  bringIn,
  fill,
  heading,
  logIn,
  openByWords,
  password,
  shownWords,
  signUp,
  typeBack,
  unlock,
  visit,
} from "./person.ts";

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const slow = { timeout: 180_000 };

test.skipIf(missing !== undefined)(
  "words that were not typed back are there after a reload, and gone once they were",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor();
    await page.getByRole("link", { name: "Get started" }).click();
    await fill(page, { "Login name": "hasty", "Login password": password }, "Continue");
    await page.getByRole("button", { name: "Make the vault" }).click();
    const words = await shownWords(page);

    await page.reload();
    await unlock(page, "hasty");
    expect(await shownWords(page)).toEqual(words);
    await page.getByRole("button", { name: "Later" }).click();
    await heading(page, "Home");
    await page.getByText("Until then the 24 words are in this browser alone.").waitFor();
    await page.getByRole("button", { name: "Show the recovery card" }).click();
    expect(await shownWords(page)).toEqual(words);

    await page.reload();
    await heading(page, "Welcome back, hasty");
    await page.getByRole("button", { name: "Forgot the password, or somebody else?" }).click();
    await page.getByText("if you have not kept the 24 words, nobody can open your history").waitFor();
    await unlock(page, "hasty");
    await typeBack(page, words);
    await heading(page, "Home");
    await page.getByText(/^Checked on/).waitFor();
    await page.reload();
    await unlock(page, "hasty");
    await heading(page, "Home");
    expect(problems()).toEqual([]);
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "a new card by the old words: a reload leaves the old one, typing back puts the new one in its place",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor({ viewport: { width: 1280, height: 800 } });
    const old = await signUp(page, "careful");
    const renew = async (): Promise<readonly string[]> => {
      await visit(page, "security");
      await page.getByRole("button", { name: "Make a new recovery card" }).click();
      await page.getByRole("button", { name: "I have the old card" }).click();
      const panel = page.getByRole("region", { name: "Make a new recovery card" });
      await panel.getByLabel("The 24 words").fill(old.join(" "));
      await panel.getByRole("button", { name: "Show the new card" }).click();
      await heading(page, "Your new recovery card");
      return shownWords(page);
    };
    const given = await renew();
    await page.reload();
    await unlock(page, "careful");
    await heading(page, "Security");
    const check = async (words: readonly string[]): Promise<void> => {
      await visit(page, "security");
      await fill(page, { "The 24 words": words.join(" ") }, "Check");
    };
    await check(old);
    await page.getByText("this card opens your history").waitFor();

    const words = await renew();
    expect(words).not.toEqual(given);
    await typeBack(page, words);
    await page.getByText("The new recovery card counts now").waitFor();
    await check(old);
    await page.getByRole("alert").waitFor();
    await check(words);
    await page.getByText("this card opens your history").waitFor();
    expect(problems()).toEqual([]);

    const other = await site.newVisitor();
    await logIn(other.page, "careful");
    await openByWords(other.page, old);
    await other.page.getByRole("alert").waitFor();
    await openByWords(other.page, words);
    await heading(other.page, "Home");
    await other.context.close();
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "a new card without the old one: by the password once more; another device is told, and goes on",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor({ viewport: { width: 1280, height: 800 } });
    const old = await signUp(page, "forgetful");
    const other = await site.newVisitor();
    await logIn(other.page, "forgetful");
    await openByWords(other.page, old);
    await heading(other.page, "Home");

    await visit(page, "security");
    await page.getByRole("button", { name: "Make a new recovery card" }).click();
    await page.getByRole("button", { name: "The old card is lost" }).click();
    await page.getByText("Your other devices are told").waitFor();
    const field = { "The password that unlocks this browser": "not that one at all" };
    await fill(page, field, "Show the new card");
    await page.getByRole("alert").waitFor();
    await fill(page, { "The password that unlocks this browser": password }, "Show the new card");
    await heading(page, "Your new recovery card");
    const words = await shownWords(page);
    await typeBack(page, words);
    await page.getByText("The new recovery card counts now").waitFor();
    await page.reload();
    await unlock(page, "forgetful");
    await heading(page, "Security");
    expect(problems()).toEqual([]);

    await other.page.reload();
    await unlock(other.page, "forgetful");
    await other.page.getByText("Another device made a new recovery card.").waitFor();
    await visit(other.page, "security");
    await fill(other.page, { "The 24 words": old.join(" ") }, "Check");
    await other.page.getByRole("alert").waitFor();
    await fill(other.page, { "The 24 words": words.join(" ") }, "Check");
    await other.page.getByText("this card opens your history").waitFor();
    await other.context.close();
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "a device that was taken out reads nothing that comes after, and says why; its login ends where it is known",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor({ viewport: { width: 1280, height: 800 } });
    const words = await signUp(page, "robbed");
    const stolen = await site.newVisitor({ viewport: { width: 1280, height: 800 } });
    await logIn(stolen.page, "robbed");
    await openByWords(stolen.page, words);
    await heading(stolen.page, "Home");

    // The page was open before the other came in.
    await bringIn(page, telegram, "before it");
    await visit(page, "security");
    const takeOut = async (login: RegExp): Promise<void> => {
      await page.getByRole("button", { name: /^Take out/ }).click();
      await page.getByText("What it has fetched before cannot be taken back").waitFor();
      await page.getByRole("radio", { name: login }).check();
      const panel = page.getByRole("region", { name: /^Take out/ });
      await panel.getByLabel("The 24 words of the recovery card").fill("wrong ".repeat(24));
      await panel.getByRole("button", { name: "Take this device out" }).click();
      await panel.getByRole("alert").waitFor();
      await panel.getByLabel("The 24 words of the recovery card").fill(words.join(" "));
      await panel.getByRole("button", { name: "Take this device out" }).click();
      await page.getByText("It is out, and all keys are new.").waitFor();
    };
    await takeOut(/I do not know which/);
    await page.getByText("log out those that you do not know").waitFor();
    await visit(page, "chats");
    const names = page.locator(".chat-row .name");
    await names.first().waitFor();
    const before = await names.allTextContents();
    await bringIn(page, chatlab, "after it");
    await visit(page, "chats");
    await expect.poll(() => names.count()).toBeGreaterThan(before.length);
    const after = (await names.allTextContents()).filter((name) => !before.includes(name));
    expect(after.length).toBeGreaterThan(0);
    expect(problems()).toEqual([]);

    // Its page was left open: it shows nothing of that either, wherever it looks.
    for (const place of ["home", "chats", "sources", "versions"]) {
      await visit(stolen.page, place);
      await stolen.page.waitForTimeout(300);
      const shown = await stolen.page.locator("body").innerText();
      for (const name of [...after, "after it"]) expect(shown).not.toContain(name);
    }
    await stolen.page.reload();
    await unlock(stolen.page, "robbed");
    await heading(stolen.page, "This browser was taken out");
    await stolen.page.getByRole("button", { name: "Forget this login" }).click();

    // Back with the card, and out again together with the login.
    await logIn(stolen.page, "robbed");
    await openByWords(stolen.page, words);
    await stolen.page.getByText(/Last protected message/).waitFor();
    await visit(page, "home");
    await page.reload();
    await unlock(page, "robbed");
    await visit(page, "security");
    const section = page.locator("#logins");
    // The one that was used longest ago is that of before.
    await section.getByRole("button", { name: "Log it out" }).last().click();
    await section.getByRole("button", { name: "Log it out" }).nth(1).waitFor({ state: "detached" });
    await takeOut(/^browser/);
    await stolen.page.reload();
    await unlock(stolen.page, "robbed");
    await heading(stolen.page, "This login has ended");
    await stolen.context.close();
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "another login password unlocks this browser from then on, and ends all other logins",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor({ viewport: { width: 1280, height: 800 } });
    const words = await signUp(page, "changing");
    const other = await site.newVisitor();
    await logIn(other.page, "changing");
    await openByWords(other.page, words);
    await heading(other.page, "Home");
    await visit(page, "security");
    await page.getByRole("button", { name: "Change the login password" }).click();
    const change = async (current: string): Promise<void> => {
      const fields = { "What unlocks this browser now": current, "The new login password": another };
      await fill(page, fields, "Change it");
    };
    await change("not that one at all");
    await page.getByRole("alert").waitFor();
    await change(password);
    await page.getByText("Other logins that ended: 1.").waitFor();
    await page.reload();
    await unlock(page, "changing");
    await page.getByRole("alert").waitFor();
    await fill(page, { "Login password": another }, "Unlock");
    await heading(page, "Security");
    expect(problems()).toEqual([]);
    await other.page.reload();
    await unlock(other.page, "changing");
    await heading(other.page, "This login has ended");
    await other.context.close();
    await context.close();
  },
);

const another = "quite another password";
const chatlab = join(
  import.meta.dirname,
  "../../packages/core/src/formats/chatlab/fixtures/valid/group.json",
);
const telegram = join(
  import.meta.dirname,
  "../../packages/core/src/formats/telegram/fixtures/valid/full.json",
);
