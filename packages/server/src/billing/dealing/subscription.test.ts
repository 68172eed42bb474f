import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addPeriods, dayOf, startOf } from "./calendar.ts";
import type { Entry } from "./deeds.ts";
import { creditPostings, paidPostings, refundPostings } from "./postings.ts";
import { mayUpload, stateAt } from "./state.ts";
import type { Bought } from "./statements.ts";
import { subscriptionOf, type Reading, type Subscription } from "./subscription.ts";
import { refundsFor, worthMinor } from "./worth.ts";

const month: Bought = { catalogue: 1, plan: "gb-50", period: "month" };
const year: Bought = { catalogue: 1, plan: "gb-200", period: "year" };
const GRACE = 14;
const reading: Reading = { bought: month, renewal: "ours", graceDays: GRACE };
const first = dayOf(Date.UTC(2026, 0, 31));
const at = (day: number): number => startOf(first + day) + 1000;

const asked = (
  charge: string,
  day: number,
  more: Partial<Extract<Entry, { kind: "asked" }>> = {},
): Entry => ({
  kind: "asked",
  id: `asked ${charge}`,
  atMs: at(day),
  charge,
  bought: month,
  amountMinor: 800,
  storeFeeMinor: 0,
  creditMinor: 0,
  extraDays: 0,
  renewalMinor: 800,
  ...more,
});
const paid = (charge: string, day: number, amountMinor = 800): Entry => ({
  kind: "paid",
  id: `paid ${charge}`,
  atMs: at(day),
  charge,
  amountMinor,
  currency: "CNY",
});
const standing = (
  day: number,
  renews: boolean,
  more: Partial<Extract<Entry, { kind: "standing" }>> = {},
): Entry => ({
  kind: "standing",
  id: `standing ${day} ${renews}`,
  atMs: at(day),
  isPending: false,
  renews,
  ...more,
});
const done = (kind: "paused" | "resumed", day: number): Entry => ({
  kind,
  id: `${kind} ${day}`,
  atMs: at(day),
});
const renewal = (day: number, isOn: boolean): Entry => ({
  kind: "renewal",
  id: `renewal ${day}`,
  atMs: at(day),
  isOn,
});
const refunded = (charge: string, day: number, amountMinor: number, isRevoked = true): Entry => ({
  kind: "refunded",
  id: `refunded ${charge} ${day}`,
  atMs: at(day),
  charge,
  amountMinor,
  isRevoked,
});
const of = (...entries: Entry[]): Subscription => subscriptionOf(reading, entries);
const stateOn = (subscription: Subscription, day: number): string =>
  stateAt(subscription, first + day, GRACE);

