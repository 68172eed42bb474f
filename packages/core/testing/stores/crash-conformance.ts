import { describe, expect, test } from "vitest";
import { KeepsakeError } from "../../src/base/index.ts";
import type { Disk } from "../../src/platform/node/disk.ts";
import type { Store } from "../../src/vault/store/index.ts";
import { listed, someBytes } from "./conformance.ts";
import type { CrashDiskOptions } from "./crash-disk.ts";
import { crashPoints, type CrashScenario } from "./crash-points.ts";

/** What the store said of each name. */
interface Told {
  readonly stored: Map<string, number>;
  readonly removed: Set<string>;
}

const sizes: Readonly<Record<string, number>> = {
  "packs/old": 3000,
  "packs/kept": 1500,
  "packs/new": 5000,
  "heads/0000000001": 700,
  "heads/0000000002": 900,
  "slots/0000000001": 0,
};

/**
 * What a store on a disk must keep to when its disk fails or loses power at any call: what it acknowledged is there
 * and whole, what it removed stays away, whatever else is there is whole, and all of it can be put again.
 */
export function crashConformance(
  name: string,
  makeStore: (disk: Disk) => Store,
  options: CrashDiskOptions = {},
): void {
  describe(`${name}, struck at every call to its disk,`, () => {
    test("keeps what it acknowledged and shows nothing in part", async () => {
      expect(await crashPoints(putsAndRemoves(makeStore, options))).toBeGreaterThan(200);
    });

    test("stores one of two puts of one name that race", async () => {
      expect(await crashPoints(racingPuts(makeStore, options))).toBeGreaterThan(100);
    });
  });
}

type MakeStore = (disk: Disk) => Store;

function putsAndRemoves(makeStore: MakeStore, options: CrashDiskOptions): CrashScenario<Told> {
  const before = ["packs/old", "packs/kept"];
  return {
    options,
    seeds: 4,
    told: newTold,
    async prepare(disk) {
      const store = makeStore(disk);
      for (const name of before) await store.put(name, someBytes(sizes[name]!, name));
    },
    async run(disk, told) {
      const store = makeStore(disk);
      await putTold(store, told, "packs/new");
      await putTold(store, told, "heads/0000000001");
      await store.remove("packs/old");
      told.removed.add("packs/old");
      await allEnded(["heads/0000000002", "slots/0000000001"].map((name) => putTold(store, told, name)));
      await putTold(store, told, "heads/0000000001");
    },
    check: async (disk, told) => checkStore(makeStore(disk), told, ["packs/kept"]),
  };
}

function racingPuts(makeStore: MakeStore, options: CrashDiskOptions): CrashScenario<Told> {
  return {
    options,
    seeds: 4,
    told: newTold,
    async run(disk, told) {
      const stores = [makeStore(disk), makeStore(disk), makeStore(disk)];
      const puts = stores.map((store) => putTold(store, told, "heads/0000000001"));
      const outcomes = await allEnded(puts);
      expect(outcomes.filter((outcome) => outcome === "stored").length).toBeLessThanOrEqual(1);
    },
    check: async (disk, told) => checkStore(makeStore(disk), told, []),
  };
}

/** Waits for all, also where one fails: nothing is acknowledged after the run has ended. */
async function allEnded<T>(calls: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(calls);
  return Promise.all(calls);
}

function newTold(): Told {
  return { stored: new Map(), removed: new Set() };
}

/** "exists" with the very bytes is an acknowledgement too: an earlier try went through. */
async function putTold(store: Store, told: Told, name: string): Promise<"stored" | "exists"> {
  const bytes = someBytes(sizes[name]!, name);
  const outcome = await store.put(name, bytes);
  if (outcome === "exists") expect(await store.get(name)).toEqual(bytes);
  told.stored.set(name, bytes.length);
  return outcome;
}

async function checkStore(store: Store, told: Told, kept: readonly string[]): Promise<void> {
  const names = await listed(store);
  for (const name of names) expect(await store.get(name)).toEqual(someBytes(sizes[name]!, name));
  for (const name of [...told.stored.keys(), ...kept]) expect(names).toContain(name);
  for (const name of told.removed) expect(names).not.toContain(name);
  for (const [name, size] of Object.entries(sizes)) {
    const outcome = await putAgain(store, name, size);
    if (!names.includes(name)) expect(outcome).toBe("stored");
    expect(await store.get(name)).toEqual(someBytes(size, name));
  }
}

/** A fault that has not struck yet may strike here; the next try must go through. */
async function putAgain(store: Store, name: string, size: number): Promise<"stored" | "exists"> {
  try {
    return await store.put(name, someBytes(size, name));
  } catch (error) {
    if (!KeepsakeError.is(error)) throw error;
    return store.put(name, someBytes(size, name));
  }
}
