import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import { fill, heading, logIn, password, signUp, visit } from "./person.ts";

/* A password of the vault's own, of which the server's guards limit the guesses. */

let site: Site;
beforeAll(async () => {
  if (missing === undefined) site = await startSite();
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const words = "The 24 words of the recovery card";
const own = "a password for the vault alone";

test.skipIf(missing !== undefined)(
  "opens the history in a new browser without the card, as long as it is set",
  { timeout: 180_000 },
  async () => {
    const { page, context, problems } = await site.newVisitor();
    const card = (await signUp(page, "two-passwords")).join(" ");
    await visit(page, "security");
    await page.getByText("None is set.").waitFor();
    await page.getByRole("button", { name: "Set a vault password" }).click();
    await fill(page, { [words]: card, "The new vault password": password }, "Set it");
    await page.getByText("This is what unlocks this browser.").waitFor();
    await fill(page, { "The new vault password": own }, "Set it");
    await page.getByText("One is set.").waitFor();
    expect(problems()).toEqual([]);

    const other = await site.newVisitor();
    await logIn(other.page, "two-passwords");
    await other.page.getByRole("button", { name: "I have a vault password" }).click();
    await fill(other.page, { "Vault password": "not the password" }, "Open");
    await other.page.getByRole("alert").waitFor();
    await fill(other.page, { "Vault password": own }, "Open");
    await heading(other.page, "Home");
    await other.context.close();

    await page.getByRole("button", { name: "Open by no password any more" }).click();
    await fill(page, { [words]: card }, "Remove the password");
    await page.getByText("None is set.").waitFor();
    const late = await site.newVisitor();
    await logIn(late.page, "two-passwords");
    await late.page.getByRole("button", { name: "I have a vault password" }).click();
    await fill(late.page, { "Vault password": own }, "Open");
    await late.page.getByRole("alert").waitFor();
    await late.page.getByRole("button", { name: "Open it with the recovery card" }).click();
    await fill(late.page, { [words]: card }, "Open");
    await heading(late.page, "Home");
    await late.context.close();
    await context.close();
  },
);
