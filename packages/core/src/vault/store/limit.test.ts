import { describe, expect, test } from "vitest";
import { someBytes, storeConformance } from "../../../testing/stores/conformance.ts";
import { limitStore } from "./limit.ts";
import { memoryStore } from "./memory.ts";
import type { Store } from "./store.ts";

storeConformance("a limited store", () => limitStore(memoryStore(), { calls: 3 }));

/** A clock that moves only when somebody sleeps. */
function simulatedTime() {
  let nowMs = 1_000_000;
  return {
    clock: { now: () => nowMs },
    sleep: async (delayMs: number) => void (nowMs += delayMs),
    elapsedMs: () => nowMs - 1_000_000,
  };
}

/** A store whose calls end only when told so. */
function held(): { store: Store; running: () => number; most: () => number; release: () => void } {
  let [running, most] = [0, 0];
  const waiting: (() => void)[] = [];
  const inner = memoryStore();
  const get: Store["get"] = async (name) => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => waiting.push(resolve));
    running--;
    return inner.get(name);
  };
  return {
    store: { ...inner, get },
    running: () => running,
    most: () => most,
    release: () => waiting.shift()?.(),
  };
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe("a limited store", () => {
  test("is asked for no more at once than allowed, in the callers' order", async () => {
    const { store, most, release } = held();
    const limited = limitStore(store, { calls: 2 });
    const ended: number[] = [];
    const calls = [0, 1, 2, 3, 4].map((i) => limited.get(`packs/${i}`).then(() => ended.push(i)));
    for (let i = 0; i < 5; i++) {
      await settle();
      release();
    }
    await Promise.all(calls);
    expect(most()).toBe(2);
    expect(ended).toEqual([0, 1, 2, 3, 4]);
  });

  test("forgets a caller that stops waiting, and gives his place to the next", async () => {
    const { store, running, release } = held();
    const limited = limitStore(store, { calls: 1 });
    const stop = new AbortController();
    const first = limited.get("packs/a");
    const second = limited.get("packs/b", undefined, { signal: stop.signal });
    const third = limited.get("packs/c");
    stop.abort();
    await expect(second).rejects.toMatchObject({ code: "base.aborted" });
    await settle();
    release();
    await first;
    await settle();
    expect(running()).toBe(1);
    release();
    expect(await third).toBeUndefined();
  });

  test("gives a place back when a call fails", async () => {
    const broken: Store = { ...memoryStore(), get: () => Promise.reject(new TypeError("a mistake")) };
    const limited = limitStore(broken, { calls: 1 });
    for (let i = 0; i < 3; i++) await expect(limited.get("packs/a")).rejects.toThrow(TypeError);
    expect(await limited.put("packs/a", someBytes(1))).toBe("stored");
  });

  test("keeps to its bytes a second, both ways", async () => {
    const time = simulatedTime();
    const limited = limitStore(memoryStore(), { calls: 4, bytesPerSecond: 1000, ...time });
    for (let i = 0; i < 10; i++) await limited.put(`packs/${i}`, someBytes(500));
    expect(time.elapsedMs()).toBe(4500);
    for (let i = 0; i < 10; i++) await limited.get(`packs/${i}`);
    expect(time.elapsedMs()).toBe(9500);
  });

  test("refuses limits that let nothing through", () => {
    for (const options of [{ calls: 0 }, { calls: 1.5 }, { calls: 1, bytesPerSecond: 0 }]) {
      expect(() => limitStore(memoryStore(), options)).toThrow(
        expect.objectContaining({ code: "base.invalid" }),
      );
    }
  });
});
