import { hash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryFile } from "../../packages/core/src/formats/index.ts";
import { zipSource } from "../../packages/core/src/zip/index.ts";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import { fill, signUp, visit } from "./person.ts";

/* Folders that nobody can read, kept as they are and got back. */

let site: Site;
let folder: string;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
  folder = await mkdtemp(join(tmpdir(), "keepsake-web-"));
}, 120_000);
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const wide = { viewport: { width: 1280, height: 800 }, acceptDownloads: true };
const slow = { timeout: 180_000 };
const modifiedSeconds = 1_700_000_000;

/** A folder of another program: its files by name. */
async function made(name: string, files: Readonly<Record<string, Buffer>>): Promise<string> {
  const path = join(folder, name);
  for (const [file, bytes] of Object.entries(files)) {
    await mkdir(join(path, file, ".."), { recursive: true });
    await writeFile(join(path, file), bytes);
    await utimes(join(path, file), modifiedSeconds, modifiedSeconds);
  }
  return path;
}

/** Gets a folder back: its files by name, and when each was written to. */
async function gotBack(page: Page): Promise<Record<string, readonly [digest: string, modifiedMs: unknown]>> {
  await page.evaluate(() => Object.assign(globalThis, { showSaveFilePicker: undefined }));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Get it back" }).click(),
  ]);
  const zip = await zipSource(memoryFile("a.zip", await readFile(await download.path())));
  const found: Record<string, readonly [string, unknown]> = {};
  for await (const file of zip.files()) {
    const pieces: Uint8Array[] = [];
    for await (const piece of file.open()) pieces.push(piece.slice());
    found[file.path] = [digestOf(Buffer.concat(pieces)), file.modifiedMs];
  }
  return found;
}

const digestOf = (bytes: Buffer): string => hash("sha256", bytes);

test.skipIf(missing !== undefined)(
  "files that nobody can read are kept as they are, come back as they were, and only what changed is added",
  slow,
  async () => {
    const files: Record<string, Buffer> = {
      "data/1.bin": Buffer.alloc(5_000_000, "一"),
      "data/空.bin": Buffer.alloc(0),
      list: Buffer.from("something that only its own program knows"),
    };
    const given = await made("其他应用", files);
    const { page, context, problems } = await site.newVisitor(wide);
    await signUp(page, "keeper");
    await visit(page, "sources");
    await page.getByLabel("Choose a folder").setInputFiles(given);
    await page.getByText("No chats that Keepsake reads were found here.").waitFor();
    await page.getByRole("button", { name: "Keep it as it is" }).click();
    await page.getByText("Found: A folder (kept as it is), 3 files").waitFor();
    await page.getByText("it cannot be searched here").waitFor();
    await fill(page, { "A name for this source": "my app: 2023/24" }, "Seal it");
    await page.getByText(/^3 files are kept, .* New: 3, changed: 0, gone: 0\.$/).waitFor();
    await page.getByRole("link", { name: "How to get it back" }).click();

    await page.getByText("my app: 2023/24: 3 files").waitFor();
    const expected = Object.entries(files).map(([path, bytes]) => [
      path,
      [digestOf(bytes), modifiedSeconds * 1000],
    ]);
    expect(await gotBack(page)).toEqual(Object.fromEntries(expected));
    await page.getByText(/^3 files are back and compared/).waitFor();

    await writeFile(join(given, "list"), "more of it");
    await utimes(join(given, "list"), modifiedSeconds, modifiedSeconds);
    await visit(page, "sources");
    await page.getByLabel("Choose a folder").setInputFiles(given);
    await page.getByRole("button", { name: "Keep it as it is" }).click();
    await fill(page, { "A name for this source": "my app: 2023/24" }, "Seal it");
    await page.getByText(/^3 files are kept, .* New: 0, changed: 1, gone: 0\.$/).waitFor();
    await visit(page, "take-out");
    expect((await gotBack(page))["list"]![0]).toBe(digestOf(Buffer.from("more of it")));
    expect(problems()).toEqual([]);
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "WeChat's own backup is kept where somebody says that it is one, and the way back to a phone is shown",
  slow,
  async () => {
    const given = await made("wxbackup", {
      "files/a.bin": Buffer.from("sealed by WeChat"),
      index: Buffer.alloc(9),
    });
    const { page, context, problems } = await site.newVisitor(wide);
    await signUp(page, "tencent");
    await visit(page, "sources");
    await page.getByLabel("Choose a folder").setInputFiles(given);
    await page.getByRole("button", { name: "it is WeChat's own computer backup" }).click();
    await page.getByText("We keep it, WeChat restores it: it cannot be searched here.").waitFor();
    await fill(page, {}, "Seal it");
    await page.getByRole("link", { name: "How to get it back" }).click();
    expect(await gotBack(page)).toEqual({
      "files/a.bin": [digestOf(Buffer.from("sealed by WeChat")), modifiedSeconds * 1000],
      index: [digestOf(Buffer.alloc(9)), modifiedSeconds * 1000],
    });
    await page.getByRole("link", { name: "How WeChat brings it to a phone from here" }).click();
    await page.getByRole("heading", { name: "WeChat" }).first().waitFor();
    expect(problems()).toEqual([]);
    await context.close();
  },
);
