import { expect, test } from "vitest";
import { madeHistory } from "../../../testing/history/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { createVault, memoryStore, newestSnapshot, type Vault } from "../../vault/index.ts";
import { backup } from "../backup.ts";
import type { Reading } from "../readings.ts";
import { chatCollections } from "../state/chats.ts";
import { emptyContentRoot, emptyRoot, loadHistory, type History } from "../state/state.ts";
import { check, type Damage } from "./check.ts";

const primitives = await testPrimitives();
const clock = { now: () => 1_790_000_000_000 };
const COUNT = 5;

async function made() {
  const store = memoryStore();
  const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const { vault } = await createVault({
    ...options,
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  const messages = { messages: 900, chats: 6, attachmentBytes: 400_000 };
  for (const seed of [1, 2, 3])
    await backup(vault, { name: `phone ${seed}`, read: () => madeHistory({ seed, ...messages }) });
  return { store, vault };
}

const load = async (vault: Vault): Promise<History> => loadHistory(vault, await newestSnapshot(vault));
const text = (damages: readonly Damage[]): string[] => damages.map((each) => JSON.stringify(each)).sort();

test("all shares together find what a full check finds", async () => {
  const { store, vault } = await made();
  const history = await load(vault);
  const whole = await check(history, { level: "full" });
  let opened = 0;
  for (let index = 0; index < COUNT; index++) {
    const share = await check(history, { level: "full", share: { index, count: COUNT } });
    expect(share).toMatchObject({ damages: [], objects: whole.objects });
    expect(share.opened).toBeLessThan(whole.opened);
    opened += share.opened;
  }
  expect(opened).toBeGreaterThanOrEqual(whole.opened);
  // Some of all: each is checked in full, and once more in shares.
  const names = [...store.objects.keys()].filter((name, i) => name.startsWith("packs/") && i % 6 === 0);
  for (const name of names) {
    const bytes = store.objects.get(name)!;
    store.objects.set(name, bytes.slice().fill(7, 60, bytes.length - 60));
    const altered = await load(vault).catch(() => undefined);
    if (altered !== undefined) {
      const all = text((await check(altered, { level: "full" })).damages);
      const inShares = new Set<string>();
      for (let index = 0; index < COUNT; index++) {
        const { damages } = await check(altered, { level: "full", share: { index, count: COUNT } });
        for (const each of text(damages)) inShares.add(each);
      }
      expect([...inShares].sort()).toEqual(all);
    }
    store.objects.set(name, bytes);
  }
  expect(names.length).toBeGreaterThan(1);
});

test("a share counts as a sample of the chats that it counted again, not as the whole", async () => {
  const { vault } = await made();
  const history = await load(vault);
  const chats = chatCollections(history).length;
  const readings = new Map<string, Reading>();
  for (let index = 0; index < COUNT; index++) {
    const before = readings.size;
    await check(history, { level: "full", share: { index, count: COUNT }, readings });
    expect(readings.size - before).toBeLessThan(chats);
  }
  expect(readings.size).toBe(chats);
  for (const { whole, sampled } of readings.values())
    expect([whole, sampled]).toEqual([undefined, clock.now()]);
});
