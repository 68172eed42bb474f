import { expect, onTestFinished, test } from "vitest";
import { newMachine } from "../cli-process.ts";
import { missing, startSite, type Site } from "./browsing.ts";
import { signUp, visit } from "./person.ts";

test.skipIf(missing !== undefined)(
  "what an export would take is told before anything is kept or sent, with the plans of the server",
  { timeout: 180_000 },
  async () => {
    await using machine = await newMachine();
    const path = await machine.makeExport("phone", {
      seed: "estimate",
      messages: 1500,
      chats: 5,
      attachmentBytes: 2_000_000,
    });
    const site: Site = await startSite();
    onTestFinished(() => site[Symbol.asyncDispose]());
    const { page, problems } = await site.newVisitor();
    await page.goto(site.url);
    await signUp(page, "estimate");
    const sent: string[] = [];
    page.context().on("request", (request) => {
      if (request.method() !== "GET") sent.push(`${request.method()} ${new URL(request.url()).pathname}`);
    });
    await visit(page, "sources");
    await page.getByLabel("Choose a folder").setInputFiles(path);
    await page.getByRole("button", { name: "What would this take?" }).click();
    const told = page.getByRole("region", { name: "Estimate" });
    await told.waitFor({ timeout: 60_000 });
    expect(await told.textContent()).toMatch(
      /nothing was sent.*On your line to the server, tried just now.*You need not pay anything/s,
    );
    expect(await told.getByRole("row").count()).toBe(5);
    await told.getByText("By chat").click();
    expect(await told.locator(".bars li").first().isVisible()).toBe(true);
    expect(sent.filter((each) => /objects|uploads/.test(each))).toEqual([]);
    await visit(page, "chats");
    expect(await page.locator(".chat-row").count()).toBe(0);
    // It waits where it was, and can be sealed from there.
    await visit(page, "sources");
    await told.waitFor();
    await page.getByRole("button", { name: "Seal it" }).click();
    await page.getByRole("heading", { name: "Sealed" }).waitFor({ timeout: 60_000 });
    expect(problems()).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "what is not wanted is ticked in the estimate, is not sealed, and can be taken back",
  { timeout: 180_000 },
  async () => {
    await using machine = await newMachine();
    const path = await machine.makeExport("phone", {
      seed: "choosing",
      messages: 1500,
      chats: 5,
      attachmentBytes: 2_000_000,
    });
    const site: Site = await startSite();
    onTestFinished(() => site[Symbol.asyncDispose]());
    const { page, problems } = await site.newVisitor();
    await page.goto(site.url);
    await signUp(page, "choosing");
    await visit(page, "sources");
    await page.getByLabel("Choose a folder").setInputFiles(path);
    await page.getByRole("button", { name: "What would this take?" }).click();
    const told = page.getByRole("region", { name: "Estimate" });
    await told.waitFor({ timeout: 60_000 });
    const boxes = told.getByRole("checkbox");
    const proposals = await boxes.count();
    expect(proposals).toBe(1);
    for (const box of await boxes.all()) expect(await box.isChecked()).toBe(false);
    // Nothing ticked leaves nothing out.
    const leaveOut = told.getByRole("button", { name: "Leave out what is ticked" });
    await leaveOut.click();
    expect(await boxes.count()).toBe(proposals);
    await told.getByLabel(/pictures of stickers/).check();
    await leaveOut.click();
    await told.getByText("what you seal now is without it").waitFor();
    expect(await boxes.count()).toBe(proposals - 1);
    await page.getByRole("button", { name: "Seal it" }).click();
    await page.getByRole("heading", { name: "Sealed" }).waitFor({ timeout: 60_000 });
    await visit(page, "storage");
    const left = page.getByRole("region", { name: "Left out of backups" });
    await left.getByText(/Files: Sticker/).waitFor();
    await page.getByText("By kind").waitFor();
    const stickers = (await page.locator(".bars li", { hasText: /^Sticker/ }).textContent()) ?? "";
    expect(stickers).toMatch(/, 0 files/);
    await left.getByRole("button", { name: /Keep it again/ }).click();
    await left.waitFor({ state: "detached" });
    expect(problems()).toEqual([]);
  },
);
