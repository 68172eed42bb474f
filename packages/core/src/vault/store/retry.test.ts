import { describe, expect, test } from "vitest";
import { KeepsakeError, type Retry, timerSleep, type Sleep } from "../../base/index.ts";
import { listed, someBytes, storeConformance } from "../../../testing/stores/conformance.ts";
import { memoryStore } from "./memory.ts";
import { retryStore } from "./retry.ts";
import type { Store } from "./store.ts";

const failure = (retry: Retry): KeepsakeError => new KeepsakeError("store.unavailable", { retry });

/** A store whose first calls fail, before or after they have done their work. */
function failing(failures: number, retry: Retry, when: "before" | "after" = "before"): Store {
  const inner = memoryStore();
  const fail = async <T>(call: () => Promise<T>): Promise<T> => {
    if (failures === 0) return call();
    failures--;
    if (when === "after") await call();
    throw failure(retry);
  };
  return {
    put: (name, bytes, options) => fail(() => inner.put(name, bytes, options)),
    get: (name, range, options) => fail(() => inner.get(name, range, options)),
    remove: (name, options) => fail(() => inner.remove(name, options)),
    async *list(prefix, options) {
      let given = 0;
      for await (const object of inner.list(prefix, options)) {
        if (given++ === 2 && failures > 0) await fail(async () => undefined);
        yield object;
      }
    },
  };
}

function slept(): { sleep: Sleep; delays: number[] } {
  const delays: number[] = [];
  return { delays, sleep: async (delayMs) => void delays.push(delayMs) };
}

storeConformance("a retried store", () => retryStore(memoryStore()));
storeConformance("a retried store that fails at first", () =>
  retryStore(failing(2, "now"), { sleep: slept().sleep }),
);

describe("a retried store", () => {
  test("waits twice as long each time, less a random part, up to the longest", async () => {
    const { sleep, delays } = slept();
    const options = { attempts: 6, firstDelayMs: 100, longestDelayMs: 500, sleep, jitter: () => 0.5 };
    expect(await retryStore(failing(5, "later"), options).put("packs/a", someBytes(3))).toBe("stored");
    expect(delays).toEqual([75, 150, 300, 375, 375]);
  });

  test("waits not at all where trying at once helps", async () => {
    const { sleep, delays } = slept();
    await retryStore(failing(4, "now"), { sleep }).get("packs/a");
    expect(delays).toEqual([]);
  });

  test("gives up after so many tries, with the error itself", async () => {
    const { sleep, delays } = slept();
    const store = retryStore(failing(9, "later"), { attempts: 3, sleep });
    await expect(store.get("packs/a")).rejects.toMatchObject({ code: "store.unavailable" });
    expect(delays).toHaveLength(2);
  });

  test("does not try again what cannot help, or is no error of a store", async () => {
    const { sleep, delays } = slept();
    await expect(retryStore(failing(1, "never"), { sleep }).remove("packs/a")).rejects.toThrow(KeepsakeError);
    const broken: Store = { ...memoryStore(), get: () => Promise.reject(new TypeError("a mistake")) };
    await expect(retryStore(broken, { sleep }).get("packs/a")).rejects.toThrow(TypeError);
    expect(delays).toEqual([]);
  });

  test("says exists of its own earlier try, and the caller reads back", async () => {
    const store = retryStore(failing(1, "now", "after"));
    expect(await store.put("packs/a", someBytes(3))).toBe("exists");
    expect(await store.get("packs/a")).toEqual(someBytes(3));
  });

  test("goes on with a listing where it broke off, each name once", async () => {
    const names = ["packs/a", "packs/b", "packs/c", "packs/d", "packs/e"];
    const inner = failing(1, "now");
    const store = retryStore(inner);
    for (const name of names) await store.put(name, someBytes(1));
    const breaking: Store = { ...inner, list: failingList(inner) };
    expect(await listed(retryStore(breaking))).toEqual(names);
  });

  test("stops waiting when the signal fires", async () => {
    const stop = new AbortController();
    const store = retryStore(failing(9, "later"), { firstDelayMs: 60_000, sleep: timerSleep });
    const put = store.put("packs/a", someBytes(1), { signal: stop.signal });
    stop.abort();
    await expect(put).rejects.toMatchObject({ code: "base.aborted" });
  });
});

function failingList(inner: Store): Store["list"] {
  let failures = 3;
  return async function* list(prefix) {
    let given = 0;
    for await (const object of inner.list(prefix)) {
      if (given++ === 2 && failures-- > 0) throw failure("now");
      yield object;
    }
  };
}
