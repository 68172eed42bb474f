import {
  changedCatalogue,
  reported2021,
  roamingLadder,
  standardCatalogue,
  standardCosts,
} from "@keepsake/core/plans";
import { expect, test } from "vitest";
import { bases, catalogueOf, draftOf, meantBy } from "./drafts.ts";

test("what the fields are filled with changes nothing but the version", () => {
  for (const catalogue of [standardCatalogue, reported2021, roamingLadder]) {
    const meant = meantBy(draftOf(catalogue), catalogue)!;
    expect(meant.catalogue).toEqual({ ...catalogue, version: catalogue.version + 1 });
    expect(meant.costs).toEqual(standardCosts);
    expect(meant.people).toBe(1_250_000_000);
  }
});

test("a price, a fee and a cost that are typed are taken", () => {
  const draft = draftOf(standardCatalogue);
  const typed = {
    ...draft,
    prices: { ...draft.prices, "gb-50/year": "96" },
    storePercent: "15",
    store: "1.20",
  };
  const meant = meantBy(typed, standardCatalogue)!;
  expect(meant.catalogue).toEqual(
    changedCatalogue(standardCatalogue, {
      prices: [{ plan: "gb-50", period: "year", priceMinor: 9_600 }],
      storePercent: 15,
    }),
  );
  expect(meant.costs.storeMinor).toBe(120);
});

test("nothing is reckoned with what cannot be read", () => {
  const draft = draftOf(standardCatalogue);
  for (const wrong of [
    { prices: { ...draft.prices, "gb-50/year": "0" } },
    { prices: { ...draft.prices, "gb-50/year": "eighty" } },
    { payers: "0" },
    { store: "" },
    { storePercent: "100" },
    { people: "1e9" },
  ])
    expect(meantBy({ ...draft, ...wrong }, standardCatalogue)).toBeUndefined();
});

test("whichever catalogue one begins with, what is saved comes after the server's", () => {
  const own = { ...standardCatalogue, version: 41 };
  for (const base of bases) {
    const catalogue = catalogueOf(base, own);
    expect(meantBy(draftOf(catalogue), catalogue)!.catalogue.version).toBe(42);
  }
});
