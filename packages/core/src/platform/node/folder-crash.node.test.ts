import { expect, test } from "vitest";
import { crashConformance } from "../../../testing/stores/crash-conformance.ts";
import { listed, someBytes } from "../../../testing/stores/conformance.ts";
import { CRASH_FOLDER, type CrashDiskOptions } from "../../../testing/stores/crash-disk.ts";
import { crashPoints } from "../../../testing/stores/crash-points.ts";
import { folderStore } from "./folder-store.ts";

const kinds: Readonly<Record<string, CrashDiskOptions>> = {
  "a folder store": {},
  "a folder store without links": { hasLinks: false },
  "a folder store that syncs no folders": { refusesFolderSync: true },
  "a folder store with neither": { hasLinks: false, refusesFolderSync: true },
};

for (const [name, options] of Object.entries(kinds)) {
  crashConformance(name, (disk) => folderStore(CRASH_FOLDER, { disk }), options);

  test(`${name} can be swept after any crash, and keeps every object`, async () => {
    const checked = await crashPoints({
      options,
      told: () => [] as string[],
      async run(disk, told) {
        const store = folderStore(CRASH_FOLDER, { disk });
        for (const each of ["packs/a", "heads/b"]) {
          await store.put(each, someBytes(2000, each));
          told.push(each);
        }
        await store.sweep();
      },
      async check(disk, told) {
        const store = folderStore(CRASH_FOLDER, { disk });
        const before = await listed(store);
        await store.sweep();
        expect(await disk.readFolder(`${CRASH_FOLDER}/tmp`).catch(() => [])).toEqual([]);
        expect(await listed(store)).toEqual(before);
        for (const each of told) expect(await store.get(each)).toEqual(someBytes(2000, each));
      },
    });
    expect(checked).toBeGreaterThan(100);
  });
}
