import { hash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBackup } from "../../packages/core/testing/apple/backup.ts";
import { weChatFiles, type PhoneWeChat } from "../../packages/core/testing/wechat/phone.ts";
import { silkVoice } from "../../packages/core/src/media/fixtures/made.ts";
import { newMachine } from "../cli-process.ts";
import { missing, startSite, type Site } from "./browsing.ts";
import { bringIn, fill, signUp, unlock, visit } from "./person.ts";

/* What somebody brings in, and is asked on the way. */

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

const wide = { viewport: { width: 1280, height: 800 } };
const slow = { timeout: 300_000 };
const backupPassword = "备份密码 42";
const icon = fileURLToPath(new URL("../../packages/web/public/icon-192.png", import.meta.url));

/** A phone on which two people used WeChat: texts, a picture and a voice of one, texts of the other. */
async function phone(): Promise<readonly PhoneWeChat[]> {
  const row = (number: number, type: number, text: string) => ({
    number,
    server: BigInt(number),
    sentSeconds: 1_700_000_000 + number,
    type,
    text,
  });
  const texts = Array.from({ length: 20 }, (_, i) => row(i + 1, 1, `第 ${i + 1} 句`));
  const picture = row(21, 3, '<msg><img length="9"/></msg>');
  const sound = await silkVoice(500);
  const voice = row(
    22,
    34,
    `<msg><voicemsg voicelength="500" length="${sound.length}" voiceformat="4"/></msg>`,
  );
  const mum = { userName: "wxid_mum", nickname: "兰", remark: "妈妈" };
  const files = { "Img/21.pic": new Uint8Array(await readFile(icon)), "Audio/22.aud": sound };
  return [
    {
      userName: "wxid_li",
      nickname: "小李",
      contacts: [mum],
      chats: [{ userName: mum.userName, rows: [...texts, picture, voice], files }],
    },
    {
      userName: "wxid_wang",
      nickname: "小王",
      contacts: [{ userName: "wxid_aunt", nickname: "姑姑" }],
      chats: [{ userName: "wxid_aunt", rows: [row(1, 1, "小王一个人的")] }],
    },
  ];
}

/** Answers the question for the backup's own password. */
function typePassword(page: Page, typed: string): Promise<void> {
  return fill(page, { "Backup password": typed }, "Continue");
}

test.skipIf(missing !== undefined)(
  "a phone's protected backup is opened by its own password, and read for the one whose it is",
  slow,
  async () => {
    const backup = join(folder, "00008120-1");
    await mkdir(backup);
    const protection = { password: backupPassword, rounds: 50, firstRounds: 50 };
    makeBackup(backup, weChatFiles(await phone()), { protection });
    const { page, context, problems } = await site.newVisitor(wide);
    await signUp(page, "iphone");
    await visit(page, "sources");
    await page.getByLabel("Choose a folder").setInputFiles(backup);
    await page.getByText("Found: WeChat in an iPhone's local backup").waitFor();
    await fill(page, { "A name for this source": "my phone" }, "Seal it");

    await page.getByText("keepsake agent add").first().waitFor();
    await page.getByRole("button", { name: "Do not read it" }).waitFor();
    for (const wrong of ["1234", "5678"]) {
      await typePassword(page, wrong);
      await page.getByRole("alert").getByText("This is not the password of this backup.").waitFor();
      await expect.poll(() => page.getByLabel("Backup password").inputValue()).toBe("");
    }
    await typePassword(page, backupPassword);
    await page.getByText("Whose history is this?").waitFor();
    await page.getByRole("radio", { name: "小王 (wxid_wang)" }).waitFor();
    await page.getByRole("radio", { name: "小李 (wxid_li)" }).check();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("22 messages added (the source has 22 in 1 chats).").waitFor();
    await page.getByText("2 files added").waitFor();
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, location.href]));
    expect(kept).not.toContain(backupPassword);

    await page.getByRole("link", { name: "Read the chats" }).click();
    await page.locator(".chat-row", { hasText: "妈妈" }).click();
    await page.getByText("第 20 句", { exact: true }).waitFor();
    expect(await page.locator(".chat-row").count()).toBe(1);
    const picture = page.locator("article.line figure img");
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(192);
    await page.getByRole("button", { name: /Play/ }).click();
    const sound = page.locator("article.line audio");
    await expect
      .poll(() => sound.evaluate((audio: HTMLAudioElement) => audio.duration), { timeout: 20_000 })
      .toBeCloseTo(0.5, 1);
    expect(problems()).toEqual([]);
    await context.close();
  },
);

/** What a visitor sends to be kept, as long as somebody asks: how many bytes, and whether notes of a run are among it. */
function sentBy(context: BrowserContext): { bytes: number; hasNotes: boolean } {
  const sent = { bytes: 0, hasNotes: false };
  context.on("requestfinished", (request) => {
    if (request.method() !== "PUT") return;
    sent.hasNotes ||= request.url().includes("/journals/");
    // What was sent by a page that is gone by now is not known any more.
    void request.sizes().then(
      ({ requestBodySize }) => (sent.bytes += requestBodySize),
      () => undefined,
    );
  });
  return sent;
}

/** How large the files of a folder are, equal ones once. */
async function bytesOf(path: string): Promise<number> {
  const sizes = new Map<string, number>();
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath, entry.name));
    sizes.set(hash("sha256", content), content.length);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

test.skipIf(missing !== undefined)(
  "a page that is closed in the middle of an import: the next one sends the rest, and nothing is there twice",
  slow,
  async () => {
    await using machine = await newMachine({});
    const life = { seed: "cut", messages: 8_000, chats: 12, attachmentBytes: 30_000_000 };
    const given = await machine.makeExport("large", life);
    const { page, context, problems } = await site.newVisitor(wide);
    const sent = sentBy(context);
    await signUp(page, "cut");
    await visit(page, "sources");
    await page.getByLabel("Choose a folder").setInputFiles(given);
    await fill(page, { "A name for this source": "my life" }, "Seal it");
    await page.getByRole("progressbar").waitFor();
    await expect.poll(() => sent.hasNotes, { timeout: 200_000, interval: 20 }).toBe(true);
    expect(await page.getByRole("heading", { name: "Sealed" }).count()).toBe(0);
    problems();
    await page.close();

    const next = await context.newPage();
    await next.goto(site.url);
    await unlock(next, "cut");
    await next.getByText("No history was put in yet.").waitFor();
    const before = sent.bytes;
    await bringIn(next, given, "my life");
    await next.getByText("8,000 messages added (the source has 8,000 in 12 chats).").waitFor();
    // Files do not get smaller: all of them are more than what was left to send.
    const least = await bytesOf(join(given, "attachments"));
    // The first note follows the first pack of files, which is no smaller than this.
    expect(before).toBeGreaterThan(8_000_000);
    expect(sent.bytes - before).toBeLessThan(least - before / 2);
    await visit(next, "home");
    await next.getByText(/^8,000 messages and/).waitFor();
    expect(problems()).toEqual([]);
    await context.close();
  },
);
