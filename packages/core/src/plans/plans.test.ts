import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  catalogueProblems,
  channels,
  fitsFor,
  furthest,
  isFree,
  moneyText,
  paidMinor,
  portion,
  reachOf,
  reported2021,
  roamingLadder,
  standardCatalogue,
  standardCosts,
  yearlyMinor,
  yearOf,
  type Catalogue,
  type Offer,
  type Plan,
} from "./index.ts";

const GB = 1e9;
const paid = standardCatalogue.plans.filter((plan) => !isFree(plan));

/** The catalogue with one plan changed. */
function withPlan(change: Partial<Plan>): Catalogue {
  const [first, second, ...others] = standardCatalogue.plans;
  return { ...standardCatalogue, plans: [first!, { ...second!, ...change }, ...others] };
}

function withLapse(change: Partial<Catalogue["lapse"]>): Catalogue {
  return { ...standardCatalogue, lapse: { ...standardCatalogue.lapse, ...change } };
}

const amounts = fc.integer({ min: -1e12, max: 1e12 });
const divided = fc.record({
  amount: amounts,
  part: fc.integer({ min: 0, max: 4000 }),
  whole: fc.integer({ min: 1, max: 4000 }),
});

describe("a part of an amount", () => {
  test("is a whole number, at most one away from the true one, on the side that was told", () => {
    fc.assert(
      fc.property(divided, ({ amount, part, whole }) => {
        const down = portion(amount, { part, whole, rounded: "down" });
        const up = portion(amount, { part, whole, rounded: "up" });
        const product = BigInt(amount) * BigInt(part);
        expect(BigInt(down) * BigInt(whole) <= product).toBe(true);
        expect(BigInt(up) * BigInt(whole) >= product).toBe(true);
        expect(up - down).toBe(product % BigInt(whole) === 0n ? 0 : 1);
      }),
    );
  });

  test("and the rest are together the whole", () => {
    fc.assert(
      fc.property(divided, ({ amount, part, whole }) => {
        const taken = Math.min(part, whole);
        const down = portion(amount, { part: taken, whole, rounded: "down" });
        const rest = portion(amount, { part: whole - taken, whole, rounded: "up" });
        expect(down + rest).toBe(amount);
      }),
    );
  });
});

test("money is shown as people write it", () => {
  expect(moneyText(7800, { currency: "CNY", language: "zh" })).toBe("¥78.00");
  expect(moneyText(104_00, { currency: "CNY", language: "en" })).toBe("¥104.00");
  expect(moneyText(500, { currency: "JPY", language: "en" })).toBe("¥500");
});

describe("a catalogue", () => {
  test.each(Object.entries({ standardCatalogue, reported2021, roamingLadder }))(
    "that comes with Keepsake breaks no rule: %s",
    (_, catalogue) => expect(catalogueProblems(catalogue)).toEqual([]),
  );

  const broken: Readonly<Record<string, readonly [Catalogue, where: string]>> = {
    version: [{ ...standardCatalogue, version: 0 }, "version"],
    currency: [{ ...standardCatalogue, currency: "yuan" }, "currency"],
    "free-plan": [{ ...standardCatalogue, plans: paid }, "plans"],
    "id-twice": [withPlan({ id: "free" }), "plans"],
    name: [withPlan({ name: { zh: "50 GB", en: " " } }), "plans/1/name"],
    "capacity-in-name": [withPlan({ name: { zh: "大杯", en: "50 GB" } }), "plans/1/name"],
    room: [withPlan({ room: { filesBytes: 50 * GB, textBytes: 0.5, window: "all" } }), "plans/1/room"],
    seats: [withPlan({ seats: 0 }), "plans/1/seats"],
    amount: [withPlan({ trialDays: -1 }), "plans/1/trialDays"],
    "offer-twice": [withPlan({ offers: [...paid[0]!.offers, paid[0]!.offers[0]!] }), "plans/1/offers"],
    percent: [
      { ...standardCatalogue, reductions: [{ ...standardCatalogue.reductions[0]!, percentOff: 101 }] },
      "reductions/0/percentOff",
    ],
    "lapse-too-short": [withLapse({ exportDays: 179 }), "lapse"],
    "lapse-notices": [withLapse({ noticeDays: [-5, 0, 30, 90] }), "lapse/noticeDays"],
  };
  test("calls no two things that are sold by one id, plans and add-ons alike", () => {
    const [addOn] = standardCatalogue.addOns;
    const catalogue = { ...standardCatalogue, addOns: [{ ...addOn!, id: "gb-50" }] };
    expect(catalogueProblems(catalogue)).toEqual([{ where: "addOns", rule: "id-twice" }]);
  });

  test.each(Object.entries(broken))("that breaks a rule is told where: %s", (rule, [catalogue, where]) => {
    expect(catalogueProblems(catalogue)).toContainEqual({ where, rule });
  });

  test("costs the same on every channel of ours, but for what a store takes, which is told apart", () => {
    for (const { offers } of [...paid, ...standardCatalogue.addOns]) {
      for (const { prices } of offers) {
        expect(new Set(channels.map((channel) => prices[channel].priceMinor)).size).toBe(1);
        for (const channel of ["web", "android", "other"] as const)
          expect(prices[channel].storeFeeMinor).toBe(0);
        const { priceMinor, storeFeeMinor } = prices.iphone;
        expect(Math.floor((priceMinor + storeFeeMinor) * 0.75)).toBe(priceMinor);
      }
    }
  });

  test("of what was told of in 2021 has its prices", () => {
    const [offer] = reported2021.plans[1]!.offers;
    expect(channels.map((channel) => paidMinor(offer!, channel))).toEqual([13_000, 18_000, 13_000, 13_000]);
  });

  test("paid by the month costs more in a year than paid by the year, and says so", () => {
    for (const { offers } of paid) {
      const [year, month] = offers as [Offer, Offer];
      expect(yearlyMinor(month, "web")).toBe(12 * month.prices.web.priceMinor);
      expect(yearlyMinor(month, "web")).toBeGreaterThan(yearlyMinor(year, "web"));
    }
  });
});

