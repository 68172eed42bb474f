import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Heard, Known, Provider, Purchase } from "../../src/billing/providers/provider.ts";
import type { Simulator, SimulatorParts } from "../../src/billing/simulators/simulator.ts";
import { bought, chargeOf, DAY_MS, moved, purchaseOf, stands, startBench } from "./bench.ts";

/** What differs between providers. */
export interface Traits {
  /** Whether we can end renewal. */
  readonly stops: boolean;
  /** Whether calls carry a time that is checked, and how long they are good. */
  readonly staleMs: number;
  /** So many days after a day its movements are known. */
  readonly movementsAfterDays: number;
  /** How a call is changed on its way so that it still looks like one. */
  readonly tamper: (heard: Heard) => Heard;
}

type Start = (parts: SimulatorParts) => Promise<Simulator>;

/** What every provider is held to, with a simulator of it over HTTP. */
export function providerConformance(name: string, start: Start, traits: Traits): void {
  describe(`${name} keeps the contract of providers`, () => {
    buying(start);
    hearing(start, traits);
    refunding(start);
    stopping(start, traits);
    charging(start);
    failing(start);
    moving(start, traits);
  });
}

function buying(start: Start): void {
  test("what is paid is told once, in whole numbers and its currency, under our name or its own", async () => {
    await using bench = await startBench(start);
    const { provider, ear } = bench;
    expect(provider.isTest).toBe(true);
    const known = await bought(bench, renewing(provider));
    expect(ear.about(known.subscription).length).toBeGreaterThan(0);
    expect(ear.refusals).toEqual([]);
    const statements = await provider.look(known);
    const [paid, ...others] = moved(statements);
    expect(others).toEqual([]);
    expect(paid).toMatchObject({ kind: "paid", amountMinor: 1234, currency: "CNY" });
    if (provider.renewal !== "theirs") expect(paid).toMatchObject({ charge: known.charges[0] });
    expect(stands(statements)).toMatchObject({ isPending: false });
    // The same again, whenever it is asked.
    expect(moved(await provider.look(known))).toEqual([paid]);
  });

  test("what is declined is not paid", async () => {
    await using bench = await startBench(start);
    const known = await bought(bench, renewing(bench.provider), "decline");
    if (bench.provider.products !== undefined && known.reference === "") return;
    expect(moved(await bench.provider.look(known))).toEqual([]);
  });

  test("to begin twice under one name is to begin once", async () => {
    await using bench = await startBench(start);
    const purchase = purchaseOf(bench.provider);
    const first = await bench.provider.begin(purchase);
    expect((await bench.provider.begin(purchase)).reference).toBe(first.reference);
  });
}

function hearing(start: Start, { staleMs, tamper }: Traits): void {
  test("a call that was changed, is unsigned, or another's, is refused", async () => {
    await using bench = await startBench(start);
    await using other = await startBench(start);
    for (const renews of [false, true]) {
      await bought(bench, { ...renewing(bench.provider), ...(renews ? { renews } : {}) });
      await bought(other, { ...renewing(other.provider), ...(renews ? { renews } : {}) });
    }
    const bad = { code: "pay.bad-signature" };
    expect(bench.ear.calls.length).toBeGreaterThan(0);
    for (const call of bench.ear.calls) {
      await expect(bench.provider.hear(call)).resolves.toMatchObject({ answer: { status: 200 } });
      await expect(bench.provider.hear(tamper(call))).rejects.toMatchObject(bad);
      await expect(
        bench.provider.hear({ ...call, headers: {}, body: new Uint8Array() }),
      ).rejects.toMatchObject(bad);
    }
    for (const call of other.ear.calls) await expect(bench.provider.hear(call)).rejects.toMatchObject(bad);
  });

  test("a call that is too old is refused", async () => {
    await using bench = await startBench(start);
    await bought(bench, renewing(bench.provider));
    bench.clock.nowMs += staleMs + 60_000;
    for (const call of bench.ear.calls)
      await expect(bench.provider.hear(call)).rejects.toMatchObject({ code: "pay.bad-signature" });
  });

  test("calls in any order, late and more than once, come to the same", async () => {
    await using bench = await startBench(start);
    const { simulator, provider, ear } = bench;
    const known = await bought(bench, { renews: true });
    const before = await provider.look(known);
    const count = simulator.post.all.length;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(count - 1), { maxLength: 5 }), async (order) => {
        ear.hints.length = 0;
        await simulator.post.send(order);
        expect(ear.hints).toHaveLength(order.length);
        const after = await provider.look(known);
        expect(moved(after)).toEqual(moved(before));
        expect(stands(after)).toEqual(stands(before));
      }),
      { numRuns: 5 },
    );
    // The same call has the same name, however often it comes.
    ear.hints.length = 0;
    await simulator.post.send([0, 0]);
    expect(new Set(ear.hints.map(({ id }) => id)).size).toBe(1);
  });
}