describe("a subscription", () => {
  test("says of a term that it was taken back, also where no day of it was left to take", () => {
    const kept = of(asked("a", 0), paid("a", 0), refunded("a", 3, 100, false));
    expect(kept.terms).toMatchObject([{ refundedMinor: 100 }]);
    expect(kept.terms[0]).not.toHaveProperty("isRevoked");
    const early = of(asked("a", 0), paid("a", 0), refunded("a", 0, 800));
    expect([early.terms, early.gone]).toMatchObject([[], [{ charge: "a", isRevoked: true }]]);
    const late = of(asked("a", 0), paid("a", 0), refunded("a", 900, 800));
    expect(late.terms).toMatchObject([{ charge: "a", isRevoked: true }]);
  });

  test("lasts to the same day of the month, that day included, however many months", () => {
    expect(of(asked("a", 0), paid("a", 0)).untilDay).toBe(dayOf(Date.UTC(2026, 2, 1)));
    const three = of(asked("a", 0), paid("a", 0), paid("b", 20), paid("c", 50));
    expect(three.untilDay).toBe(dayOf(Date.UTC(2026, 4, 1)));
    expect(three.terms.map(({ fromDay }) => fromDay - first)).toEqual([0, 29, 60]);
  });

  test("goes from state to state as the table has it", () => {
    expect(stateOn(of(standing(0, false, { isPending: true })), 0)).toBe("pending");
    const entries = [asked("a", 0), renewal(0, true), standing(0, true), paid("a", 0)];
    const renewing = of(...entries);
    expect([0, 28, 29, 42, 43].map((day) => stateOn(renewing, day))).toEqual([
      "active",
      "active",
      "grace",
      "grace",
      "expired",
    ]);
    const failed = of(...entries, standing(30, true, { retriesUntilMs: at(60), graceUntilMs: at(40) }));
    expect([39, 43, 59, 62].map((day) => stateOn(failed, day))).toEqual([
      "grace",
      "past-due",
      "past-due",
      "expired",
    ]);
    const canceled = of(...entries, renewal(5, false));
    expect([6, 28, 29].map((day) => stateOn(canceled, day))).toEqual(["canceled", "canceled", "expired"]);
    const ended = of(...entries, refunded("a", 3, 800));
    expect([2, 3].map((day) => stateOn(ended, day))).toEqual(["active", "grace"]);
    const revoked = of(...entries, refunded("a", 3, 800), standing(3, false, { endedMs: at(3) }));
    expect([2, 3].map((day) => stateOn(revoked, day))).toEqual(["canceled", "ended"]);
  });

  test("that never renewed is active to its end, and then expired", () => {
    const plain = of(asked("a", 0), paid("a", 0), standing(0, false));
    expect([0, 28, 29].map((day) => stateOn(plain, day))).toEqual(["active", "active", "expired"]);
  });

  test("that is paused uses up no days", () => {
    const paused = of(asked("a", 0), paid("a", 0), paid("b", 1), done("paused", 10));
    expect([9, 10, 400].map((day) => stateOn(paused, day))).toEqual(["active", "paused", "paused"]);
    const resumed = of(asked("a", 0), paid("a", 0), paid("b", 1), done("paused", 10), done("resumed", 110));
    expect(resumed.untilDay - first).toBe(60 + 100);
    expect(stateOn(resumed, 159)).toBe("active");
    expect(stateOn(resumed, 160)).toBe("expired");
  });

  test("that is paid late goes on from its end within the grace, and begins anew after it", () => {
    const within = of(asked("a", 0), paid("a", 0), paid("b", 29 + GRACE));
    expect(within.terms[1]!.fromDay - first).toBe(29);
    const after = of(asked("a", 0), paid("a", 0), paid("b", 29 + GRACE + 1));
    expect(after.terms[1]!.fromDay - first).toBe(29 + GRACE + 1);
  });

  test("changes to another plan with the term that is paid for it", () => {
    const next: Entry = { kind: "next", id: "next", atMs: at(3), bought: year };
    const before = of(asked("a", 0), paid("a", 0), next);
    expect([before.bought, before.next]).toEqual([month, year]);
    const after = of(asked("a", 0), paid("a", 0), next, asked("b", 28, { bought: year }), paid("b", 28));
    expect([after.bought, after.next]).toEqual([year, undefined]);
    expect(after.untilDay).toBe(addPeriods(first, "month", 13) + 1);
  });

  test("that is ended in the very moment in which it was begun does not renew, whatever the entries are called", () => {
    for (const id of ["0", "zzz"]) {
      const off: Entry = { kind: "renewal", id, atMs: at(0), isOn: false };
      expect(of(asked("a", 0), standing(0, true), renewal(0, true), off, paid("a", 0)).renews).toBe(false);
    }
  });

  test("keeps what was asked for where what was paid has the same name", () => {
    const named = { ...paid("a", 0, 0), id: "asked a" };
    const both = of(asked("a", 0, { extraDays: 10, creditMinor: 900 }), named);
    expect(both.terms).toMatchObject([
      { creditMinor: 900, untilDay: addPeriods(first, "month", 1) + 1 + 10 },
    ]);
  });

  test("that another one replaced is worth nothing from that day on", () => {
    const entries = [asked("a", 0), paid("a", 0), paid("b", 1)];
    const before = of(...entries);
    expect(worthMinor(before, first)).toBe(1600);
    expect(worthMinor(before, first + 29)).toBe(800);
    const after = of(...entries, { kind: "replaced", id: "replaced", atMs: at(10), by: "other" });
    expect(worthMinor(after, first + 10)).toBe(0);
    expect(stateOn(after, 9)).toBe("active");
    expect(stateOn(after, 10)).toBe("ended");
  });

  test("that was replaced or taken back on its first day still says what was paid", () => {
    const replaced: Entry = { kind: "replaced", id: "replaced", atMs: at(0), by: "other" };
    for (const last of [replaced, refunded("a", 0, 800)]) {
      const { terms, gone, untilDay } = of(asked("a", 0), paid("a", 0), last);
      expect({ terms, untilDay }).toEqual({ terms: [], untilDay: 0 });
      expect(gone).toMatchObject([{ charge: "a", amountMinor: 800, fromDay: first, untilDay: first }]);
    }
  });
});

