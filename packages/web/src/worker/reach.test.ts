import { KeepsakeError } from "@keepsake/core/base";
import { memoryStore, type Store } from "@keepsake/core/store";
import { expect, test } from "vitest";
import { Reach } from "./reach.ts";

/** A server that can be taken away, and how often it was asked. */
function server(): { readonly store: Store; isAway: boolean; asked: number } {
  const behind = memoryStore();
  const ask = async <T>(call: () => Promise<T>): Promise<T> => {
    told.asked++;
    if (told.isAway) throw new KeepsakeError("store.unavailable", { retry: "now" });
    return call();
  };
  const told = {
    isAway: false,
    asked: 0,
    store: {
      put: (name, bytes) => ask(() => behind.put(name, bytes)),
      get: (name) => ask(() => behind.get(name)),
      remove: (name) => ask(() => behind.remove(name)),
      async *list(prefix) {
        await ask(async () => undefined);
        yield* behind.list(prefix);
      },
    } satisfies Store,
  };
  return told;
}

const unavailable = { code: "store.unavailable" };

test("a server that is away is asked again after a while, and not before by who looks", async () => {
  let now = 1_000_000;
  const away = server();
  const reach = new Reach(
    () => now,
    () => true,
  );
  const store = reach.over(away.store);
  await store.put("heads/1", new Uint8Array([1]));
  expect(reach.isAway).toBe(false);

  away.isAway = true;
  away.asked = 0;
  await expect(store.get("heads/1")).rejects.toMatchObject(unavailable);
  expect([reach.isAway, away.asked]).toEqual([true, 3]);
  await expect(store.get("heads/1")).rejects.toMatchObject(unavailable);
  await expect(Array.fromAsync(store.list("heads/"))).rejects.toMatchObject(unavailable);
  expect(away.asked).toBe(3);

  now += 16_000;
  await expect(store.get("heads/1")).rejects.toMatchObject(unavailable);
  expect(away.asked).toBe(4);

  away.isAway = false;
  now += 16_000;
  expect(await store.get("heads/1")).toEqual(new Uint8Array([1]));
  expect(reach.isAway).toBe(false);
  expect((await Array.fromAsync(store.list("heads/"))).map(({ name }) => name)).toEqual(["heads/1"]);
});

test("who writes waits for it, as often as a store is asked everywhere", async () => {
  const away = server();
  const reach = new Reach(
    () => 0,
    () => true,
  );
  const store = reach.over(away.store);
  away.isAway = true;
  await expect(store.get("heads/1")).rejects.toMatchObject(unavailable);
  away.asked = 0;
  const put = reach.patiently(() => store.put("heads/1", new Uint8Array([1])));
  await expect(put).rejects.toMatchObject(unavailable);
  expect(away.asked).toBe(5);
});

test("without a network, one failure is enough; once it is back, the server is asked at once", async () => {
  const away = server();
  let isOnline = false;
  const reach = new Reach(
    () => 0,
    () => isOnline,
  );
  const store = reach.over(away.store);
  away.isAway = true;
  await expect(store.get("heads/1")).rejects.toMatchObject(unavailable);
  expect([reach.isAway, away.asked]).toEqual([true, 1]);
  await expect(store.get("heads/1")).rejects.toMatchObject(unavailable);
  expect(away.asked).toBe(1);
  [isOnline, away.isAway] = [true, false];
  expect(await store.get("heads/1")).toBeUndefined();
  expect([reach.isAway, away.asked]).toEqual([false, 2]);
});

test("who writes is told how much has arrived, and how much is on its way", async () => {
  const { store } = server();
  const reach = new Reach();
  const told: (readonly number[])[] = [];
  await reach.patiently(
    async () => {
      const over = reach.over(store);
      await Promise.all([over.put("heads/1", new Uint8Array(3)), over.put("heads/2", new Uint8Array(4))]);
      await over.put("heads/3", new Uint8Array(5));
    },
    (...of) => void told.push(of),
  );
  await reach.over(store).put("heads/4", new Uint8Array(6));
  expect(told).toEqual([
    [0, 3],
    [0, 7],
    [7, 5],
  ]);
});
