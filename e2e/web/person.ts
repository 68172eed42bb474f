import { stat } from "node:fs/promises";
import type { Page } from "playwright";

/** What everybody here logs in with. */
export const password: string = "a long enough password";

/** Fills in a form and sends it. */
export async function fill(
  page: Page,
  fields: Readonly<Record<string, string>>,
  button: string,
): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("button", { name: button, exact: true }).click();
}

/** Waits for a page by its title. */
export async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** The words of the card that is shown. */
export async function shownWords(page: Page): Promise<readonly string[]> {
  await page.locator(".kit-words li").first().waitFor();
  return page.locator(".kit-words li").allTextContents();
}

/** Types back what is asked of a card that is shown. */
export async function typeBack(page: Page, words: readonly string[]): Promise<void> {
  await page.getByRole("button", { name: "I have kept them" }).click();
  const asked = page.getByLabel(/^Word \d+$/);
  await asked.nth(2).waitFor();
  for (const field of await asked.all()) {
    const label = await page.locator(`label[for="${await field.getAttribute("id")}"]`).textContent();
    await field.fill(words[Number(/\d+/.exec(label ?? "")) - 1]!);
  }
  await page.getByRole("button", { name: "Continue" }).click();
}

/** From the card to the empty home; gives the words. */
async function keepCard(page: Page): Promise<readonly string[]> {
  await heading(page, "Step 2: keep your recovery card");
  const words = await shownWords(page);
  await typeBack(page, words);
  await heading(page, "Home");
  return words;
}

/** Logs in, up to where the vault is to be opened. */
export async function logIn(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name: "I already use Keepsake" }).click();
  await fill(page, { "Login name": name, "Login password": password }, "Log in");
  await heading(page, "Open your history");
}

/** Opens the vault with the words of a card. */
export async function openByWords(page: Page, words: readonly string[]): Promise<void> {
  await fill(page, { "The 24 words of the recovery card": words.join(" ") }, "Open");
}

/** Unlocks the browser after it was locked or reloaded. */
export async function unlock(page: Page, name: string): Promise<void> {
  await heading(page, `Welcome back, ${name}`);
  await fill(page, { "Login password": password }, "Unlock");
}

/** Becomes a member with a vault; gives the recovery words. */
export async function signUp(page: Page, name: string): Promise<readonly string[]> {
  await page.getByRole("link", { name: "Get started" }).click();
  await fill(page, { "Login name": name, "Login password": password }, "Continue");
  await page.getByRole("button", { name: "Make the vault" }).click();
  return keepCard(page);
}

/** Goes to a page by its place in the address. */
export async function visit(page: Page, place: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = `#/${to}`;
  }, place);
}

/** Brings a file or a folder in under a name, to the end. */
export async function bringIn(page: Page, path: string, name: string): Promise<void> {
  await visit(page, "sources");
  const kind = (await stat(path)).isDirectory() ? "Choose a folder" : "Choose files";
  await page.getByLabel(kind).setInputFiles(path);
  await fill(page, { "A name for this source": name }, "Seal it");
  await page.getByRole("heading", { name: "Sealed" }).waitFor();
}

/** Opens a history in a browser that has never seen it, by the recovery words. */
export async function comeBack(page: Page, name: string, words: readonly string[]): Promise<void> {
  await logIn(page, name);
  await openByWords(page, words);
  await heading(page, "Home");
}
