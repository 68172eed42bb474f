import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { concatBytes, type Bytes } from "../../base/index.ts";
import { memoryFile } from "../../formats/index.ts";
import type { SourceFile } from "../../model/index.ts";
import { folderSource } from "../../platform/node/index.ts";
import { zipSource } from "../source/zip-source.ts";
import { zipTarget, type ZipTarget } from "./zip-target.ts";

const modifiedMs = Date.UTC(2026, 1, 3, 4, 5, 6);

/** Writes a zip to a disk, where stretches of nothing take no room. */
async function written(fill: (zip: ZipTarget) => Promise<void>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "a.zip");
  await using handle = await open(path, "wx");
  let at = 0;
  const zip = zipTarget(
    {
      async write(bytes) {
        if (bytes !== zeros) await handle.write(bytes, 0, bytes.length, at);
        at += bytes.length;
      },
      close: () => Promise.resolve(),
    },
    { modifiedMs },
  );
  await fill(zip);
  await zip.close();
  return path;
}

function has(program: string, option: string): boolean {
  return spawnSync(program, [option]).status === 0;
}

async function fillSome(zip: ZipTarget): Promise<void> {
  await using text = await zip.create("聊天/messages.json");
  for (let i = 0; i < 100; i++) await text.write(new TextEncoder().encode(`{"number":${i}}\n`));
  await zip.put("photos/一.jpg", memoryFile("x", "x".repeat(1000)));
  await text.close();
  {
    await using _ = await zip.create("given-up.txt");
  }
  await zip.put("empty.txt", memoryFile("x", ""));
  await zip.makeFolder("photos/none yet");
}

test.skipIf(!has("python3", "--version"))("Python finds nothing wrong with a zip of ours", async () => {
  const path = await written(fillSome);
  const tested = execFileSync("python3", ["-m", "zipfile", "-t", path], { encoding: "utf8" });
  expect(tested.trim()).toBe("Done testing");
  const script = `
import sys, zipfile
for e in zipfile.ZipFile(sys.argv[1]).infolist(): print(e.filename, e.file_size, e.date_time[0])`;
  const listed = execFileSync("python3", ["-c", script, path], { encoding: "utf8" });
  expect(listed.trim().split("\n")).toEqual([
    "聊天/messages.json 1390 2026",
    "photos/一.jpg 1000 2026",
    "empty.txt 0 2026",
    "photos/none yet/ 0 2026",
  ]);
});

test.skipIf(!has("unzip", "-v"))("unzip finds nothing wrong with a zip of ours", async () => {
  const tested = spawnSync("unzip", ["-t", await written(fillSome)], { encoding: "utf8" });
  expect(tested.stdout).toContain("No errors detected");
  expect([tested.status, tested.stderr]).toEqual([0, ""]);
});

const zeros = new Uint8Array(1024 * 1024);

function hole(mebibytes: number): SourceFile {
  return {
    path: "hole",
    sizeBytes: mebibytes * zeros.length,
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *open() {
      for (let i = 0; i < mebibytes; i++) yield zeros;
    },
  };
}

test("a zip of more than 4 GiB is read back, and Python reads it too", async () => {
  const path = await written(async (zip) => {
    await zip.put("large.bin", hole(4097));
    await zip.put("last.txt", memoryFile("x", "last"));
  });
  const source = await zipSource((await (await folderSource(path)).file("a.zip"))!);
  const large = (await source.file("large.bin"))!;
  expect(large.sizeBytes).toBe(4097 * zeros.length);
  const end: Bytes[] = [];
  for await (const piece of large.open({ start: large.sizeBytes - 5 })) end.push(piece);
  expect(concatBytes(...end)).toEqual(new Uint8Array(5));
  const last: Bytes[] = [];
  for await (const piece of (await source.file("last.txt"))!.open()) last.push(piece);
  expect(new TextDecoder().decode(concatBytes(...last))).toBe("last");
  if (!has("python3", "--version")) return;
  const script = `
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(len(z.infolist()), z.getinfo("large.bin").file_size, z.read("last.txt"))`;
  const listed = execFileSync("python3", ["-c", script, path], { encoding: "utf8" });
  expect(listed.trim()).toBe(`2 ${4097 * zeros.length} b'last'`);
});
