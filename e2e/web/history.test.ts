import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { detectFormat, formats } from "../../packages/core/src/formats/index.ts";
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

/** Narrows what was found, and goes from one hit to the next, each marked where it stands. */
async function searchesOn(page: Page): Promise<void> {
  await page.getByRole("searchbox").fill("e");
  const count = async (): Promise<number> => {
    const status = page.getByRole("status").filter({ hasText: "found" });
    await expect.poll(() => status.textContent()).toMatch(/^\d+ found$/);
    return Number.parseInt((await status.textContent())!);
  };
  await expect.poll(count).toBeGreaterThan(1);
  const all = await count();
  await page.getByText("Filters", { exact: true }).click();
  await page.getByLabel("Name of the chat").fill("gro");
  await expect.poll(count).toBeLessThan(all);
  const some = await count();
  expect(some).toBeGreaterThan(1);
  await page.getByLabel("Written by").fill("nobody of that name");
  await expect.poll(count).toBe(0);
  await page.getByLabel("Written by").fill("");
  await expect.poll(count).toBe(some);
  await page.locator(".hits a").first().click();
  for (const place of [1, 2]) {
    await page.getByText(`${place} of ${some}`, { exact: true }).waitFor();
    const marked = (): Promise<string> =>
      page.evaluate(() => [...(CSS.highlights.get("found") ?? [])].map(String).join());
    await expect.poll(marked).toMatch(/^e$/i);
    await page.keyboard.press("n");
  }
  await page.getByRole("link", { name: "All found" }).click();
  await expect.poll(count).toBe(some);
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
    await page.getByRole("link", { name: "All found" }).click();
    await searchesOn(page);
    await visit(page, "versions");
    await page.getByText("45 messages", { exact: false }).first().waitFor();
    await visit(page, "home");
    await page.getByText(/Last protected message/).waitFor();
    expect(problems()).toEqual([]);
    await context.close();
  },
);

interface Taken {
  readonly format: string;
  readonly messages: number;
  /** Each text with when it was sent, in order. */
  readonly texts: readonly string[];
}

/** What core's own readers find in a folder or a zip. */
async function taken(path: string): Promise<Taken> {
  const folder = await folderSource(path);
  const source = path.endsWith(".zip") ? await zipSource((await folder.file(basename(path)))!) : folder;
  const { format: id } = await detectFormat(source, formats);
  const texts: string[] = [];
  let messages = 0;
  for await (const event of formats.find((each) => each.id === id)!.read(source)) {
    if (event.type !== "message") continue;
    messages++;
    const { kind, body, time } = event.message;
    if (kind === "text") texts.push(`${Math.floor((time?.sent ?? 0) / 1000)} ${body?.text}`);
  }
  return { format: id, messages, texts: texts.sort() };
}

test.skipIf(missing !== undefined)(
  "a history in Chinese is found by two characters, taken out in each format, and brought in from a zip",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await signUp(page, "zhongwen");
    await using machine = await newMachine({});
    const life = { seed: "zhongwen", messages: 400, chats: 3 };
    const given = await machine.makeExport("exported", life);
    const expected = await taken(given);
    await bringIn(page, given, "my life");
    await visit(page, "search");
    const text = "好的";
    await page.getByRole("searchbox").fill(text);
    await page.locator(".hits mark", { hasText: text }).first().waitFor();

    await visit(page, "take-out");
    await page.evaluate(() => Object.assign(globalThis, { showSaveFilePicker: undefined }));
    const choices = page.locator("input[name=format]");
    await choices.first().waitFor();
    const writers = await choices.evaluateAll((inputs) =>
      inputs.map((input) => input.getAttribute("value")!),
    );
    expect(writers).toEqual(formats.filter((format) => format.write !== undefined).map(({ id }) => id));
    for (const writer of writers) {
      await page.locator(`input[name=format][value=${writer}]`).check();
      const zip = await downloaded(page, "Export", `${writer}.zip`);
      await page.getByText(new RegExp(`^${expected.messages} messages of 3 chats were exported`)).waitFor();
      const isExact = await page.getByText("read back, it is the same").isVisible();
      expect(isExact || (await page.getByText(/^What (looks different|this format)/).count()) > 0).toBe(true);
      const { texts, ...others } = await taken(zip);
      // Some formats say in words what they have no place for: that is more than was there.
      const known = texts.filter((each) => expected.texts.includes(each));
      expect({ ...others, texts: known }).toEqual({ ...expected, format: writer });
    }
    await bringIn(page, join(folder, "chatlab.zip"), "the same, zipped");
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
