import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import { bringIn, signUp, visit } from "./person.ts";

/*
 * How somebody looks at a history: by date, by what was sent, by people, by years, in pages. Mostly by the sample, which
 * is the same every time.
 */

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const wide = { viewport: { width: 1280, height: 800 }, timezoneId: "Asia/Shanghai", acceptDownloads: true };
const phone = { viewport: { width: 360, height: 740 }, timezoneId: "America/New_York", hasTouch: true };
const slow = { timeout: 180_000 };

async function openSample(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Look at a sample first" }).click();
  await page.locator("nav a").first().waitFor({ timeout: 60_000 });
}

async function openFirstChat(page: Page): Promise<void> {
  await visit(page, "chats");
  await page.locator(".chat-row").first().click();
  await page.locator("article.line").first().waitFor();
}

/** The first day that stands between the lines that are seen. */
function firstDay(page: Page): Promise<string> {
  return page.evaluate(() => {
    const list = document.querySelector(".lines")!.getBoundingClientRect();
    const days = [...document.querySelectorAll(".line .day")];
    return days.find((day) => day.getBoundingClientRect().top >= list.top - 20)?.textContent ?? "";
  });
}

test.skipIf(missing !== undefined)(
  "a chat is gone through by years and months, and by its date field",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await openSample(page);
    await openFirstChat(page);
    const months = page.getByRole("navigation", { name: "By date" });
    await months.locator("[aria-current=date]").waitFor();
    await months.getByRole("button", { name: /^2023, / }).click();
    await expect.poll(() => firstDay(page)).toMatch(/2023$/);
    const inYear = months.getByRole("button", { name: /^[A-Z][a-z]{2} 2023, \d+ messages$/ });
    await expect.poll(() => inYear.count()).toBeGreaterThan(2);
    const month = (await inYear.nth(2).textContent())!;
    await inYear.nth(2).click();
    await expect.poll(() => firstDay(page)).toMatch(new RegExp(`${month}.* \\d+, 2023$`));
    await expect.poll(() => months.locator("[aria-current=date]").textContent()).toBe(month);
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("date");
    await page.getByLabel("Go to a date").fill("2022-06-01");
    await page.keyboard.press("Tab");
    await expect.poll(() => firstDay(page)).toMatch(/2022$/);
    expect(problems()).toEqual([]);
    await context.close();
  },
);

test.skipIf(missing !== undefined)("on a phone the months open from an edge", slow, async () => {
  const { page, context, problems } = await site.newVisitor(phone);
  await openSample(page);
  await openFirstChat(page);
  await page.getByRole("button", { name: "Choose a month" }).click();
  const months = page.getByRole("dialog");
  await months.getByRole("button", { name: /^2022/ }).click();
  await months.waitFor({ state: "detached" });
  await expect.poll(() => firstDay(page)).toMatch(/2022$/);
  expect(problems()).toEqual([]);
  await context.close();
});

test.skipIf(missing !== undefined)(
  "what was sent is looked through, and leads to its message",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await openSample(page);
    await openFirstChat(page);
    await page.getByRole("link", { name: "Media and files" }).click();
    await page.getByRole("heading", { level: 1, name: /^Media of / }).waitFor();
    await page.locator(".tile").first().click();
    const viewer = page.getByRole("dialog");
    await viewer.getByText(/^.*Number 1 of/).waitFor();
    await page.keyboard.press("ArrowRight");
    await viewer.getByText(/Number 2 of/).waitFor();
    await viewer.getByRole("button", { name: "Previous" }).click();
    await viewer.getByText(/Number 1 of/).waitFor();
    await viewer.getByRole("link", { name: "Go to the message" }).click();
    await page.locator(".line.found").waitFor();

    await visit(page, "media");
    await page.getByRole("link", { name: "Files" }).click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(".item-row").getByRole("button", { name: "Save" }).first().click(),
    ]);
    expect(await file.failure()).toBeNull();
    await page.getByRole("link", { name: "Links", exact: true }).click();
    const link = page.getByRole("link", { name: "Open example.org" }).first();
    expect(await link.getAttribute("rel")).toContain("noreferrer");
    await page.getByRole("link", { name: "Voice", exact: true }).click();
    await page.locator(".item-row").getByRole("button", { name: /Play/ }).first().waitFor();
    await page.locator(".item-row a").first().click();
    await page.locator(".line.found").waitFor();
    expect(problems()).toEqual([]);
    await context.close();
  },
);

test.skipIf(missing !== undefined)("chats are found by a part of their names", slow, async () => {
  const { page, context, problems } = await site.newVisitor(wide);
  await openSample(page);
  await visit(page, "chats");
  const names = page.locator(".chat-row .name");
  await names.first().waitFor();
  const all = await names.allTextContents();
  await page.getByRole("searchbox").fill(` ${all.at(-1)!.slice(1)} `);
  await expect.poll(() => names.allTextContents()).toEqual([all.at(-1)]);
  await page.getByRole("searchbox").fill("nobody is called so");
  await expect.poll(() => names.count()).toBe(0);
  await page.getByRole("searchbox").fill("");
  await expect.poll(() => names.allTextContents()).toEqual(all);
  expect(problems()).toEqual([]);
  await context.close();
});

