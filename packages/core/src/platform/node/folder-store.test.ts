import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { link, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { listed, someBytes, storeConformance } from "../../../testing/stores/conformance.ts";
import { CRASH_FOLDER, CrashDisk, DiskError } from "../../../testing/stores/crash-disk.ts";
import type { Disk } from "./disk.ts";
import { folderStore } from "./folder-store.ts";
import { nodeDisk } from "./node-disk.ts";

const base = mkdtempSync(join(tmpdir(), "keepsake-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let made = 0;
async function newFolder(): Promise<string> {
  const path = join(base, `store-${++made}`);
  await mkdir(path);
  return path;
}

/** The real disk, without hard links: as FAT and exFAT are. */
const diskWithoutLinks: Disk = {
  ...nodeDisk,
  link: () => Promise.reject(new DiskError("EPERM")),
};

storeConformance("the folder store", async () => folderStore(await newFolder()));
storeConformance("the folder store without links", async () =>
  folderStore(await newFolder(), { disk: diskWithoutLinks }),
);
storeConformance("the folder store on a simulated disk", () =>
  folderStore(CRASH_FOLDER, { disk: new CrashDisk() }),
);
storeConformance("the folder store on a simulated disk without links", () =>
  folderStore(CRASH_FOLDER, { disk: new CrashDisk({ hasLinks: false }) }),
);
storeConformance("the folder store on a disk that syncs no folders", () =>
  folderStore(CRASH_FOLDER, { disk: new CrashDisk({ hasLinks: false, refusesFolderSync: true }) }),
);

describe("a folder store", () => {
  test("leaves nothing in tmp behind, whether a put goes through or not", async () => {
    for (const disk of [nodeDisk, diskWithoutLinks]) {
      const path = await newFolder();
      const store = folderStore(path, { disk });
      await Promise.all([1, 2, 3].map((n) => store.put("heads/0000000001", someBytes(n))));
      const stopped = new AbortController();
      const put = store.put("heads/0000000002", someBytes(9), { signal: stopped.signal });
      stopped.abort();
      await expect(put).rejects.toMatchObject({ code: "base.aborted" });
      expect(readdirSync(join(path, "tmp"))).toEqual([]);
    }
  });

  test("is unavailable where its folder is not, and makes none", async () => {
    const path = join(base, "not-plugged-in");
    const store = folderStore(path);
    const calls = [
      () => store.put("heads/a", someBytes(1)),
      () => store.get("heads/a"),
      () => store.remove("heads/a"),
      () => listed(store),
      () => store.sweep(),
    ];
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({ code: "store.unavailable", retry: "later" });
    expect(existsSync(path)).toBe(false);
  });

  test("names no path in its errors", async () => {
    const error = await folderStore(join(base, "小明的文件夹"))
      .get("heads/a")
      .catch((thrown: unknown) => thrown as Error);
    const told = JSON.stringify(error) + String(error) + String((error as Error).cause);
    expect(told).not.toContain(base);
    expect(told).not.toContain("小明");
  });

  test("does not list what no vault puts there", async () => {
    const path = await newFolder();
    const store = folderStore(path);
    await store.put("packs/a", someBytes(5));
    for (const name of ["packs/.DS_Store", "packs/A (conflicted copy)", "packs/a.tmp", "Thumbs.db"])
      await writeFile(join(path, name), "x");
    await mkdir(join(path, "packs", "empty"));
    await mkdir(join(path, "other"));
    expect(await listed(store)).toEqual(["packs/a"]);
    expect(await store.get("packs/empty")).toBeUndefined();
  });

  test("holds the names of files and of folders against each other", async () => {
    const path = await newFolder();
    const [linking, linkless] = [folderStore(path), folderStore(path, { disk: diskWithoutLinks })];
    expect(await linking.put("heads/0000000001", someBytes(1))).toBe("stored");
    expect(await linkless.put("heads/0000000001", someBytes(2))).toBe("exists");
    expect(await linkless.put("heads/0000000002", someBytes(3))).toBe("stored");
    expect(await linking.put("heads/0000000002", someBytes(4))).toBe("exists");
    expect(await linking.get("heads/0000000002")).toEqual(someBytes(3));
    expect(await linkless.get("heads/0000000001")).toEqual(someBytes(1));
    for (let round = 10; round < 30; round++) {
      const puts = [linking, linkless, linking, linkless].map((store, i) =>
        store.put(`heads/${round}`, someBytes(100, i)),
      );
      expect((await Promise.all(puts)).filter((outcome) => outcome === "stored")).toHaveLength(1);
    }
    for (const name of await listed(linking)) await linking.remove(name);
    expect(await listed(linkless)).toEqual([]);
  });

  test("sweeps what is left of puts that never ended, and nothing else", async () => {
    const path = await newFolder();
    const store = folderStore(path, { disk: diskWithoutLinks });
    expect(await folderStore(path).sweep()).toBe(0);
    await store.put("packs/a", someBytes(5));
    await writeFile(join(path, "tmp", "left"), "x");
    await link(join(path, "tmp", "left"), join(path, "packs", "b"));
    await mkdir(join(path, "tmp", "leftd"));
    await writeFile(join(path, "tmp", "leftd", "object"), "x");
    expect(await folderStore(path).sweep()).toBe(2);
    expect(readdirSync(join(path, "tmp"))).toEqual([]);
    expect(await listed(store)).toEqual(["packs/a", "packs/b"]);
  });

  test("loses nothing to another process that sweeps: a put fails to be tried at once, or went through", async () => {
    for (const disk of [nodeDisk, diskWithoutLinks]) {
      const path = await newFolder();
      const [writer, sweeper] = [folderStore(path, { disk }), folderStore(path, { disk })];
      let failures = 0;
      for (let round = 0; round < 40; round++) {
        const name = `packs/r${round}`;
        const put = writer.put(name, someBytes(2000, round)).catch((error: unknown) => error);
        for (let i = 0; i < round % 5; i++) await sweeper.sweep();
        const outcome = await put;
        if (outcome === "stored") expect(await writer.get(name)).toEqual(someBytes(2000, round));
        else expect(outcome).toMatchObject({ code: "store.unavailable", retry: "now" });
        if (outcome !== "stored") failures++;
        if (outcome !== "stored") expect(await writer.put(name, someBytes(2000, round))).toBe("stored");
      }
      expect(failures).toBeLessThan(40);
    }
  });

  test("says full and unavailable apart", async () => {
    for (const [fault, code] of [
      ["ENOSPC", "store.full"],
      ["EIO", "store.unavailable"],
    ] as const) {
      const disk = new CrashDisk();
      const store = folderStore(CRASH_FOLDER, { disk });
      await store.put("packs/a", someBytes(5));
      disk.failAt(disk.points + 2, fault);
      await expect(store.put("packs/b", someBytes(5))).rejects.toMatchObject({
        code,
        details: { reason: fault },
      });
      expect(await store.put("packs/b", someBytes(5))).toBe("stored");
      expect(await disk.readFolder(`${CRASH_FOLDER}/tmp`)).toEqual([]);
    }
  });
});
