import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS, moved, purchaseOf, seenBook, setClock, stands } from "../../../../testing/pay/bench.ts";
import { newSubscription, subscriptionOf, uuidOf } from "../names.ts";
import { openProviders } from "../open.ts";
import type { Known, Provider } from "../provider.ts";
import { purposeOf, subscriptionsIn, type Seen } from "./provider.ts";

const clock = setClock();
const to = { zh: "念存，账号 12 34", en: "Keepsake, account 12 34" };

function opened(seen: readonly Seen[]): Provider {
  const settings = { mode: "test", manual: { to } } as const;
  const parts = { clock, hearsAt: "http://127.0.0.1:1/hear", seen: seenBook(seen) };
  return openProviders(settings, parts).get("manual")!;
}

const knownOf = (subscription: string): Known => ({
  subscription,
  reference: subscription,
  sinceMs: 0,
  charges: [`${subscription}-1`],
  refunds: [],
});

describe("a transfer", () => {
  test("is asked for with a purpose in which the operator finds the subscription again", async () => {
    const purchase = purchaseOf(opened([]), { language: "zh" });
    const { next } = await opened([]).begin(purchase);
    expect(next).toMatchObject({ how: "transfer", to: to.zh });
    const { purpose } = next as { purpose: string };
    for (const typed of [purpose, purpose.replaceAll(" ", ""), `rent ${purpose.toLowerCase()}, thanks`])
      expect(subscriptionsIn(typed)).toContain(purchase.subscription);
    expect(subscriptionsIn("rent")).toEqual([]);
  });

  test("counts once the operator saw it, and so does what was paid back", async () => {
    const subscription = newSubscription();
    const known = knownOf(subscription);
    expect(stands(await opened([]).look(known))).toEqual({
      kind: "standing",
      isPending: true,
      renews: false,
    });
    const money = { subscription, charge: known.charges[0]!, currency: "CNY", atMs: clock.now() };
    const provider = opened([
      { ...money, id: "b1", amountMinor: 1234 },
      { ...money, id: "b2", amountMinor: -200, atMs: clock.now() + DAY_MS },
    ]);
    const statements = await provider.look(known);
    expect(moved(statements)).toMatchObject([
      { kind: "paid", id: "seen:b1", amountMinor: 1234 },
      { kind: "refunded", id: "seen:b2", amountMinor: 200 },
    ]);
    expect(stands(statements)).toMatchObject({ isPending: false });
    expect(await provider.movements("2027-03-01")).toMatchObject([{ id: "seen:b1", amountMinor: 1234 }]);
    expect(await provider.movements("2027-03-02")).toMatchObject([{ id: "seen:b2", amountMinor: -200 }]);
  });

  test("is heard of from nobody, renews nothing, and is not paid back beyond what came", async () => {
    const provider = opened([]);
    const call = { method: "POST", path: "/", headers: {}, body: new Uint8Array() };
    await expect(provider.hear(call)).rejects.toMatchObject({ code: "pay.refused" });
    const refund = {
      ...knownOf(newSubscription()),
      refund: "r",
      charge: "c",
      chargeMinor: 10,
      currency: "CNY",
    };
    await provider.stop(refund);
    await provider.refund({ ...refund, amountMinor: 10 });
    await expect(provider.refund({ ...refund, amountMinor: 11 })).rejects.toMatchObject({
      code: "pay.refused",
    });
  });
});

test("a subscription's name is a UUID as well, both ways", () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      expect(uuidOf(subscriptionOf(uuid)!)).toBe(uuid);
    }),
  );
  const names = Array.from({ length: 100 }, newSubscription);
  expect(names.map((name) => subscriptionOf(uuidOf(name)))).toEqual(names);
  expect(names.every((name) => /^[0-9a-v]{26}$/.test(name))).toBe(true);
  expect(subscriptionOf("nobody")).toBeUndefined();
  expect(() => uuidOf(`${"0".repeat(25)}1`)).toThrow();
  expect(subscriptionsIn(purposeOf(names[0]!))).toEqual([names[0]]);
});
