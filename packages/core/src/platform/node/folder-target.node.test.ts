import { mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { textToBytes } from "../../base/index.ts";
import { folderTarget, keptTarget, keptThere } from "./folder-target.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "keepsake-target-"));
});
afterEach(() => rmSync(root, { recursive: true }));

test.each([-1_500_000, -86_400_123_457, 0, 1_790_000_000_123_457, 4_102_444_800_000_000])(
  "a file that was written to at %d microseconds has that time again",
  async (modifiedUs) => {
    const target = await keptTarget(root);
    const file = await target.create("a");
    await file.write(textToBytes("x"));
    await file.close(modifiedUs);
    expect(Math.abs(statSync(join(root, "a")).mtimeMs * 1000 - modifiedUs)).toBeLessThanOrEqual(1);
  },
);

test("a folder is there where it is one, and neither where a file or a link has its name", async () => {
  const target = await keptTarget(root);
  await target.makeFolder("deep/nothing");
  const file = await target.create("deep/a");
  await file.close(undefined);
  symlinkSync(join(root, "deep"), join(root, "link"), "junction");
  const there = await keptThere(root);
  const paths = ["deep/nothing", "deep", "deep/a", "deep/none", "link", "../x"];
  expect(await Promise.all(paths.map((path) => there.hasFolder(path)))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  expect((await there.file("deep/a"))?.sizeBytes).toBe(0);
});

// Other systems count a name's characters, this one may count its bytes, and 255 of them are the most.
const long = "一".repeat(255);

test.skipIf(process.platform !== "linux")("a name that the disk refuses is that file's fault", async () => {
  const [kept, plain] = [await keptTarget(root), await folderTarget(root)];
  const refused = { code: "format.unsafe-path" };
  await expect(kept.create(long)).rejects.toMatchObject(refused);
  await expect(kept.create(`${long}/a`)).rejects.toMatchObject(refused);
  await expect(kept.makeFolder(long)).rejects.toMatchObject(refused);
  await expect(plain.create(long)).rejects.toMatchObject(refused);
});