function refunding(start: Start): void {
  test("a refund under one name is made once, and not more than was paid", async () => {
    await using bench = await startBench(start);
    const { provider } = bench;
    const { refunds } = provider;
    const known = await bought(bench, renewing(provider));
    const [paid] = moved(await provider.look(known));
    const refund = {
      ...known,
      refund: `${known.subscription}r1`,
      charge: paid!.charge,
      chargeMinor: 1234,
      amountMinor: refunds === "whole" ? 1234 : 1000,
      currency: "CNY",
    };
    const no = { code: "pay.refused" };
    if (refunds === "theirs") {
      await expect(provider.refund(refund)).rejects.toMatchObject(no);
      return;
    }
    await expect(provider.refund({ ...refund, currency: "USD" })).rejects.toMatchObject(no);
    await expect(provider.refund({ ...refund, chargeMinor: 9999 })).rejects.toMatchObject(no);
    await provider.refund(refund);
    await provider.refund(refund);
    const asked: Known = { ...known, refunds: [{ refund: refund.refund, charge: paid!.charge }] };
    const back = moved(await provider.look(asked)).filter(({ kind }) => kind === "refunded");
    expect(back).toMatchObject([{ amountMinor: refund.amountMinor, charge: paid!.charge }]);
    if (refunds === "whole") return;
    const more = { ...refund, refund: `${known.subscription}r2` };
    await expect(provider.refund(more)).rejects.toMatchObject(no);
    await provider.refund({ ...more, amountMinor: 234 });
  });
}

function stopping(start: Start, { stops }: Traits): void {
  test("what is stopped is not charged again, and what was paid stays", async () => {
    await using bench = await startBench(start);
    const { provider, simulator } = bench;
    const known = await bought(bench, { renews: true });
    const before = moved(await provider.look(known));
    expect(stands(await provider.look(known))).toMatchObject({ renews: true });
    if (!stops) {
      expect(provider.manageUrl).toMatch(/^https:/);
      await expect(provider.stop(known)).rejects.toMatchObject({ code: "pay.refused" });
      return;
    }
    await provider.stop(known);
    await provider.stop(known);
    expect(stands(await provider.look(known))).toMatchObject({ renews: false });
    await simulator.pass(40 * DAY_MS);
    expect(moved(await provider.look(known))).toEqual(before);
  });
}

function charging(start: Start): void {
  test("further terms are charged once each, by whoever charges", async () => {
    await using bench = await startBench(start);
    const { provider, clock, simulator } = bench;
    const known = await bought(bench, { renews: true });
    const charge = `${known.subscription}-2`;
    if (provider.agreements === undefined) await simulator.pass(32 * DAY_MS);
    else {
      const dueMs = clock.now() + 30 * DAY_MS;
      const next = chargeOf(known, charge, { amountMinor: 1200, currency: "CNY", dueMs });
      clock.nowMs = dueMs - provider.agreements.announceDays * DAY_MS;
      await provider.agreements.announce(next);
      await provider.agreements.announce(next);
      clock.nowMs = dueMs;
      await provider.agreements.charge(next);
      await provider.agreements.charge(next);
      await simulator.pass(0);
      expect(await provider.agreements.mostMinor(known)).toBeGreaterThanOrEqual(1234);
      const most = { ...next, charge: `${known.subscription}-3`, amountMinor: 10_000_000 };
      await expect(provider.agreements.charge(most)).rejects.toMatchObject({ code: "pay.refused" });
    }
    const paid = moved(await provider.look({ ...known, charges: [...known.charges, charge] }));
    expect(paid).toHaveLength(2);
    expect(new Set(paid.map((each) => each.charge)).size).toBe(2);
    const terms = paid.flatMap((each) =>
      each.kind === "paid" && each.term !== undefined ? [each.term] : [],
    );
    if (provider.renewal === "theirs") {
      const [first, second] = terms.toSorted((a, b) => a.fromMs - b.fromMs);
      expect(second!.fromMs).toBe(first!.untilMs);
    }
  });
}