test("every plan of ours pays for itself when it is full, and for those who pay nothing", () => {
  for (const plan of paid) {
    const full = yearOf(standardCatalogue, plan, 100, standardCosts);
    expect(full.leftMinor).toBeGreaterThanOrEqual(0);
    expect(yearOf(standardCatalogue, plan, 40, standardCosts).leftMinor).toBeGreaterThan(full.leftMinor);
  }
});

describe("what fits", () => {
  const need = (filesGB: number, yearGB = 0): Parameters<typeof fitsFor>[1] => ({
    filesBytes: filesGB * GB,
    textBytes: 0.1 * GB,
    aYear: { filesBytes: yearGB * GB, textBytes: 0.01 * GB },
  });

  test("is the cheapest that has room for all of it, and it says when it will be full", () => {
    const best = (filesGB: number, yearGB?: number): readonly [string, number | undefined] => {
      const [first] = fitsFor(standardCatalogue, need(filesGB, yearGB), "web");
      return [first!.plan.id, first!.fullInDays];
    };
    expect(best(1.5)).toEqual(["free", undefined]);
    expect(best(1.5, 0.5)).toEqual(["free", 365]);
    expect(best(21, 4)).toEqual(["gb-50", Math.floor((29 / 4) * 365)]);
    expect(best(120, 40)).toEqual(["gb-200", 730]);
  });

  test("names what is not enough last, and a window never as enough", () => {
    const fits = fitsFor(standardCatalogue, need(60), "iphone");
    expect(fits.map(({ plan, isEnough }) => [plan.id, isEnough])).toEqual([
      ["gb-200", true],
      ["family", true],
      ["free", false],
      ["gb-50", false],
    ]);
    expect(fits[0]!.yearlyMinor).toBe(29_800 + 9_934);
    expect(fitsFor(roamingLadder, need(1), "web").some(({ isEnough }) => isEnough)).toBe(false);
  });
});

describe("how far back a history is to reach", () => {
  const reachFor = (days: number, chatsForEver = 0) => {
    return { plan: `days-${days}`, name: { zh: "", en: "" }, window: { days, chatsForEver } };
  };
  const all = { ...reachFor(0), window: "all" } as const;
  const held = (state: string, isAddOn = false) => ({ isAddOn, state });

  test("is what the plan said when it was bought, and of several the furthest", () => {
    const reach = reachFor(90);
    expect(reachOf(roamingLadder, { subscriptions: [held("active")], reach })).toEqual(reach);
    expect(furthest([])).toBeUndefined();
    expect(furthest([reachFor(7), reachFor(90), reachFor(30)])).toEqual(reach);
    expect(furthest([reach, all, reachFor(30)])).toEqual(all);
    expect(furthest([reach, reachFor(90, 3), reachFor(90, 2)])).toEqual(reachFor(90, 3));
  });

  test("is what the free plan says for who has none", () => {
    const free = { plan: "days-7", window: { days: 7, chatsForEver: 0 } };
    const over = ["pending", "expired", "ended"].map((state) => held(state));
    expect(reachOf(roamingLadder, undefined)).toMatchObject(free);
    expect(reachOf(roamingLadder, { subscriptions: over })).toMatchObject(free);
    expect(reachOf(roamingLadder, { subscriptions: [held("active", true)] })).toMatchObject(free);
    expect(reachOf(standardCatalogue, undefined)).toMatchObject({ window: "all" });
  });

  test("is not known where a plan is had and the server does not say what it said", () => {
    for (const state of ["trial", "active", "grace", "past-due", "paused", "canceled"])
      expect(reachOf(roamingLadder, { subscriptions: [held(state)] })).toBeUndefined();
  });
});
