import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { onTestFinished } from "vitest";
import { madeHistory } from "../../packages/core/testing/history/index.ts";
import { ladder, ladderHistory } from "../server/pay/ladder.ts";
import { comeBack, visit } from "./person.ts";
import { seedMember } from "./seeding.ts";
import { payByTransfer, startShop, type Shop } from "./shop.ts";

interface Roamer extends Awaited<ReturnType<Shop["newVisitor"]>> {
  readonly shop: Shop;
  /** Those of the recovery card. */
  readonly words: readonly string[];
}

/** A server that sells the ladder, and somebody with a history of 90 days in a browser that never saw it. */
export async function newRoamer(): Promise<Roamer> {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-ladder-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const plans = join(folder, "plans.json");
  await writeFile(plans, JSON.stringify(ladder));
  const shop = await startShop([], { settings: { KEEPSAKE_PLANS: plans } });
  onTestFinished(() => shop[Symbol.asyncDispose]());
  const words = await seedMember(shop.url, "roams", () => madeHistory(ladderHistory()));
  const visitor = await shop.newVisitor();
  await comeBack(visitor.page, "roams", words);
  return { shop, words, ...visitor };
}

/** Buys a plan by the month, by a transfer, for whatever it comes to. */
export async function buyMonth(shop: Shop, page: Page, plan: string): Promise<void> {
  await visit(page, `plan/buy/${plan}/month`);
  await page.getByLabel("Bank transfer").check();
  const amount = /[\d.]+/.exec((await page.getByRole("button", { name: /^Pay/ }).textContent()) ?? "")![0];
  await payByTransfer(shop, page, Math.round(Number(amount) * 100));
}
