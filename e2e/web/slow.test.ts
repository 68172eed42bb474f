import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { madeHistory } from "../../packages/core/testing/history/index.ts";
import { newMachine } from "../cli-process.ts";
import { missing, startSite, type Site } from "./browsing.ts";
import { comeBack, fill, visit } from "./person.ts";
import { seedMember } from "./seeding.ts";
import { slowLine } from "./slow-line.ts";

/* On a line that is slow everything takes its time, says so, and shows nothing that is not so. */

let line: Awaited<ReturnType<typeof slowLine>>;
let site: Site;
beforeAll(async () => {
  if (missing !== undefined) return;
  line = await slowLine({ bytesPerSecond: 100_000, delayMs: 200 });
  site = await startSite({ KEEPSAKE_PUBLIC_URL: line.url });
  line.leadTo(site.server.url);
}, 120_000);
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  await line?.[Symbol.asyncDispose]();
});

/** Chooses an export and begins to bring it in, up to where something is told of it. */
async function begin(page: Page, path: string): Promise<void> {
  await page.getByLabel("Choose a folder").setInputFiles(path);
  await fill(page, { "A name for this source": "my life" }, "Seal it");
  await page.getByRole("progressbar").waitFor();
}

test.skipIf(missing !== undefined)(
  "a slow line: the door opens, a chat is read, and an import is stopped and taken up again",
  { timeout: 400_000 },
  async () => {
    await using machine = await newMachine({});
    const life = { seed: "slow", messages: 300, chats: 3 };
    const words = await seedMember(site.url, "patient", () => madeHistory(life));
    const more = { seed: "more", messages: 300, chats: 2, attachmentBytes: 400_000 };
    const given = await machine.makeExport("more", more);
    const { page, context, problems } = await site.newVisitor({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(120_000);
    await comeBack(page, "patient", words);
    await page.getByText(/^300 messages and/).waitFor();
    await page.getByRole("region", { name: "Latest chats" }).getByRole("link").first().click();
    await page.locator("article.line").first().waitFor();
    expect(await page.getByText(/cannot be reached/).count()).toBe(0);

    await visit(page, "sources");
    await begin(page, given);
    await page.getByText(/^Sending \d.* kB/).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText(/^Stopped\. What was already sent/).waitFor();
    await visit(page, "home");
    await page.getByText(/^300 messages and/).waitFor();
    await visit(page, "sources");
    await begin(page, given);
    await page.getByText(/^300 messages added \(the source has 300 in 2 chats\)/).waitFor();
    await visit(page, "home");
    await page.getByText(/^600 messages and/).waitFor();
    expect(await page.getByText(/cannot be reached/).count()).toBe(0);
    expect(problems()).toEqual([]);
    await context.close();
  },
);
