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
