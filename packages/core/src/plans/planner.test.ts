import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  catalogueProblems,
  changedCatalogue,
  largeMoneyText,
  leastPayersPerMille,
  paidByTheYear,
  reported2021,
  reportedMarket,
  roamingLadder,
  standardCatalogue,
  standardCosts,
  storedMinor,
  storePercentOf,
  yearOf,
  yearOfMarket,
} from "./index.ts";

const gb50 = standardCatalogue.plans.find(({ id }) => id === "gb-50")!;
const reported = reported2021.plans.find(({ id }) => id === "reported")!;
const half = { catalogue: standardCatalogue, plan: gb50, fullPercent: 50, costs: standardCosts };

describe("a changed catalogue", () => {
  test("is the next version, with nothing else changed where nothing is", () => {
    for (const catalogue of [standardCatalogue, reported2021, roamingLadder])
      expect(changedCatalogue(catalogue, { prices: [] })).toEqual({
        ...catalogue,
        version: catalogue.version + 1,
      });
    const same = changedCatalogue(standardCatalogue, { prices: [], storePercent: 25 });
    expect(same).toEqual({ ...standardCatalogue, version: 2 });
  });

  test("has the price everywhere, and what a store takes by the share that it had", () => {
    const changed = changedCatalogue(standardCatalogue, {
      prices: [{ plan: "gb-50", period: "year", priceMinor: 9_000 }],
    });
    const [yearly, monthly] = changed.plans.find(({ id }) => id === "gb-50")!.offers;
    expect(yearly!.prices).toEqual({
      web: { priceMinor: 9_000, storeFeeMinor: 0 },
      iphone: { priceMinor: 9_000, storeFeeMinor: 3_001 },
      android: { priceMinor: 9_000, storeFeeMinor: 0 },
      other: { priceMinor: 9_000, storeFeeMinor: 0 },
    });
    expect(monthly).toEqual(gb50.offers[1]);
    expect(changed.plans.find(({ id }) => id === "gb-200")).toEqual(
      standardCatalogue.plans.find(({ id }) => id === "gb-200"),
    );
  });

  test("has another share for stores, where one is named", () => {
    const changed = changedCatalogue(standardCatalogue, { prices: [], storePercent: 15 });
    const { iphone, web } = changed.plans.find(({ id }) => id === "gb-50")!.offers[0]!.prices;
    expect(iphone).toEqual({ priceMinor: 8_000, storeFeeMinor: 1_412 });
    expect(web.storeFeeMinor).toBe(0);
    expect(storePercentOf(changed)).toBe(15);
    expect(
      changedCatalogue(changed, { prices: [], storePercent: 0 }).plans[1]!.offers[0]!.prices.iphone,
    ).toEqual({ priceMinor: 8_000, storeFeeMinor: 0 });
  });

  test("is a good one, whatever the prices", () => {
    const amount = fc.integer({ min: 1, max: 1_000_000 });
    const percent = fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined });
    fc.assert(
      fc.property(amount, percent, (priceMinor, storePercent) => {
        const changed = changedCatalogue(standardCatalogue, {
          prices: [{ plan: "family", period: "month", priceMinor }],
          ...(storePercent !== undefined && { storePercent }),
        });
        expect(catalogueProblems(changed)).toEqual([]);
        const { iphone } = changed.plans.find(({ id }) => id === "family")!.offers[1]!.prices;
        const taken = storePercent ?? 25;
        // What is left of the whole sum is the price, and no more than one of the smallest unit above it.
        const whole = iphone.priceMinor + iphone.storeFeeMinor;
        expect(whole * (100 - taken)).toBeGreaterThanOrEqual(priceMinor * 100);
        if (storePercent !== undefined) expect((whole - 1) * (100 - taken)).toBeLessThan(priceMinor * 100);
      }),
    );
  });

  test("tells the share of stores", () => {
    expect([standardCatalogue, reported2021].map(storePercentOf)).toEqual([25, 28]);
    expect(storePercentOf({ ...standardCatalogue, plans: [standardCatalogue.plans[0]!] })).toBeUndefined();
  });
});

test("a plan by the month is paid twelve times", () => {
  const monthly = roamingLadder.plans.find(({ id }) => id === "years-2")!;
  expect(paidByTheYear(monthly)!.offers).toMatchObject([
    {
      period: "year",
      prices: { web: { priceMinor: 24_000, storeFeeMinor: 0 }, iphone: { storeFeeMinor: 8_004 } },
    },
  ]);
  expect(paidByTheYear(gb50)).toBe(gb50);
  expect(paidByTheYear(standardCatalogue.plans[0]!)).toBeUndefined();
});

describe("how many have to pay", () => {
  test("is the least number that leaves something", () => {
    const least = leastPayersPerMille(half)!;
    const left = (payersPerMille: number): number =>
      yearOf(standardCatalogue, gb50, 50, { ...standardCosts, payersPerMille }).leftMinor;
    expect(left(least)).toBeGreaterThanOrEqual(0);
    expect(left(least - 1)).toBeLessThan(0);
  });

  test("is nobody's number where a plan does not even carry itself", () => {
    expect(leastPayersPerMille({ ...half, costs: { ...standardCosts, storeMinor: 1_000 } })).toBeUndefined();
  });

  test("is no larger where rooms are less full", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (fullPercent) => {
        const [more, less] = [fullPercent, fullPercent - 1].map(
          (percent) => leastPayersPerMille({ ...half, fullPercent: percent }) ?? 1001,
        );
        expect(less!).toBeLessThanOrEqual(more!);
      }),
    );
  });
});

describe("a whole market", () => {
  const story = { catalogue: reported2021, plan: reported, fullPercent: 50, costs: standardCosts };
  const { people, wouldPayPerMille } = reportedMarket;

  test("pays 162.5 billion yuan if everybody did, which nobody expects", () => {
    const naive = yearOfMarket(story, { people, payersPerMille: 1000 });
    expect(naive).toMatchObject({ payers: 1_250_000_000, paidMinor: 16_250_000_000_000n });
    const shown = (language: "zh" | "en"): string =>
      largeMoneyText(naive.paidMinor, { currency: "CNY", language });
    expect([shown("zh"), shown("en")]).toEqual(["¥1625亿", "¥162.5B"]);
  });

  test("is paid for by those who said that they would", () => {
    expect(yearOfMarket(story, { people, payersPerMille: wouldPayPerMille })).toMatchObject({
      payers: 137_500_000,
      paidMinor: 1_787_500_000_000n,
    });
  });

  test("comes to what all single years come to", () => {
    const markets = fc.record({
      people: fc.integer({ min: 0, max: 8_000_000_000 }),
      payersPerMille: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(markets, (market) => {
        const { payers, paidMinor, costMinor, leftMinor } = yearOfMarket(half, market);
        expect(paidMinor).toBe(BigInt(payers) * 8_000n);
        expect(paidMinor - costMinor).toBe(leftMinor);
        expect(payers).toBeLessThanOrEqual(market.people);
      }),
    );
  });
});

test("what is stored costs by the gigabyte, rounded against us", () => {
  expect(storedMinor(50_100_000_000, standardCosts)).toBe(6_964);
  expect(storedMinor(1, standardCosts)).toBe(1);
  expect(storedMinor(0, standardCosts)).toBe(0);
});
