import type { Locator, Page } from "playwright";
import { expect, test } from "vitest";
import { missing } from "./browsing.ts";
import { comeBack, heading, visit } from "./person.ts";
import { buyMonth, newRoamer } from "./roaming.ts";
import { chosenBeforehand, payByTransfer } from "./shop.ts";

/* A plan that reaches back only so far, as the web app applies it: what was shown, and only when somebody says so. */

const slow = { timeout: 240_000 };

/** How many messages each chat has, by its name. */
async function countsOf(page: Page): Promise<ReadonlyMap<string, number>> {
  await visit(page, "chats");
  await page.locator(".chat-row").first().waitFor();
  const rows = await page.locator(".chat-row").all();
  const counts = await Promise.all(rows.map((row) => nameAndCount(row)));
  return new Map(counts);
}

async function nameAndCount(row: Locator): Promise<readonly [string, number]> {
  const name = (await row.locator(".private").last().textContent()) ?? "";
  const count = /[\d,]+/.exec((await row.locator(".hint").first().textContent()) ?? "")![0];
  return [name, Number(count.replaceAll(",", ""))];
}

async function openWindow(page: Page): Promise<void> {
  await visit(page, "plan/window");
  await heading(page, "How far back your plan reaches");
}

const older = (page: Page) => page.getByRole("region", { name: "What is older" });

/** Looks at what is older: how many messages of each chat would go, by its name. */
async function look(page: Page): Promise<ReadonlyMap<string, number>> {
  await page.getByRole("button", { name: "See what is older" }).click();
  await older(page).waitFor();
  const rows = await older(page).locator("li").all();
  return new Map(await Promise.all(rows.map((row) => nameAndCount(row))));
}

async function forget(page: Page, count: number): Promise<void> {
  await older(page).getByRole("checkbox").check();
  await older(page)
    .getByRole("button", { name: `Forget ${count} messages` })
    .click();
  await page.getByText(/^✓ Forgotten: /).waitFor();
}

const sum = (counts: ReadonlyMap<string, number>) =>
  [...counts.values()].reduce((all, each) => all + each, 0);

