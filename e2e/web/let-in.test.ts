import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import { fill, heading, signUp, visit } from "./person.ts";

/* A new browser is let in by one that is there, by a code and six digits. */

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const slow = { timeout: 180_000 };
const wide = { viewport: { width: 1280, height: 800 } };
const own = "only for this browser";

/** A new browser up to its code; gives the code. */
async function showCode(page: Page): Promise<string> {
  await page.getByRole("link", { name: "I already use Keepsake" }).click();
  await page.getByRole("link", { name: "I have another device at hand" }).click();
  await fill(page, { "A password for this browser": own }, "Show the code");
  await page.getByRole("img", { name: "A QR code for the other device to scan" }).waitFor();
  await page.getByText(/^Good for another 1\d\d seconds$/).waitFor();
  return (await page.locator(".address").textContent())!;
}

/** On the old device, up to the question for the code. */
async function prepare(page: Page, words: readonly string[]): Promise<void> {
  await visit(page, "security");
  await page.getByRole("button", { name: "Let a new device in" }).click();
  await fill(page, { "The 24 words of the recovery card": words.join(" ") }, "Continue");
  await page.getByLabel("What the new device shows").waitFor();
}

async function digits(page: Page): Promise<string> {
  return (await page.locator(".digits").textContent())!;
}

test.skipIf(missing !== undefined)(
  "a new browser comes in by a code and six digits, and unlocks by a password of its own",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    const words = await signUp(page, "host");
    const guest = await site.newVisitor();
    await prepare(page, words);
    const code = await showCode(guest.page);
    await fill(page, { "What the new device shows": code }, "Continue");
    await page.locator(".digits").waitFor();
    await guest.page.locator(".digits").waitFor();
    expect(await digits(page)).toMatch(/^\d{6}$/);
    expect(await digits(guest.page)).toBe(await digits(page));
    await page.getByRole("button", { name: "The same: let it in" }).click();
    await page.getByText("The new device is in.").waitFor();
    await heading(guest.page, "Home");

    await guest.page.reload();
    await heading(guest.page, "Welcome back");
    await fill(guest.page, { "The password of this browser": own }, "Unlock");
    await heading(guest.page, "Home");
    await visit(guest.page, "security");
    await fill(guest.page, { "The 24 words": words.join(" ") }, "Check");
    await guest.page.getByText("this card opens your history").waitFor();
    expect(guest.problems()).toEqual([]);
    expect(problems()).toEqual([]);
    await guest.context.close();
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "where the digits are refused nobody comes in; a wrong code is no code, and another one is shown",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    const words = await signUp(page, "wary");
    const guest = await site.newVisitor();
    await prepare(page, words);
    await fill(page, { "What the new device shows": "hello" }, "Continue");
    await page.getByText("This is no code of a new device.").waitFor();
    const code = await showCode(guest.page);
    await fill(page, { "What the new device shows": code }, "Continue");
    await page.getByRole("button", { name: "They differ" }).click();
    await page.getByText("Nothing was given out. Digits that differ").waitFor();
    await guest.page.getByText("This code is past its time, was used, or was refused.").waitFor();
    await visit(page, "home");
    await visit(page, "security");
    await expect.poll(() => page.getByRole("button", { name: /^Take out/ }).count()).toBe(0);

    await guest.page.getByRole("button", { name: "A new code" }).click();
    await guest.page.locator(".address").waitFor();
    expect(await guest.page.locator(".address").textContent()).not.toBe(code);
    problems();
    await guest.context.close();
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "the camera reads the code where the browser can; no picture leaves the page",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await context.addInitScript(() => {
      // A camera and a reader of codes as some browsers have them.
      const seen = { code: "" };
      class Reader {
        detect(): Promise<readonly { rawValue: string }[]> {
          return Promise.resolve(seen.code === "" ? [] : [{ rawValue: seen.code }]);
        }
      }
      const getUserMedia = (): Promise<MediaStream> => {
        const canvas = document.createElement("canvas");
        canvas.getContext("2d")!.fillRect(0, 0, 10, 10);
        return Promise.resolve(canvas.captureStream(5));
      };
      Object.assign(globalThis, { BarcodeDetector: Reader, seen });
      Object.assign(navigator.mediaDevices, { getUserMedia });
    });
    await page.reload();
    const words = await signUp(page, "scanner");
    const guest = await site.newVisitor();
    await prepare(page, words);
    await page.getByRole("button", { name: "Scan with the camera" }).click();
    await page.getByText("Point the camera").waitFor();
    const code = await showCode(guest.page);
    await page.evaluate((text) => {
      (globalThis as unknown as { seen: { code: string } }).seen.code = text;
    }, code);
    await page.getByRole("button", { name: "The same: let it in" }).click();
    await heading(guest.page, "Home");
    expect(problems()).toEqual([]);
    await guest.context.close();
    await context.close();
  },
);
