import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { folderSource } from "../../packages/core/src/platform/node/index.ts";
import { zipSource } from "../../packages/core/src/zip/index.ts";
import { newMachine } from "../cli-process.ts";
import { missing, startSite, type Site } from "./browsing.ts";
import { bringIn, fill, heading, password, signUp, visit } from "./person.ts";

/*
 * What a person does with histories in a browser, from the first import to the day when everything but the recovery
 * card is lost.
 */

const telegram = fileURLToPath(
  new URL("../../packages/core/src/formats/telegram/fixtures/valid/full.json", import.meta.url),
);
let site: Site;
let folder: string;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-web-"));
});
afterEach(() => rm(folder, { recursive: true }));

const wide = { viewport: { width: 1280, height: 800 }, acceptDownloads: true };
const slow = { timeout: 180_000 };

/** Presses a button that leads to a download, and keeps what comes. */
async function downloaded(page: Page, button: string, name: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  const file = join(folder, name);
  await download.saveAs(file);
  return file;
}

async function unzip(file: string, to: string): Promise<void> {
  const source = await folderSource(file);
  const zip = await zipSource((await source.file(basename(file)))!);
  for await (const entry of zip.files()) {
    await mkdir(dirname(join(to, entry.path)), { recursive: true });
    await writeFile(join(to, entry.path), entry.open());
  }
}

async function openSource(page: Page, title: string): Promise<void> {
  await visit(page, "chats");
  await page.locator(".chat-row", { hasText: title }).first().click();
  await page.locator("article.line").first().waitFor();
}

test.skipIf(missing !== undefined)(
  "an export is brought in, read and searched; the same one again adds nothing",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await signUp(page, "reader");
    await bringIn(page, telegram, "my telegram");
    await page.getByText(/^45 messages added/).waitFor();
    await openSource(page, "Group");
    await page.getByText("after", { exact: true }).waitFor();
    await bringIn(page, telegram, "my telegram");
    await page
      .getByText(/^0 messages added|nothing new/)
      .first()
      .waitFor();

    await visit(page, "search");
    await page.getByRole("searchbox").fill("custom");
    await page.locator(".hits a").first().click();
    await page.locator(".line.found").waitFor();
    await visit(page, "versions");
    await page.getByText("45 messages", { exact: false }).first().waitFor();
    await visit(page, "home");
    await page.getByText(/Last protected message/).waitFor();
    expect(problems()).toEqual([]);
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "a history in Chinese is found by two characters, and one in a zip is read as well",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await signUp(page, "zhongwen");
    await using machine = await newMachine({});
    const life = { seed: "zhongwen", messages: 400, chats: 3 };
    await bringIn(page, await machine.makeExport("exported", life, "chatlab"), "chatlab");
    await visit(page, "search");
    const text = "好的";
    await page.getByRole("searchbox").fill(text);
    await page.locator(".hits mark", { hasText: text }).first().waitFor();
    await visit(page, "take-out");
    await page.evaluate(() => Object.assign(globalThis, { showSaveFilePicker: undefined }));
    const zip = await downloaded(page, "Export", "out.zip");
    await bringIn(page, zip, "the same, zipped");
    expect(problems()).toEqual([]);
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "everything lost but the card: another browser opens it, and so does the copy without any server",
  slow,
  async () => {
    const { page, context } = await site.newVisitor(wide);
    const words = await signUp(page, "loser");
    await bringIn(page, telegram, "my telegram");
    await visit(page, "take-out");
    await page.evaluate(() => Object.assign(globalThis, { showSaveFilePicker: undefined }));
    const copy = await downloaded(page, "Save a copy", "copy.zip");
    await page.getByText(/^Saved: \d+ objects/).waitFor();
    await context.close();

    const other = await site.newVisitor(wide);
    await other.page.getByRole("link", { name: "I already use Keepsake" }).click();
    await fill(other.page, { "Login name": "loser", "Login password": password }, "Log in");
    await heading(other.page, "Open your history");
    await fill(other.page, { "The 24 words of the recovery card": words.join(" ") }, "Open");
    await heading(other.page, "Home");
    await openSource(other.page, "Group");
    await visit(other.page, "security");
    await other.page.getByText("a new device").or(other.page.getByText("logged in")).first().waitFor();
    expect(other.problems()).toEqual([]);
    await other.context.close();

    await using machine = await newMachine({});
    const wordsFile = join(folder, "words.txt");
    await writeFile(wordsFile, words.join(" "));
    const store = join(folder, "store");
    await unzip(copy, store);
    const chats = await machine.json(["chats", "--store", store, "--words-file", wordsFile]);
    expect(chats.result).toMatchObject({ ok: true, chats: 6 });
    const check = await machine.json(["check", "--store", store, "--words-file", wordsFile]);
    expect(check.result).toMatchObject({ ok: true });
  },
);