test.skipIf(missing !== undefined)("people are found by the letters of their names", slow, async () => {
  const { page, context, problems } = await site.newVisitor(wide);
  await openSample(page);
  await visit(page, "people");
  const rows = page.locator(".people-page .chat-row");
  await rows.first().waitFor();
  const name = (await rows.locator(".name").allTextContents()).find((each) => each.startsWith("何"))!;
  await page.getByRole("searchbox").fill("h");
  await expect.poll(async () => (await rows.locator(".name").allTextContents()).includes(name)).toBe(true);
  await page.getByRole("searchbox").fill(name);
  await expect.poll(() => rows.first().locator(".name").textContent()).toBe(name);
  await rows.first().click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await page.getByText("Show as a table").click();
  await page.getByRole("columnheader", { name: "Month" }).waitFor();
  await page.locator(".person dd a").first().click();
  await page.locator("article.line").first().waitFor();
  expect(problems()).toEqual([]);
  await context.close();
});

test.skipIf(missing !== undefined)(
  "a year is counted and saved as a picture, and this day comes up again in later years",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await openSample(page);
    await visit(page, "look-back");
    await page.getByRole("heading", { level: 2, name: "2025" }).waitFor();
    await page.getByLabel("Year").selectOption("2023");
    await page.getByRole("heading", { level: 2, name: "2023" }).waitFor();
    const [picture] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as a picture" }).click(),
    ]);
    expect(picture.suggestedFilename()).toBe("keepsake-2023.png");
    const busiest = await page.getByRole("img", { name: /most were on/ }).getAttribute("aria-label");
    const [, day] = /most were on \w+, (.+): \d/.exec(busiest!)!;
    await page.clock.setFixedTime(new Date(`${day!.replace("2023", "2027")} 12:00`));
    await visit(page, "look-back/day");
    await page.locator(".remembered h3", { hasText: "2023" }).waitFor();
    await visit(page, "home");
    await page.locator(".this-day .remembered").waitFor();
    await page.getByRole("link", { name: "Go to that day" }).click();
    await page.locator("article.line").first().waitFor();
    await expect.poll(() => firstDay(page)).toContain(day!.split(",", 1)[0]);
    expect(problems()).toEqual([]);
    await context.close();
  },
);

test.skipIf(missing !== undefined)("a chat is read in pages of a hundred", slow, async () => {
  const { page, context, problems } = await site.newVisitor(wide);
  await openSample(page);
  await visit(page, "settings");
  await page.getByRole("radio", { name: "Pages" }).check();
  await openFirstChat(page);
  await expect.poll(() => page.locator("article.line").count()).toBe(100);
  const newest = await page.locator("article.line").last().getAttribute("data-key");
  const first = await page.locator("article.line").first().getAttribute("data-key");
  await page.getByRole("button", { name: "Earlier messages" }).first().click();
  await expect.poll(() => page.locator("article.line").first().getAttribute("data-key")).not.toBe(first);
  expect(await page.locator("article.line").count()).toBe(100);
  expect(await page.locator("article.line .day").first().isVisible()).toBe(true);
  await page.getByRole("button", { name: "Later messages" }).first().click();
  await expect.poll(() => page.locator("article.line").last().getAttribute("data-key")).toBe(newest);
  await page
    .getByRole("navigation", { name: "By date" })
    .getByRole("button", { name: /^2022, / })
    .click();
  await expect.poll(() => firstDay(page)).toMatch(/2022$/);
  expect(problems()).toEqual([]);
  await context.close();
});

/** An export of a chat with a picture that browsers show, one that was never downloaded, and a notice without words. */
async function makeExport(folder: string): Promise<void> {
  const message = (id: number, more: object): object => ({
    id,
    date: `2024-03-0${id}T12:00:00`,
    date_unixtime: String(Date.UTC(2024, 2, id, 12) / 1000),
    text: "",
    text_entities: [],
    ...more,
  });
  const from = { type: "message", from: "Anna", from_id: "user7" };
  const photo = { width: 192, height: 192 };
  const actor = { actor: "Anna", actor_id: "user7" };
  const messages = [
    message(1, { type: "service", ...actor, action: "invite_members", members: ["Tom"] }),
    message(2, { ...from, ...photo, photo: "photos/photo_1.png" }),
    message(3, {
      ...from,
      ...photo,
      photo: "(File not included. Change data exporting settings to download.)",
    }),
  ];
  const chat = { name: "Garden", type: "private_group", id: 99, messages };
  await mkdir(join(folder, "photos"), { recursive: true });
  await writeFile(join(folder, "result.json"), JSON.stringify(chat));
  const icon = new URL("../../packages/web/public/icon-192.png", import.meta.url);
  await copyFile(fileURLToPath(icon), join(folder, "photos", "photo_1.png"));
}

test.skipIf(missing !== undefined)(
  "pictures of an import are seen small and large, those that never came say so, and notices are sentences",
  slow,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "keepsake-web-"));
    const { page, context, problems } = await site.newVisitor(wide);
    try {
      await makeExport(join(folder, "export"));
      await signUp(page, "gardener");
      await bringIn(page, join(folder, "export"), "my telegram");
      await openFirstChat(page);
      await page.getByText("Anna added Tom to the group").waitFor();
      await visit(page, "media");
      await expect.poll(() => page.locator(".tile").count()).toBe(2);
      await page.locator(".tile .state").waitFor();
      const small = page.locator(".tile img");
      await expect.poll(() => small.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(192);
      await page.locator(".tile").nth(1).click();
      const large = page.getByRole("dialog").getByRole("img");
      await expect.poll(() => large.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(192);
      await page.keyboard.press("ArrowLeft");
      await page.getByRole("dialog").getByText("The export was made without this file").waitFor();
      expect(problems()).toEqual([]);
    } finally {
      await context.close();
      await rm(folder, { recursive: true });
    }
  },
);
