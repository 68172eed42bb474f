import type { CDPSession, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missing, startSite, type Site } from "./browsing.ts";
import { fill, heading, openByWords, password, shownWords, signUp, typeBack, visit } from "./person.ts";
import { freePort } from "../../packages/server/src/free-port.ts";

/* Passkeys by the browser's own virtual authenticator: it is bound to a name, so the server is reached by one. */

let site: Site;
beforeAll(async () => {
  if (missing !== undefined) return;
  const port = String(await freePort());
  const url = `http://localhost:${port}`;
  site = await startSite({ KEEPSAKE_PORT: port, KEEPSAKE_PUBLIC_URL: url });
}, 120_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const slow = { timeout: 180_000 };
const wide = { viewport: { width: 1280, height: 800 } };

/** Puts an authenticator into a page, which says yes to all that it is asked. */
async function giveAuthenticator(page: Page, hasPrf: boolean): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return session;
}

/** Forgets all that the browser keeps, as one that was never here; the authenticator stays, as one that goes along. */
async function forget(page: Page): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${site.url}/icon.svg`);
  await page.evaluate(
    () =>
      new Promise((done, failed) => {
        const deleting = indexedDB.deleteDatabase("keepsake");
        deleting.onsuccess = done;
        deleting.onerror = failed;
      }),
  );
  await page.goto(`${site.url}/#/log-in`);
  await heading(page, "Log in");
}

async function add(page: Page, words: string): Promise<void> {
  await visit(page, "security");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await fill(page, { "The 24 words (may be left empty)": words }, "Make it");
}

test.skipIf(missing !== undefined)(
  "a passkey that derives logs in, unlocks and opens by itself; the words make its browser a device",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await giveAuthenticator(page, true);
    const words = await signUp(page, "keyholder");
    await add(page, "");
    await page.getByText("Added: it logs in, and unlocks this browser.").waitFor();
    await page.reload();
    await heading(page, "Welcome back, keyholder");
    await page.getByRole("button", { name: "Unlock with a passkey" }).click();
    await heading(page, "Security");
    await page.getByRole("button", { name: /^Remove the passkey/ }).click();
    await page.getByRole("button", { name: "Remove this passkey" }).click();
    await page.getByText("No passkeys yet.").waitFor();

    await add(page, words.join(" "));
    await page.getByText("Added: it logs in, unlocks this browser, and opens the history.").waitFor();
    expect(problems()).toEqual([]);

    await forget(page);
    problems();
    await page.getByRole("button", { name: "Log in with a passkey" }).click();
    await page.getByText("Opened by a passkey, to look at only.").waitFor();
    await visit(page, "sources");
    expect(await page.getByLabel("Choose files").count()).toBe(0);
    await page.reload();
    await heading(page, "Welcome back");
    expect(await page.getByRole("button", { name: "Unlock", exact: true }).count()).toBe(0);
    await page.getByRole("button", { name: "Unlock with a passkey" }).click();
    await visit(page, "security");
    await fill(page, { "The 24 words": words.join(" ") }, "Make it a device of mine");
    await page.getByRole("button", { name: "Add a passkey" }).waitFor();
    expect(await page.getByText("Opened by a passkey, to look at only.").count()).toBe(0);

    // Without a password of its own, a new card takes the passkey once more.
    await page.getByRole("button", { name: "Make a new recovery card" }).click();
    await page.getByRole("button", { name: "The old card is lost" }).click();
    await page.getByRole("button", { name: "Show the new card" }).click();
    await heading(page, "Your new recovery card");
    const renewed = await shownWords(page);
    await typeBack(page, renewed);
    await page.getByText("The new recovery card counts now").waitFor();
    expect(problems()).toEqual([]);

    // It opens nothing any more: a new card without the old one ends that.
    await forget(page);
    await page.getByRole("button", { name: "Log in with a passkey" }).click();
    await heading(page, "Open your history");
    await openByWords(page, renewed);
    await heading(page, "Home");
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "one that opens is taken out with the words, and opens no more",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await giveAuthenticator(page, true);
    const words = await signUp(page, "changer");
    await add(page, words.join(" "));
    await page.getByText("and opens the history.").waitFor();
    await page.getByRole("button", { name: /^Remove the passkey/ }).click();
    await page.getByText("It opens the history: all keys become new").waitFor();
    await fill(page, { "The 24 words of the recovery card": words.join(" ") }, "Remove this passkey");
    await page.getByText("No passkeys yet.").waitFor();
    expect(problems()).toEqual([]);
    await forget(page);
    await page.getByRole("button", { name: "Log in with a passkey" }).click();
    await page.getByRole("alert").waitFor();
    await fill(page, { "Login name": "changer", "Login password": password }, "Log in");
    await heading(page, "Open your history");
    await context.close();
  },
);

test.skipIf(missing !== undefined)(
  "a passkey that derives nothing logs in, and says that the card is needed",
  slow,
  async () => {
    const { page, context, problems } = await site.newVisitor(wide);
    await giveAuthenticator(page, false);
    const words = await signUp(page, "plain");
    await add(page, words.join(" "));
    await page.getByText("Added: it only logs in.").waitFor();
    expect(problems()).toEqual([]);
    await forget(page);
    await page.getByRole("button", { name: "Log in with a passkey" }).click();
    await page.getByText("This passkey logs in, and opens no history").waitFor();
    await fill(page, { "A password for this browser": "only for this browser" }, "Continue");
    await heading(page, "Open your history");
    await openByWords(page, words);
    await heading(page, "Home");
    await page.reload();
    await fill(page, { "The password of this browser": "only for this browser" }, "Unlock");
    await heading(page, "Home");
    await context.close();
  },
);