/** What may happen to one subscription, in any order. */
const charges = ["a", "b", "c", "d", "e"];
const days = fc.integer({ min: 0, max: 400 });
const entries: fc.Arbitrary<readonly Entry[]> = fc
  .array(
    fc.oneof(
      fc
        .tuple(fc.constantFrom(...charges), days, fc.constantFrom(800, 2980, 0))
        .map(([charge, day, minor]) => paid(charge, day, minor)),
      fc
        .tuple(
          fc.constantFrom(...charges),
          days,
          fc.constantFrom(month, year),
          fc.integer({ min: 0, max: 500 }),
        )
        .map(([charge, day, bought, creditMinor]) => asked(charge, day, { bought, creditMinor })),
      fc.tuple(days, fc.boolean()).map(([day, isOn]) => renewal(day, isOn)),
      fc.tuple(days, fc.boolean()).map(([day, renews]) => standing(day, renews)),
      fc.tuple(fc.constantFrom("paused", "resumed"), days).map(([kind, day]) => done(kind as "paused", day)),
      fc
        .tuple(fc.constantFrom(...charges), days, fc.integer({ min: 0, max: 800 }), fc.boolean())
        .map(([charge, day, minor, isRevoked]) => refunded(charge, day, minor, isRevoked)),
    ),
    { maxLength: 25 },
  )
  // One id is one entry.
  .map((list) => [...new Map(list.map((entry) => [entry.id, entry])).values()]);

