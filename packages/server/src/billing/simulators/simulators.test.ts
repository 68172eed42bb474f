import { describe, expect, test } from "vitest";
import {
  bought,
  DAY_MS,
  moved,
  purchaseOf,
  seenBook,
  setClock,
  stands,
  startBench,
} from "../../../testing/pay/bench.ts";
import { startEar } from "../../../testing/pay/ear.ts";
import { person } from "../../../testing/pay/person.ts";
import { providerNames } from "../dealing/statements.ts";
import { openProviders } from "../providers/open.ts";
import { startSimulators } from "./all.ts";
import { startStripe } from "./stripe/simulator.ts";
import { startWechat } from "./wechat/simulator.ts";

describe("simulated providers", () => {
  test("are opened together by settings that say that they are for tests", async () => {
    await using ear = await startEar();
    const clock = setClock();
    await using simulators = await startSimulators({ clock, hears: ear.url });
    const parts = { clock, hearsAt: ear.url, seen: seenBook([]) };
    const providers = openProviders(simulators.settings, parts);
    expect([...providers.keys()]).toEqual([...providerNames]);
    expect([...providers.values()].every(({ isTest }) => isTest)).toBe(true);
    // The same settings are none where money moves.
    expect(() => openProviders({ ...simulators.settings, mode: "live" }, parts)).toThrow();
    await simulators.pass(DAY_MS);
  });

  test("tell again until they are heard, and not before it is time", async () => {
    await using bench = await startBench(startStripe);
    const { simulator, ear, provider } = bench;
    ear.provider = { ...provider, hear: () => Promise.reject(new TypeError("away")) } as typeof provider;
    const known = await bought(bench);
    expect(ear.hints).toEqual([]);
    const before = ear.calls.length;
    ear.provider = provider;
    await simulator.pass(1000);
    expect(ear.calls).toHaveLength(before);
    await simulator.pass(60_000);
    expect(ear.about(known.subscription).length).toBeGreaterThan(0);
    await simulator.pass(DAY_MS);
    expect(ear.calls).toHaveLength(before * 2);
  });

  test("that are gone overnight are away, and what was read before stands", async () => {
    await using bench = await startBench(startWechat);
    const { provider, simulator } = bench;
    const known = await bought(bench, { renews: true });
    const before = moved(await provider.look(known));
    simulator.ground.trouble = "gone";
    for (const call of [
      () => provider.look(known),
      () => provider.begin(purchaseOf(provider)),
      () => provider.stop(known),
      () => provider.agreements!.mostMinor(known).then(() => provider.look(known)),
    ])
      await expect(call()).rejects.toMatchObject({ code: "pay.provider-away" });
    simulator.ground.trouble = "none";
    expect(moved(await provider.look(known))).toEqual(before);
  });

  test("have cards that fail and later do not", async () => {
    await using bench = await startBench(startStripe);
    const { provider, simulator } = bench;
    const known = await bought(bench, { renews: true });
    simulator.declines = true;
    await simulator.pass(32 * DAY_MS);
    expect(moved(await provider.look(known))).toHaveLength(1);
    expect(stands(await provider.look(known))).toMatchObject({
      renews: true,
      retriesUntilMs: expect.any(Number),
    });
    simulator.declines = false;
    await simulator.pass(DAY_MS);
    expect(moved(await provider.look(known))).toHaveLength(2);
  });

  test("take a first payment that is lower or higher than the next, and the next as it was told", async () => {
    await using bench = await startBench(startStripe);
    const { provider, simulator } = bench;
    for (const amountMinor of [1000, 1500]) {
      const known = await bought(bench, { renews: true, amountMinor });
      expect(moved(await provider.look(known))).toMatchObject([{ amountMinor }]);
      await simulator.pass(32 * DAY_MS);
      const paid = moved(await provider.look(known)).map((each) => each.amountMinor);
      expect(new Set(paid)).toEqual(new Set([amountMinor, 1234]));
    }
  });

  test("of WeChat Pay charge in the days that were told, by day, and inside WeChat by signed parameters alone", async () => {
    await using bench = await startBench(startWechat);
    const { provider, simulator, clock } = bench;
    for (const renews of [false, true]) {
      const purchase = purchaseOf(provider, { screen: "inside", payer: "openid-1", renews });
      const { next } = await provider.begin(purchase);
      if (next.how !== "inside") throw new TypeError(next.how);
      const other = { ...next, parameters: { ...next.parameters, package: "prepay_id=wx1" } };
      await expect(person(simulator, other, "pay")).rejects.toThrow();
      await person(simulator, next, "pay");
      const known = { ...purchase, reference: "", sinceMs: 0, charges: [purchase.charge], refunds: [] };
      expect(moved(await provider.look(known))).toHaveLength(1);
    }
    const phone = purchaseOf(provider, { screen: "phone", payerAddress: "192.0.2.1" });
    expect((await provider.begin(phone)).next).toMatchObject({ how: "redirect" });
    await expect(provider.begin({ ...phone, payerAddress: undefined! })).rejects.toMatchObject({
      code: "pay.refused",
    });
    const known = await bought(bench, { renews: true });
    const charge = {
      ...known,
      charge: `${known.subscription}-2`,
      amountMinor: 1234,
      currency: "CNY",
      title: "50 GB",
    };
    const due = { ...charge, dueMs: clock.now() + 30 * DAY_MS };
    const { agreements } = provider;
    clock.nowMs = due.dueMs;
    await expect(agreements!.charge(due)).rejects.toMatchObject({ code: "pay.refused" });
    await agreements!.announce(due);
    await expect(agreements!.charge(due)).rejects.toMatchObject({ code: "pay.refused" });
    clock.nowMs += 2 * DAY_MS;
    await expect(agreements!.charge({ ...due, amountMinor: 1235 })).rejects.toMatchObject({
      code: "pay.refused",
    });
    const night = setClock(clock.nowMs + 14 * 60 * 60_000).nowMs;
    clock.nowMs = night;
    await expect(agreements!.charge(due)).rejects.toMatchObject({ details: { why: "hours" } });
    clock.nowMs -= 14 * 60 * 60_000;
    simulator.declines = true;
    await expect(agreements!.charge({ ...due, charge: `${known.subscription}-3` })).rejects.toMatchObject({
      details: { why: "NOTENOUGH" },
    });
    simulator.declines = false;
    await agreements!.charge({ ...due, charge: `${known.subscription}-3` });
  });
});
