import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { standardCatalogue, standardCosts, yearOf } from "./index.ts";

const document = new URL("../../../../docs/pricing.md", import.meta.url);

const yuan = (amountMinor: number): string => (amountMinor / 100).toFixed(2);

test("the document has the arithmetic of the code", async () => {
  const text = await readFile(document, "utf8");
  const rows = [...text.matchAll(/^\| (gb-50|gb-200|family) +\|(.*)\|$/gm)];
  expect(rows).toHaveLength(6);
  for (const [, id, cells] of rows) {
    const [price, full, ...rest] = cells!.split("|").map((cell) => cell.trim());
    const plan = standardCatalogue.plans.find((each) => each.id === id)!;
    const year = yearOf(standardCatalogue, plan, Number(full), standardCosts);
    expect(price).toBe(yuan(plan.offers[0]!.prices.web.priceMinor));
    const { storageMinor, freeMembersMinor, paymentMinor, leftMinor } = year;
    expect(rest).toEqual([storageMinor, freeMembersMinor, paymentMinor, leftMinor].map(yuan));
  }
  const { storeMinor, secondCopyMinor, restoreMinor } = standardCosts;
  for (const fen of [storeMinor, secondCopyMinor, restoreMinor, storeMinor + secondCopyMinor + restoreMinor])
    expect(text).toMatch(new RegExp(`\\| ${fen} +\\|`));
});