describe("the reducer", () => {
  test("comes to the same whatever the order, and however often an entry comes", () => {
    fc.assert(
      fc.property(
        entries.chain((list) =>
          fc.tuple(
            fc.constant(list),
            fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length }),
          ),
        ),
        ([list, shuffled]) => {
          expect(subscriptionOf(reading, shuffled)).toEqual(subscriptionOf(reading, list));
        },
      ),
    );
  });

  test("gives terms that follow each other, and never a negative worth", () => {
    fc.assert(
      fc.property(entries, days, (list, day) => {
        const { terms, untilDay } = subscriptionOf(reading, list);
        for (const [i, term] of terms.entries()) {
          expect(term.untilDay).toBeGreaterThan(term.fromDay);
          if (i > 0) expect(term.fromDay).toBeGreaterThanOrEqual(terms[i - 1]!.untilDay);
        }
        expect(untilDay).toBe(terms.at(-1)?.untilDay ?? 0);
        const subscription = subscriptionOf(reading, list);
        const worth = worthMinor(subscription, first + day);
        expect(worth).toBeGreaterThanOrEqual(0);
        const paidMinor = terms.reduce((sum, each) => sum + each.amountMinor + each.creditMinor, 0);
        expect(worth).toBeLessThanOrEqual(paidMinor);
        expect(worthMinor(subscription, first + day + 1)).toBeLessThanOrEqual(worth);
      }),
    );
  });

  test("never takes away a day that was paid for and not paid back, replaced or paused", () => {
    const payments = entries.map((list) =>
      list.filter(({ kind }) => kind !== "refunded" && kind !== "paused"),
    );
    fc.assert(
      fc.property(payments, (list) => {
        const subscription = subscriptionOf(reading, list);
        for (const entry of list) {
          if (entry.kind !== "paid") continue;
          // A month at least for each, from the day of the payment on or from the end that it went on from.
          const term = subscription.terms.find(({ charge }) => charge === entry.charge)!;
          expect(term.untilDay - term.fromDay).toBeGreaterThanOrEqual(28);
          expect(term.fromDay).toBeGreaterThanOrEqual(dayOf(entry.atMs) - GRACE);
        }
        for (const { fromDay, untilDay } of subscription.terms)
          for (const day of [fromDay, untilDay - 1])
            expect(mayUpload(stateAt(subscription, day, GRACE))).toBe(true);
      }),
    );
  });

  test("pays back at most what was paid, and all of it where it is unused", () => {
    fc.assert(
      fc.property(entries, days, (list, day) => {
        const subscription = subscriptionOf(reading, list);
        for (const { charge, amountMinor, creditMinor } of refundsFor(subscription, first + day, 7)) {
          const term = subscription.terms.find((each) => each.charge === charge)!;
          expect(amountMinor + creditMinor).toBeGreaterThan(0);
          expect(Math.min(amountMinor, creditMinor)).toBeGreaterThanOrEqual(0);
          expect(amountMinor).toBeLessThanOrEqual(Math.max(0, term.amountMinor - term.refundedMinor));
          expect(creditMinor).toBeLessThanOrEqual(term.creditMinor);
        }
      }),
    );
    const bought = of(asked("a", 0), paid("a", 0));
    expect(refundsFor(bought, first + 6, 7)).toEqual([{ charge: "a", amountMinor: 800, creditMinor: 0 }]);
    expect(refundsFor(bought, first + 7, 7)).toEqual([]);
    const annual = of(asked("a", 0, { bought: year, amountMinor: 29_800 }), paid("a", 0, 29_800));
    const left = annual.untilDay - (first + 100);
    expect(refundsFor(annual, first + 100, 7)).toEqual([
      { charge: "a", amountMinor: Math.floor((29_800 * left) / (annual.untilDay - first)), creditMinor: 0 },
    ]);
    const credited = of(asked("a", 0, { creditMinor: 500 }), paid("a", 0));
    expect(refundsFor(credited, first, 7)).toEqual([{ charge: "a", amountMinor: 800, creditMinor: 500 }]);
    const returned: Entry = {
      kind: "returned",
      id: "returned",
      atMs: at(0),
      charge: "a",
      amountMinor: 500,
      currency: "CNY",
      plan: "gb-50",
    };
    const after = of(asked("a", 0, { creditMinor: 500 }), paid("a", 0), returned);
    expect(worthMinor(after, first)).toBe(800);
  });
});

test("every posting of the ledger stands on two sides", () => {
  const amounts = fc.integer({ min: 0, max: 1e9 });
  fc.assert(
    fc.property(amounts, amounts, amounts, (amountMinor, storeFeeMinor, part) => {
      const term = { bought: month, amountMinor, storeFeeMinor };
      const refund = amountMinor === 0 ? 0 : part % (amountMinor + 1);
      for (const postings of [
        paidPostings("stripe", term),
        refundPostings("stripe", term, refund),
        creditPostings("gb-50", "gb-200", part),
      ]) {
        expect(postings.reduce((sum, posting) => sum + posting.amountMinor, 0)).toBe(0);
        expect(postings.every(({ amountMinor: each }) => Number.isSafeInteger(each) && each !== 0)).toBe(
          true,
        );
      }
      // All paid back leaves nothing.
      const back = [...paidPostings("stripe", term), ...refundPostings("stripe", term, amountMinor)];
      const sums = new Map<string, number>();
      for (const each of back) sums.set(each.account, (sums.get(each.account) ?? 0) + each.amountMinor);
      expect([...sums.values()].every((sum) => sum === 0)).toBe(true);
    }),
  );
});
