import { describe, expect, test } from "vitest";
import { madeHistory } from "../../testing/history/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { createVault, memoryStore, newestSnapshot, type Vault } from "../vault/index.ts";
import { backup } from "./backup.ts";
import { check } from "./care/check.ts";
import { compact } from "./care/compact.ts";
import type { ChatProof } from "./proof.ts";
import type { Reading } from "./readings.ts";
import { emptyContentRoot, emptyRoot, loadHistory, type History } from "./state/state.ts";

const primitives = await testPrimitives();
let now = 1_790_000_000_000;
const clock = { now: () => now };
const DAY = 86_400_000;
const life = { seed: 5, messages: 900, chats: 4 };
const withFiles = { ...life, attachmentBytes: 200_000 };

async function makeVault(): Promise<{ vault: Vault; store: ReturnType<typeof memoryStore> }> {
  const store = memoryStore();
  const made = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const options = { ...made, emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  return { store, vault: (await createVault(options)).vault };
}

const load = async (vault: Vault): Promise<History> => loadHistory(vault, await newestSnapshot(vault));

/** The lines of the proof after a backup a day later. */
async function run(vault: Vault, of: object, readings = new Map<string, Reading>()): Promise<ChatProof[]> {
  now += DAY;
  const source = { name: "phone", read: () => madeHistory({ ...life, ...of }) };
  return [...(await backup(vault, source, { readings })).proof.chats];
}

describe("a proof says when each chat was read back, whole or sampled", () => {
  test("at once where the run wrote all of it, and later by what the device remembers", async () => {
    const { vault } = await makeVault();
    const readings = new Map<string, Reading>();
    const first = await run(vault, {}, readings);
    const day = now;
    for (const { verified } of first) expect(verified).toEqual({ now: "whole", whole: day });
    for (const { verified } of await run(vault, {}, readings))
      expect(verified).toMatchObject({ now: "nothing", whole: day });
    for (const { verified } of await run(vault, { day2: { messages: 400 } }, readings))
      expect(verified).toMatchObject({ now: "newPart", whole: day });
  });

  test("as a sample where most attachments were not read, until a check has read them", async () => {
    const { vault } = await makeVault();
    const readings = new Map<string, Reading>();
    const first = await run(vault, withFiles, readings);
    expect(first.map(({ verified }) => verified.now)).toContain("sampled");
    const sampled = first.find(({ verified }) => verified.now === "sampled")!;
    expect(sampled.verified).toEqual({ now: "sampled", sampled: now });
    now += DAY;
    await check(await load(vault), { level: "full", readings });
    const checkedAt = now;
    for (const { verified } of await run(vault, withFiles, readings))
      expect(verified).toMatchObject({ now: "nothing", whole: checkedAt });
    now += DAY;
    await check(await load(vault), { level: "sample", readings });
    for (const { verified } of await run(vault, withFiles, readings))
      expect(verified).toMatchObject({ whole: checkedAt, sampled: checkedAt + 2 * DAY });
  });

  test("not at all where this device has not read it, or where it was stored anew", async () => {
    const { vault } = await makeVault();
    const readings = new Map<string, Reading>();
    await run(vault, {}, readings);
    for (const { verified } of await run(vault, {}))
      expect(verified).toEqual({ now: "nothing", whole: undefined, sampled: undefined });
    await run(vault, { day2: { messages: 400 } }, readings);
    await compact(await load(vault), "fold");
    const unread = (await run(vault, { day2: { messages: 400 } }, readings)).filter(
      ({ verified }) => verified.whole === undefined,
    );
    expect(unread.length).toBeGreaterThan(0);
  });

  test("not of a chat in which the check found damage", async () => {
    const { vault, store } = await makeVault();
    const readings = new Map<string, Reading>();
    await run(vault, {});
    const lanes = (await load(vault)).tree.keys().next().value;
    const name = [...store.objects.keys()].filter((each) => each.startsWith("packs/"));
    const history = await load(vault);
    for (const pack of name) {
      const whole = store.objects.get(pack)!;
      store.objects.set(pack, whole.slice().fill(0, 8, 2000));
      const { damages } = await check(history, { level: "full", readings }).catch(() => ({ damages: [] }));
      for (const { collection } of damages)
        if (collection !== undefined) expect(readings.has(collection)).toBe(false);
      readings.clear();
      store.objects.set(pack, whole);
    }
    expect(lanes).toBeDefined();
  });
});
