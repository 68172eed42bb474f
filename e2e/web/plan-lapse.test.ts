import { stat } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { stepLapses } from "../../packages/server/src/levels/lapse/step.ts";
import { turnAll } from "../../packages/server/src/levels/turn.ts";
import { newMachine } from "../cli-process.ts";
import { missing } from "./browsing.ts";
import { bringIn, heading, unlock, visit } from "./person.ts";
import { buyByTransfer, newBuyer, startShop } from "./shop.ts";

const DAY_MS = 86_400_000;
/** Little enough to be over it soon. */
const OWN_BYTES = 100_000;

test.skipIf(missing !== undefined)(
  "whose paid time is over is told so calmly, can take all of it out, and stores nothing more",
  { timeout: 240_000 },
  async () => {
    await using machine = await newMachine();
    const given = { messages: 300, chats: 3, attachmentBytes: 400_000 };
    const path = await machine.makeExport("phone", { seed: "lapse", ...given });
    const site = await startShop([], { ownBytes: OWN_BYTES });
    onTestFinished(() => site[Symbol.asyncDispose]());
    const { page, problems } = await newBuyer(site, "stops");
    await buyByTransfer(site, page, { plan: "gb-50", amountMinor: 8_000 });
    await bringIn(page, path, "phone");
    await visit(page, "home");
    await heading(page, "Home");
    const card = page.getByRole("region", { name: "The time that was paid for is over" });
    expect(await card.count()).toBe(0);

    const { selling } = site;
    // Within the days of paying back tickets reach two weeks ahead, and whatever is stored stays for this quarter.
    selling.clock.nowMs += 110 * DAY_MS;
    await turnAll(selling.server.server);
    await stepLapses(selling.server.server, { day: 110, isSure: true });
    await page.reload();
    await unlock(page, "stops");
    await card.waitFor();
    await expect
      .poll(() => card.textContent())
      .toMatch(/All that you stored is there. You can read, search, restore and export it, free, until/);
    expect(await card.getByRole("link").allTextContents()).toEqual([
      "Restore or export all",
      "Look at the plans",
    ]);
    expect(await card.locator("button, input").count()).toBe(0);

    // What would go is told by years, before anything does.
    await card.getByText("What would go if nobody paid any more").click();
    await card.getByText(/are above the free room. Files of the oldest years would go/).waitFor();
    const years = await card.locator("tbody tr").allTextContents();
    expect(years.length).toBeGreaterThan(2);
    expect(years[0]).toMatch(/^202\d[1-9][\d.]* kB/);

    await card.getByRole("link", { name: "Restore or export all" }).click();
    await page.evaluate(() => Object.assign(globalThis, { showSaveFilePicker: undefined }));
    await page.locator("input[name=format]").first().check();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export", exact: true }).click(),
    ]);
    await page.getByText(/^300 messages of 3 chats were exported/).waitFor();
    expect((await stat(await download.path())).size).toBeGreaterThan(OWN_BYTES);
    expect(problems()).toEqual([]);

    const more = await machine.makeExport("more", { ...given, seed: "more" });
    await visit(page, "sources");
    await page.getByLabel("Choose a folder").setInputFiles(more);
    await page.getByRole("button", { name: "Seal it" }).click();
    await page.getByRole("alert").getByText(/paid/).waitFor();
  },
);
