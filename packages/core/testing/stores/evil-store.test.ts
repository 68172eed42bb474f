import { describe, expect, test } from "vitest";
import { listed, someBytes, storeConformance } from "./conformance.ts";
import { EvilStore } from "./evil-store.ts";

storeConformance("an evil store that behaves", () => new EvilStore());

async function filled(): Promise<EvilStore> {
  const store = new EvilStore();
  for (const name of ["heads/1", "heads/2", "packs/a"]) await store.put(name, someBytes(100, name));
  return store;
}

describe("an evil store", () => {
  test("hides, drops and claims", async () => {
    const store = await filled();
    store.hide("heads/2");
    store.drop(/^packs\//);
    store.claim("slots/1");
    expect(await listed(store)).toEqual(["heads/1", "packs/a"]);
    expect(await store.get("heads/2")).toBeUndefined();
    expect(await store.put("packs/b", someBytes(1))).toBe("stored");
    expect(await store.get("packs/b")).toBeUndefined();
    expect(await store.put("slots/1", someBytes(1))).toBe("exists");
    expect(await store.get("slots/1")).toBeUndefined();
    store.behave();
    expect(await listed(store)).toEqual(["heads/1", "heads/2", "packs/a"]);
  });

  test("flips, truncates, extends, swaps and replays, in ranges too", async () => {
    const store = await filled();
    store.flip("packs/a", 8 * 5 + 1);
    const flipped = (await store.get("packs/a", { offset: 5, length: 1 }))!;
    expect(flipped[0]).toBe(someBytes(100, "packs/a")[5]! ^ 2);
    store.behave();
    store.truncate("packs/a", 40);
    store.extend("packs/a", someBytes(7));
    expect(await store.get("packs/a")).toHaveLength(47);
    store.swap("heads/1", "heads/2");
    expect(await store.get("heads/1")).toEqual(someBytes(100, "heads/2"));
    expect(await store.get("heads/2")).toEqual(someBytes(100, "heads/1"));
    store.behave();
    store.replay("heads/2", "heads/1");
    expect(await store.get("heads/2")).toEqual(someBytes(100, "heads/1"));
  });

  test("rolls back, forks, plants, and lists in its own order", async () => {
    const store = await filled();
    const before = store.state;
    await store.put("heads/3", someBytes(1));
    const other = store.fork();
    store.rollBack(before);
    await other.put("heads/4", someBytes(1));
    expect(await listed(store, "heads/")).toEqual(["heads/1", "heads/2"]);
    expect(await listed(other, "heads/")).toEqual(["heads/1", "heads/2", "heads/3", "heads/4"]);
    store.plant("heads/1", someBytes(3));
    expect(await store.get("heads/1")).toEqual(someBytes(3));
    const orders = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      store.shuffle(seed);
      orders.add((await listed(store)).join());
    }
    expect(orders.size).toBe(6);
  });
});