function failing(start: Start): void {
  test("a provider that is busy, silent, endless or gone is away, and nothing secret is told", async () => {
    await using bench = await startBench(start);
    const { provider, simulator } = bench;
    const known = await bought(bench, renewing(provider));
    const secrets = secretsOf(simulator.settings);
    expect(secrets.length).toBeGreaterThan(0);
    for (const trouble of ["busy", "silent", "endless", "gone"] as const) {
      simulator.ground.trouble = trouble;
      const error = await provider.look(known).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "pay.provider-away", retry: "later" });
      const told = `${JSON.stringify(error)} ${String((error as Error).stack)}`;
      for (const secret of [...secrets, known.reference].filter((each) => each.length > 6))
        expect(told).not.toContain(secret);
    }
    simulator.ground.trouble = "none";
    expect(moved(await provider.look(known))).toHaveLength(1);
  });
}

function moving(start: Start, { movementsAfterDays }: Traits): void {
  test("the movements of a day are what its subscriptions say", async () => {
    await using bench = await startBench(start);
    const { provider, clock } = bench;
    const { refunds } = provider;
    const all: Known[] = [];
    for (const _ of [1, 2]) all.push(await bought(bench, renewing(provider)));
    const first = all[0]!;
    const [paid] = moved(await provider.look(first));
    const refund = `${first.subscription}r1`;
    if (refunds !== "theirs")
      await provider.refund({
        ...first,
        refund,
        charge: paid!.charge,
        chargeMinor: 1234,
        amountMinor: 1234,
        currency: "CNY",
      });
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    const asked = all.map((each) =>
      each === first && refunds !== "theirs"
        ? { ...each, refunds: [{ refund, charge: paid!.charge }] }
        : each,
    );
    const said = (await Promise.all(asked.map((each) => provider.look(each)))).flatMap(moved);
    clock.nowMs += movementsAfterDays * DAY_MS;
    const movements = await provider.movements(day);
    const short = (each: { charge: string; amountMinor: number }): string =>
      `${each.charge} ${each.amountMinor}`;
    expect(movements.map(short).toSorted()).toEqual(
      said
        .map((each) =>
          short({ ...each, amountMinor: each.kind === "paid" ? each.amountMinor : -each.amountMinor }),
        )
        .toSorted(),
    );
    expect(new Set(movements.map(({ id }) => id)).size).toBe(movements.length);
    expect(
      movements.every(({ currency, amountMinor }) => currency === "CNY" && Number.isSafeInteger(amountMinor)),
    ).toBe(true);
    clock.nowMs += DAY_MS * 10;
    expect(await provider.movements(new Date(clock.now() - 8 * DAY_MS).toISOString().slice(0, 10))).toEqual(
      [],
    );
  });
}

/** A phone's store sells nothing that ends by itself here. */
function renewing(provider: Provider): Partial<Purchase> {
  return provider.products === undefined ? {} : { renews: true };
}

/** Every long text in settings: keys, most of them. */
function secretsOf(settings: unknown): readonly string[] {
  if (typeof settings === "string")
    return settings.length >= 16 && !/^https?:/.test(settings) ? [settings] : [];
  if (typeof settings !== "object" || settings === null) return [];
  return Object.values(settings).flatMap(secretsOf);
}
