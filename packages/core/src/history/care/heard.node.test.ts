import { expect, test } from "vitest";
import { madeHistory } from "../../../testing/history/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import type { ProgressEvent } from "../../base/index.ts";
import { createVault, memoryStore, newestSnapshot, type Store, type Vault } from "../../vault/index.ts";
import { backup } from "../backup.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "../state/state.ts";
import { check } from "./check.ts";
import { compact } from "./compact.ts";
import { rehearse } from "./rehearse.ts";

const primitives = await testPrimitives();
const clock = { now: () => 1_790_000_000_000 };
const MIB = 1024 * 1024;

async function made(): Promise<Vault> {
  const { vault } = await createVault({
    primitives,
    store: memoryStore(),
    clock,
    language: "en",
    deviceName: "test",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  const messages = { messages: 300, chats: 2, attachmentBytes: 24 * MIB };
  for (const seed of [1, 2])
    await backup(vault, { name: `phone ${seed}`, read: () => madeHistory({ seed, ...messages }) });
  return vault;
}

/** A store that knows how many bytes came from it between two words, at most. */
function heard(store: Store): { store: Store; report: (event: ProgressEvent) => void; most: () => number } {
  let [silent, most] = [0, 0];
  return {
    store: {
      ...store,
      async get(name, range, options) {
        const bytes = await store.get(name, range, options);
        silent += bytes?.length ?? 0;
        most = Math.max(most, silent);
        return bytes;
      },
    },
    report: () => (silent = 0),
    most: () => most,
  };
}

const vault = await made();
let largest = 0;
for await (const { sizeBytes } of vault.store.list("packs/")) largest = Math.max(largest, sizeBytes);

test("a check is heard of after every few MiB, however few the objects are", async () => {
  const { store, report, most } = heard(vault.store);
  const opened = { ...vault, store };
  const { damages, openedBytes } = await check(await loadHistory(opened, await newestSnapshot(opened)), {
    level: "full",
    report,
  });
  expect(damages).toEqual([]);
  expect(openedBytes).toBeGreaterThan(40 * MIB);
  // Every pack is read once more as a whole.
  expect(most()).toBeLessThan(largest + 6 * MIB);
});

test("a rehearsal is heard of after every few MiB", async () => {
  const { store, report, most } = heard(vault.store);
  const opened = { ...vault, store };
  const history = await loadHistory(opened, await newestSnapshot(opened));
  const { failedChats, attachmentBytes } = await rehearse(history, { report });
  expect(failedChats).toEqual([]);
  expect(attachmentBytes).toBeGreaterThan(40 * MIB);
  // A step, and the part of a file that ends it with what is read ahead.
  expect(most()).toBeLessThan(10 * MIB);
});

test("tidying is heard of with every chat", async () => {
  const events: ProgressEvent[] = [];
  const history = await loadHistory(vault, await newestSnapshot(vault));
  await compact(history, "fold", (event) => events.push(event));
  expect(events.length).toBeGreaterThan(1);
  expect(events).toEqual(
    events.map((_, i) => ({ type: "progress", stage: "compact", done: { chats: i + 1 } })),
  );
});
