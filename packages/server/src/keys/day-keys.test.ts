import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderDayKeys } from "./day-keys.ts";

const DAY_MS = 86_400_000;

test("several processes make and destroy the key of a day at once: all have one key, and then none has it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-day-keys-"));
  try {
    for (let day = 0; day < 20; day++) {
      const processes = await Promise.all(Array.from({ length: 4 }, () => folderDayKeys(folder)));
      const made = await Promise.all(processes.map((keys) => keys.begin(day * DAY_MS)));
      expect(new Set(made.map(({ key }) => Buffer.from(key).toString("hex")))).toHaveProperty("size", 1);
      await Promise.all(processes.map((keys) => keys.destroy(made[0]!.day)));
      expect(await readdir(folder)).toEqual([]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
