import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startOf } from "./calendar.ts";
import type { Entry } from "./deeds.ts";
import { CHANNELS, LEAST_DAYS, renewalStep, type Delivered, type Upcoming } from "./renewal.ts";
import { mayUpload, stateAt } from "./state.ts";
import { subscriptionOf, type Reading, type Subscription } from "./subscription.ts";

const GRACE = 14;
const sub = { untilDay: 1000, renews: true };
const step = (day: number, more: Partial<Upcoming> & { readonly renews?: boolean } = {}) => {
  const { renews = true, ...upcoming } = more;
  const none = { delivered: [], isTold: false, triedDays: [], graceDays: GRACE };
  return renewalStep({ ...sub, renews }, day, { ...none, ...upcoming });
};
const both = (day: number): Delivered[] => [
  { channel: "email", day },
  { channel: "device", day },
];

describe("what is done about the next term", () => {
  test("nothing without a wish for it, and nothing long before", () => {
    expect(step(999, { renews: false })).toEqual({ do: "wait", untilDay: Infinity });
    expect(step(900)).toEqual({ do: "wait", untilDay: 991 });
  });

  test("it is told, and charged on the day that was told", () => {
    expect(step(991)).toEqual({ do: "tell", chargeDay: 999 });
    expect(step(992, { isTold: true })).toEqual({ do: "wait", untilDay: 999 });
    expect(step(992, { isTold: true, announceDays: 2 })).toEqual({ do: "wait", untilDay: 997 });
    expect(step(999, { isTold: true })).toEqual({ do: "wait", untilDay: 1000 });
    expect(step(993, { isTold: true, delivered: both(992) })).toEqual({ do: "wait", untilDay: 999 });
    expect(step(999, { isTold: true, delivered: both(992) })).toEqual({ do: "charge" });
  });

  test("who heard late is charged late, and who did not hear on two channels is not charged", () => {
    expect(step(999, { isTold: true, delivered: both(998) })).toEqual({ do: "wait", untilDay: 1003 });
    expect(step(1003, { isTold: true, delivered: both(998) })).toEqual({ do: "charge" });
    const one = [
      { channel: "email", day: 992 },
      { channel: "email", day: 993 },
    ];
    expect(step(999, { isTold: true, delivered: one })).toEqual({ do: "wait", untilDay: 1000 });
    expect(step(1014, { isTold: true, delivered: one })).toEqual({ do: "give-up", why: "not-told" });
  });

  test("a charge that failed is tried again some days later, within the grace", () => {
    const told = { isTold: true, delivered: both(992) };
    expect(step(999, { ...told, triedDays: [999] })).toEqual({ do: "wait", untilDay: 1000 });
    expect(step(1000, { ...told, triedDays: [999] })).toEqual({ do: "charge" });
    expect(step(1001, { ...told, triedDays: [999, 1000] })).toEqual({ do: "wait", untilDay: 1002 });
    expect(step(1014, { ...told, triedDays: [999, 1000] })).toEqual({ do: "give-up", why: "not-paid" });
  });

  test("a provider that wants to hear of it ahead does so in time, and then it is charged", () => {
    const told = { isTold: true, delivered: both(992), announceDays: 2 };
    expect(step(996, told)).toEqual({ do: "wait", untilDay: 997 });
    expect(step(997, told)).toEqual({ do: "announce", chargeDay: 999 });
    expect(step(998, { ...told, announcedDay: 997 })).toEqual({ do: "wait", untilDay: 999 });
    expect(step(999, { ...told, announcedDay: 997 })).toEqual({ do: "charge" });
    const late = { ...told, delivered: both(998) };
    expect(step(1000, late)).toEqual({ do: "wait", untilDay: 1001 });
    expect(step(1002, late)).toEqual({ do: "announce", chargeDay: 1004 });
    expect(step(1003, { ...late, announcedDay: 1002 })).toEqual({ do: "wait", untilDay: 1004 });
  });

  test("after a clock that jumped nothing is charged without new notices", () => {
    expect(step(1000 + 400)).toEqual({ do: "give-up", why: "not-told" });
    expect(step(1005)).toEqual({ do: "tell", chargeDay: 1010 });
  });
});

/** A person over ten years: what they choose, whether notices arrive, whether charges go through. */
const YEARS = 10;
const life = fc.record({
  period: fc.constantFrom("month", "year"),
  seed: fc.integer(),
  wants: fc.boolean(),
  deliverPercent: fc.constantFrom(0, 60, 98, 100),
  payPercent: fc.constantFrom(0, 70, 97, 100),
  canceledDay: fc.integer({ min: 0, max: 2 * 365 * YEARS }),
});