test.skipIf(missing !== undefined)(
  "what is older than a plan's window is shown first, goes after two clicks and no other way, and comes back by one",
  slow,
  async () => {
    const { shop, page, problems } = await newRoamer();
    await buyMonth(shop, page, "days-30");
    const before = await countsOf(page);
    expect(before.size).toBe(3);
    await visit(page, "plan");
    await page.getByRole("link", { name: "It reaches 30 days back: what that means" }).click();
    await heading(page, "How far back your plan reaches");
    await page.getByText("Roaming, 30 days: it reaches 30 days back, to").waitFor();
    await page.getByText("Nothing goes by itself, now or later").waitFor();
    const chats = page.getByRole("group", { name: "Chats that are kept for ever" });
    await expect.poll(() => chats.getByRole("checkbox").count()).toBe(3);
    expect(await chosenBeforehand(page)).toBe(0);

    // A chat is chosen by keys alone, and no more than the plan has.
    const [kept] = [...before.keys()];
    await page.getByRole("searchbox", { name: "Find among the chats" }).focus();
    await page.keyboard.type(kept!.toUpperCase());
    await expect.poll(() => chats.getByRole("checkbox").count()).toBe(1);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.getByText("1 of at most 1 chosen").waitFor();
    await page.getByRole("searchbox", { name: "Find among the chats" }).fill("");
    await expect.poll(() => chats.getByRole("checkbox", { disabled: true }).count()).toBe(2);
    expect(await chats.getByRole("checkbox", { name: kept!, exact: true }).isChecked()).toBe(true);

    // Whoever leaves it changes nothing, and a click on the button alone does nothing.
    const shown = await look(page);
    expect(shown.has(kept!)).toBe(false);
    expect(shown.size).toBe(2);
    await older(page).getByText("may be the only one of these messages").waitFor();
    const sure = older(page).getByRole("checkbox");
    expect(await sure.isChecked()).toBe(false);
    await older(page)
      .getByRole("button", { name: /^Forget / })
      .click();
    expect(await sure.evaluate((box: HTMLInputElement) => box.validity.valueMissing)).toBe(true);
    await older(page).getByRole("button", { name: "Leave it" }).click();
    await older(page).waitFor({ state: "detached" });
    expect(await countsOf(page)).toEqual(before);
    await openWindow(page);
    await page.getByText("0 of at most 1 chosen").waitFor();

    // Keeping it elsewhere is a click away, up to the day from which on all stays.
    await chats.getByRole("checkbox", { name: kept!, exact: true }).check();
    expect(await look(page)).toEqual(shown);
    await older(page).getByRole("link", { name: "Export them, or save a copy" }).click();
    await heading(page, "Take out");
    await expect.poll(() => page.getByLabel("Until").inputValue()).toMatch(/^\d{4}-\d{2}-\d{2}$/);

    // What goes is what was shown.
    await openWindow(page);
    await chats.getByRole("checkbox", { name: kept!, exact: true }).check();
    expect(await look(page)).toEqual(shown);
    await forget(page, sum(shown));
    const after = await countsOf(page);
    expect(after.get(kept!)).toBe(before.get(kept!));
    expect(after).toEqual(
      new Map([...before].map(([name, count]) => [name, count - (shown.get(name) ?? 0)])),
    );
    await openWindow(page);
    await page.getByText("1 of at most 1 chosen").waitFor();
    await page.getByRole("button", { name: "See what is older" }).click();
    await older(page).getByText("Nothing is older.").waitFor();

    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByText("Undone: all of it is back.").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Undo", exact: true }).count()).toBe(0);
    expect(await countsOf(page)).toEqual(before);
    await openWindow(page);
    await page.getByText("1 of at most 1 chosen").waitFor();
    expect(problems()).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "with a plan that reaches further there is room made in the rule, where somebody says so",
  slow,
  async () => {
    const { shop, page, problems } = await newRoamer();
    // Without a paid plan it is the free one that counts.
    await openWindow(page);
    await page.getByText("Roaming, 7 days: it reaches 7 days back, to").waitFor();
    await page.getByText("This plan keeps no chat for ever.").waitFor();
    await forget(page, sum(await look(page)));
    const left = await countsOf(page);

    await buyMonth(shop, page, "days-30");
    await openWindow(page);
    expect((await look(page)).size).toBe(0);
    await older(page).getByText("An earlier plan reached less far").waitFor();
    await older(page).getByRole("button", { name: "Make room in the rule" }).click();
    await page.getByText("the next backup stores again what the sources still have").first().waitFor();
    await page.getByRole("button", { name: "See what is older" }).click();
    await older(page).getByText("Nothing is older.").waitFor();
    expect(await older(page).getByRole("button").count()).toBe(0);
    const chats = page.getByRole("group", { name: "Chats that are kept for ever" });
    await chats.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: "See what is older" }).click();
    await older(page).getByRole("button", { name: "Make room in the rule" }).click();
    await page.getByText("✓ There is room in the rule").waitFor();

    // A plan with less room for chats: which of them go is for the person to say.
    await buyMonth(shop, page, "years-2");
    await openWindow(page);
    await page.getByText("1 are chosen, and this plan allows 0.").waitFor();
    expect(await page.getByRole("button", { name: "See what is older" }).count()).toBe(0);
    await chats.getByRole("checkbox", { checked: true }).uncheck();
    await page.getByText("This plan keeps no chat for ever.").waitFor();
    await page.getByRole("button", { name: "See what is older" }).click();
    await older(page).getByRole("button", { name: "Make room in the rule" }).click();
    await page.getByText("✓ There is room in the rule").waitFor();

    await buyMonth(shop, page, "all");
    await visit(page, "plan");
    await page
      .getByRole("link", { name: "Backups still leave out what an earlier plan did not reach" })
      .click();
    await page.getByText("100 GB: it reaches back as far as your history does.").waitFor();
    await page.getByRole("button", { name: "Lift the rule" }).click();
    await page.getByText("An earlier plan reached only so far").waitFor();
    await page.getByRole("button", { name: "Yes, lift it" }).click();
    await page.getByText("✓ There is room in the rule").first().waitFor();
    await visit(page, "plan");
    await heading(page, "Plan");
    await expect.poll(() => page.locator("main a[href='#/plan/window']").count()).toBe(0);
    expect(await countsOf(page)).toEqual(left);
    expect(problems()).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "where another device was quicker nothing is done, and it is to be looked at again",
  slow,
  async () => {
    const { shop, words, page, problems } = await newRoamer();
    const { page: other, problems: others } = await shop.newVisitor();
    await comeBack(other, "roams", words);
    await openWindow(page);
    const shown = await look(page);
    await openWindow(other);
    expect(await look(other)).toEqual(shown);
    await forget(other, sum(shown));
    const left = await countsOf(other);
    await older(page).getByRole("checkbox").check();
    await older(page)
      .getByRole("button", { name: /^Forget / })
      .click();
    await page.getByText("Another device changed something meanwhile, so nothing was done.").waitFor();
    expect((await look(page)).size).toBe(0);
    expect(await countsOf(page)).toEqual(left);
    // As long as it is the last step, any device may take it back.
    await openWindow(page);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByText("Undone: all of it is back.").waitFor();
    expect(await look(page)).toEqual(shown);
    expect([...problems(), ...others()]).toEqual([]);
  },
);

test.skipIf(missing !== undefined)(
  "where nothing is older, the choice of chats can still be kept, and nothing else is written",
  slow,
  async () => {
    const { shop, page, problems } = await newRoamer();
    await visit(page, "plan/buy/years-5/year");
    await payByTransfer(shop, page, 24_000);
    const before = await countsOf(page);
    await openWindow(page);
    const chats = page.getByRole("group", { name: "Chats that are kept for ever" });
    await chats.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: "See what is older" }).click();
    await older(page).getByText("Nothing is older.").waitFor();
    await older(page).getByRole("button", { name: "Keep this choice" }).click();
    await page.getByText("✓ Your choice is kept").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Undo", exact: true }).count()).toBe(0);
    expect(await countsOf(page)).toEqual(before);
    await openWindow(page);
    await page.getByText("1 of at most 20 chosen").waitFor();
    expect(problems()).toEqual([]);
  },
);
