import { describe, expect, test } from "vitest";
import {
  mustPublish,
  openByDevice,
  openByWords,
  outcomeOf,
  vaultIn,
  type AttackedVault,
} from "../../testing/stores/attacked-vault.ts";
import { CRASH_FOLDER, CrashDisk, type CrashDiskOptions } from "../../testing/stores/crash-disk.ts";
import { crashPoints } from "../../testing/stores/crash-points.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { folderStore } from "../platform/node/folder-store.ts";
import { newestSnapshot, snapshotAt } from "./open.ts";
import type { Store } from "./store/index.ts";

const primitives = await testPrimitives();

/** After a creation that was struck: either it can be made now, or it went through and nobody was told. */
async function makeAgain(store: Store): Promise<void> {
  let hasSlots = false;
  for await (const _ of store.list("slots/")) hasSlots = true;
  const making = vaultIn(primitives, store);
  if (hasSlots) await expect(making).rejects.toMatchObject({ code: "vault.already-there" });
  else expect(await outcomeOf(openByWords(await making))).toEqual({ n: 0 });
}

const kinds: Readonly<Record<string, CrashDiskOptions>> = {
  "a folder with links": {},
  "a folder without links": { hasLinks: false },
};

describe.each(Object.entries(kinds))("a vault in %s, struck at every call to its disk,", (_, options) => {
  test("keeps every version that it was told of, and can be written again", async () => {
    const base = new CrashDisk(options);
    const made = await vaultIn(primitives, folderStore(CRASH_FOLDER, { disk: base }));
    const checked = await crashPoints({
      options,
      seeds: 3,
      told: () => ({ newest: made.snapshot }),
      async prepare(disk) {
        const store = folderStore(CRASH_FOLDER, { disk });
        for await (const { name } of made.store.list(""))
          await store.put(name, (await made.store.get(name))!);
      },
      async run(disk, told) {
        const vault = { ...made.vault, store: folderStore(CRASH_FOLDER, { disk }) };
        for (const n of [1, 2]) told.newest = await mustPublish(vault, told.newest, { n });
      },
      async check(disk, told, { seed }) {
        const store = folderStore(CRASH_FOLDER, { disk });
        const vault = { ...made.vault, store };
        const newest = await newestSnapshot(vault, told.newest.head);
        const isNext = newest.head.parents.includes(told.newest.head.hash);
        expect(isNext || newest.head.hash === told.newest.head.hash).toBe(true);
        if (told.newest.head.number > 1)
          expect((await snapshotAt(vault, newest, told.newest.head.number)).root).toEqual(told.newest.root);
        if (seed === 2) expect((await mustPublish(vault, newest, { n: 9 })).root).toEqual({ n: 9 });
      },
    });
    expect(checked).toBeGreaterThan(300);
  });

  test("is not there, or opens with its words, when it was struck while it was made", async () => {
    const checked = await crashPoints({
      options,
      seeds: 2,
      faults: ["power"],
      told: () => ({}) as { made?: AttackedVault<Store> },
      async run(disk, told) {
        told.made = await vaultIn(primitives, folderStore(CRASH_FOLDER, { disk }));
      },
      async check(disk, { made }) {
        const store = folderStore(CRASH_FOLDER, { disk });
        if (made === undefined) return makeAgain(store);
        for (const open of [openByWords, openByDevice])
          expect(await outcomeOf(open({ ...made, store }))).toEqual({ n: 0 });
      },
    });
    expect(checked).toBeGreaterThan(40);
  });
});
