import { KeepsakeError, systemClock } from "@keepsake/core/base";
import { browserPrimitives } from "@keepsake/core/browser";
import { backup, emptyContentRoot, emptyRoot, loadHistory, type History } from "@keepsake/core/history";
import { memoryStore } from "@keepsake/core/store";
import { historyEvents } from "@keepsake/core/testing/history";
import { createVault, newestSnapshot, type Vault } from "@keepsake/core/vault";
import { expect, test } from "vitest";
import { foldWhereDue } from "./fold.ts";

const load = async (vault: Vault): Promise<History> => loadHistory(vault, await newestSnapshot(vault));

/** A vault after so many imports, each of one message more than the last. */
async function imported(times: number) {
  const primitives = await browserPrimitives();
  const store = memoryStore();
  const { vault } = await createVault({
    primitives,
    store,
    clock: systemClock,
    language: "en",
    deviceName: "test",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  const all = [...historyEvents({ seed: 3, messages: times, chats: 1 })];
  for (let n = 1; n <= times; n++) {
    let i = 0;
    const events = all.filter((event) => event.type !== "message" || i++ < n);
    await backup(vault, {
      name: "phone",
      async *read() {
        yield* events;
      },
    });
  }
  return { vault, store };
}

test("what many imports added is folded in, and stays what it is", async () => {
  const { vault } = await imported(36);
  const before = await load(vault);
  const folded = await foldWhereDue(before);
  expect(folded?.head.contentRoot).toBe(before.snapshot.head.contentRoot);
  const after = await load(vault);
  expect([before.deltas.length, after.deltas.length]).toEqual([36, 1]);
  expect(await foldWhereDue(after)).toBeUndefined();
});

test("where the store fails meanwhile, the import stands and the next one folds", async () => {
  const { vault, store } = await imported(36);
  const before = await load(vault);
  const away = { ...store, put: () => Promise.reject(new KeepsakeError("store.unavailable")) };
  const history = { ...before, vault: { ...vault, store: away } };
  expect(await foldWhereDue(history)).toBeUndefined();
  expect((await load(vault)).deltas).toHaveLength(36);
  expect(await foldWhereDue(before)).toBeDefined();
});
