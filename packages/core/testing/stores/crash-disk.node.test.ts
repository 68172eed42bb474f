import { describe, expect, test } from "vitest";
import type { Disk } from "../../src/platform/node/disk.ts";
import { someBytes } from "./conformance.ts";
import { CRASH_FOLDER, CrashDisk, DiskError, PowerCut } from "./crash-disk.ts";
import { crashPoints, type CrashScenario } from "./crash-points.ts";

const path = (name: string): string => `${CRASH_FOLDER}/${name}`;

async function write(disk: Disk, name: string, length: number, isSynced: boolean): Promise<void> {
  const file = await disk.open(path(name), "create");
  await file.write(someBytes(length, name), 0);
  if (isSynced) await file.sync();
  await file.close();
}

/** The lengths of what may be found after a power cut, over many seeds; "gone" where nothing is. */
async function found(disk: CrashDisk, name: string, seeds = 60): Promise<Set<number | "gone">> {
  const lengths = new Set<number | "gone">();
  for (let seed = 0; seed < seeds; seed++) {
    const left = await disk
      .survivors(seed)
      .stat(path(name))
      .catch(() => undefined);
    lengths.add(left?.sizeBytes ?? "gone");
  }
  return lengths;
}

describe("a crash disk", () => {
  test("keeps what was synced, in a folder that was synced, and only that for sure", async () => {
    const disk = new CrashDisk();
    await write(disk, "a", 2000, true);
    expect(await found(disk, "a")).toEqual(new Set(["gone", 2000]));
    await disk.syncFolder(CRASH_FOLDER);
    expect(await found(disk, "a")).toEqual(new Set([2000]));
    await disk.unlink(path("a"));
    expect(await found(disk, "a")).toEqual(new Set(["gone", 2000]));
    await disk.syncFolder(CRASH_FOLDER);
    expect(await found(disk, "a")).toEqual(new Set(["gone"]));
  });

  test("loses and tears content that was not synced, by sectors", async () => {
    const disk = new CrashDisk();
    await write(disk, "a", 2000, false);
    await disk.syncFolder(CRASH_FOLDER);
    const lengths = await found(disk, "a");
    expect(lengths.has("gone")).toBe(false);
    expect([...lengths].toSorted((a, b) => Number(a) - Number(b))).toEqual([0, 512, 1024, 1536, 2000]);
    const contents = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const file = await disk.survivors(seed).open(path("a"), "read");
      contents.add((await file.read(0, 2000)).join());
    }
    expect(contents.size).toBeGreaterThan(8);
  });

  test("finds the same for the same seed", async () => {
    const disk = new CrashDisk();
    await write(disk, "a", 5000, false);
    for (let seed = 0; seed < 10; seed++) {
      const read = async (): Promise<string> => {
        const file = await disk
          .survivors(seed)
          .open(path("a"), "read")
          .catch(() => undefined);
        return file === undefined ? "gone" : (await file.read(0, 9000)).join();
      };
      expect(await read()).toBe(await read());
    }
  });

  test("promises nothing of writes whose sync failed, whatever sync follows", async () => {
    const disk = new CrashDisk();
    const file = await disk.open(path("a"), "create");
    await file.write(someBytes(1000), 0);
    disk.failAt(disk.points + 1, "EIO");
    await expect(file.sync()).rejects.toMatchObject({ code: "EIO" });
    await file.sync();
    await disk.syncFolder(CRASH_FOLDER);
    expect((await found(disk, "a")).has(0)).toBe(true);
  });

  test("does nothing any more once the power is gone", async () => {
    const disk = new CrashDisk();
    disk.failAt(1, "power");
    await expect(disk.makeFolder(path("a"))).rejects.toThrow(PowerCut);
    await expect(disk.stat(CRASH_FOLDER)).rejects.toThrow(PowerCut);
    await expect(disk.readFolder(CRASH_FOLDER)).rejects.toThrow(PowerCut);
  });
});

describe("crash points find a store that", () => {
  type Write = (disk: Disk) => Promise<void>;
  const scenario = (run: Write): CrashScenario<{ isDone: boolean }> => ({
    seeds: 12,
    told: () => ({ isDone: false }),
    async run(disk, told) {
      await run(disk).catch((error: unknown) => {
        throw error instanceof DiskError ? new PowerCut() : error;
      });
      told.isDone = true;
    },
    async check(disk, told) {
      const stats = await disk.stat(path("a")).catch(() => undefined);
      if (told.isDone || stats !== undefined) expect(stats?.sizeBytes).toBe(2000);
    },
  });
  const renamed = async (disk: Disk, isSynced: boolean): Promise<void> => {
    await write(disk, "t", 2000, isSynced);
    await disk.rename(path("t"), path("a"));
  };

  test("writes in place", async () => {
    const run: Write = async (disk) => {
      await write(disk, "a", 2000, true);
      await disk.syncFolder(CRASH_FOLDER);
    };
    await expect(crashPoints(scenario(run))).rejects.toThrow(RangeError);
  });

  test("forgets to sync the file or the folder", async () => {
    await expect(crashPoints(scenario((disk) => renamed(disk, true)))).rejects.toThrow(RangeError);
    const run: Write = async (disk) => {
      await renamed(disk, false);
      await disk.syncFolder(CRASH_FOLDER);
    };
    await expect(crashPoints(scenario(run))).rejects.toThrow(RangeError);
  });

  test("and pass one that does all of it", async () => {
    const run: Write = async (disk) => {
      await renamed(disk, true);
      await disk.syncFolder(CRASH_FOLDER);
    };
    expect(await crashPoints(scenario(run))).toBeGreaterThan(100);
  });
});
