import { describe, expect, test } from "vitest";
import { listed, someBytes, storeConformance } from "../../../testing/stores/conformance.ts";
import { memoryStore } from "./memory.ts";
import { meterStore } from "./meter.ts";

storeConformance("a metered store", () => meterStore(memoryStore()));

describe("a metered store", () => {
  test("counts calls, objects and bytes of every verb", async () => {
    const told: string[] = [];
    const store = meterStore(memoryStore(), (verb) => void told.push(verb));
    const before = store.counts();
    await store.put("packs/a", someBytes(100));
    await store.put("packs/a", someBytes(100));
    await store.put("packs/b", someBytes(20));
    await store.get("packs/a");
    await store.get("packs/a", { offset: 90, length: 50 });
    await store.get("packs/none");
    await listed(store);
    await store.remove("packs/a");
    await expect(store.get("bad")).rejects.toMatchObject({ code: "store.bad-name" });
    expect(store.counts()).toEqual({
      put: { calls: 3, failures: 0, objects: 2, bytes: 120 },
      get: { calls: 4, failures: 1, objects: 2, bytes: 110 },
      list: { calls: 1, failures: 0, objects: 2, bytes: 0 },
      remove: { calls: 1, failures: 0, objects: 1, bytes: 0 },
    });
    expect(before.put.calls).toBe(0);
    expect(told.filter((verb) => verb === "put")).toHaveLength(3);
  });
});