test("ten years of ten thousand members: never a charge without notices, never access lost before the paid end", () => {
  const wrongs: string[] = [];
  let [charges, lapses] = [0, 0];
  for (const lived of fc.sample(life, { numRuns: 10_000, seed: 20_211 })) {
    const person = new Person(lived, wrongs);
    person.live();
    charges += person.charges;
    lapses += person.isOver ? 1 : 0;
  }
  expect(wrongs).toEqual([]);
  // All kinds of lives were among them.
  expect(charges).toBeGreaterThan(50_000);
  expect(lapses).toBeGreaterThan(1000);
});

interface Life {
  readonly period: "month" | "year";
  readonly seed: number;
  readonly wants: boolean;
  readonly deliverPercent: number;
  readonly payPercent: number;
  readonly canceledDay: number;
}

class Person {
  readonly #life: Life;
  readonly #reading: Reading;
  readonly #wrongs: string[];
  readonly #entries: Entry[];
  readonly #chance: () => number;
  #subscription: Subscription;
  #delivered: Delivered[] | undefined;
  #tried: number[] = [];
  #isCanceled = false;
  charges = 0;
  isOver = false;

  constructor(lived: Life, wrongs: string[]) {
    const { period, wants, seed } = lived;
    this.#life = lived;
    this.#wrongs = wrongs;
    this.#chance = dice(seed);
    this.#reading = {
      bought: { catalogue: 1, plan: "gb-50", period },
      renewal: "ours",
      graceDays: GRACE,
    };
    this.#entries = [
      { kind: "standing", id: "s", atMs: 0, isPending: false, renews: true },
      { kind: "paid", id: "p0", atMs: 0, charge: "c0", amountMinor: 800, currency: "CNY" },
      { kind: "renewal", id: "r", atMs: 1, isOn: wants },
    ];
    this.#subscription = subscriptionOf(this.#reading, this.#entries);
  }

  live(): void {
    const { canceledDay } = this.#life;
    for (let day = 1; day < 365 * YEARS && !this.isOver;) {
      if (!this.#isCanceled && day >= canceledDay) {
        this.#isCanceled = true;
        this.#add({ kind: "renewal", id: "off", atMs: startOf(day), isOn: false });
      }
      const { untilDay } = this.#subscription;
      if (day < untilDay && !mayUpload(stateAt(this.#subscription, day, GRACE)))
        this.#wrongs.push(`access lost on ${day}`);
      day = this.#turn(day);
    }
  }

  /** Does what is to be done on a day; gives the day to look again. */
  #turn(day: number): number {
    const next = renewalStep(this.#subscription, day, {
      delivered: this.#delivered ?? [],
      isTold: this.#delivered !== undefined,
      triedDays: this.#tried,
      graceDays: GRACE,
    });
    if (next.do === "wait") return this.#wait(day, next.untilDay);
    if (next.do === "tell") this.#tell(day);
    else if (next.do === "charge") this.#charge(day);
    else {
      this.#add({ kind: "renewal", id: `give-up ${day}`, atMs: startOf(day), isOn: false });
      this.isOver = true;
    }
    return day;
  }

  #wait(day: number, untilDay: number): number {
    const { canceledDay, deliverPercent } = this.#life;
    this.isOver = untilDay === Infinity;
    const next = canceledDay > day ? Math.min(untilDay, canceledDay) : untilDay;
    if (this.#delivered === undefined) return next;
    // Notices may come late.
    if (this.#chance() < deliverPercent)
      this.#delivered.push({ channel: this.#chance() < 50 ? "email" : "device", day });
    return Math.min(next, day + 1);
  }

  #tell(day: number): void {
    this.#delivered = ["email", "device"]
      .filter(() => this.#chance() < this.#life.deliverPercent)
      .map((channel) => ({ channel, day }));
  }

  #charge(day: number): void {
    const heard = this.#delivered!.filter((each) => each.day <= day - LEAST_DAYS);
    if (new Set(heard.map(({ channel }) => channel)).size < CHANNELS)
      this.#wrongs.push(`charged on ${day} without notices`);
    if (this.#isCanceled || !this.#subscription.renews) this.#wrongs.push(`charged on ${day} without a wish`);
    this.#tried.push(day);
    if (this.#chance() >= this.#life.payPercent) return;
    this.charges++;
    const charge = `c${this.charges}`;
    const before = this.#subscription.untilDay;
    this.#add({ kind: "paid", id: charge, atMs: startOf(day), charge, amountMinor: 800, currency: "CNY" });
    if (this.#subscription.untilDay < before + 28) this.#wrongs.push(`paid on ${day} for too little`);
    [this.#delivered, this.#tried] = [undefined, []];
  }

  #add(entry: Entry): void {
    this.#entries.push(entry);
    this.#subscription = subscriptionOf(this.#reading, this.#entries);
  }
}

function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32) * 100;
  };
}
