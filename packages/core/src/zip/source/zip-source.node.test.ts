import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bytesToText, concatBytes, type Finding } from "../../base/index.ts";
import { memoryFile, type Source } from "../../formats/index.ts";
import { folderSource } from "../../platform/node/index.ts";
import { zipSource } from "./zip-source.ts";

const fixtures = join(import.meta.dirname, "../fixtures");

function open(name: string): Promise<Source> {
  return zipSource(memoryFile(name, readFileSync(join(fixtures, `${name}.zip`))));
}

/** Paths with lengths of what was read, and what was found. */
async function look(source: Source): Promise<unknown[]> {
  const seen: unknown[] = [];
  const findings: Finding[] = [];
  for await (const file of source.files((finding) => findings.push(finding))) {
    const pieces = [];
    for await (const piece of file.open()) pieces.push(piece);
    const text = bytesToText(concatBytes(...pieces));
    seen.push([file.path, text.length > 20 ? text.length : text]);
  }
  return [...seen, ...findings.map(({ code, where }) => (where === undefined ? code : `${code} ${where}`))];
}

test("a folder that was packed is that folder, without its links", async () => {
  const source = await open("info-zip");
  expect(await look(source)).toEqual([
    ["numbers.txt", 23893],
    ["photos/图片.jpg", "x"],
    ["result.json", '{"a":1}'],
    "format.link export/link",
  ]);
  expect(await source.folders()).toEqual(["empty", "photos"]);
  const empty: string[] = [];
  for await (const path of source.emptyFolders!()) empty.push(path);
  expect(empty).toEqual(["empty"]);
});

test("files of other programs are read", async () => {
  expect(await look(await open("streamed"))).toEqual([["-", "hello hello hello hello".length]]);
  const python = [
    ["b.txt", "b"],
    ["聊天/消息.txt", 2000],
  ];
  expect(await look(await open("python"))).toEqual(python);
  expect(await look(await open("after-a-program"))).toEqual(python);
  expect(await look(await open("python-large"))).toEqual([["large.txt", "large"]]);
  expect(await look(await open("gbk"))).toEqual([
    ["张三.txt", "你好"],
    ["李四.txt", "再见"],
  ]);
});

test("what is packed in other ways is passed over, and a file of which all is encrypted says so", async () => {
  expect(await look(await open("methods"))).toEqual([
    ["plain.txt", "plain"],
    "zip.unknown-method bzip2.txt",
    "zip.unknown-method lzma.txt",
  ]);
  await expect(open("encrypted")).rejects.toMatchObject({ code: "format.zip-protected" });
});

test.skipIf(!hasPython())("a zip of thousands of files on a disk is read as Python reads it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "many.zip");
  const script = `
import zipfile, random, sys
r = random.Random(1)
with zipfile.ZipFile(sys.argv[1], "w") as z:
    for i in range(2000):
        z.writestr(f"{r.randrange(9)}/{i}.txt", str(i) * r.randrange(2000), r.choice([0, 8]))
`;
  execFileSync("python3", ["-c", script, path]);
  const zip = await (await folderSource(path)).file("many.zip");
  let count = 0;
  for await (const file of (await zipSource(zip!)).files()) {
    const pieces = [];
    for await (const piece of file.open()) pieces.push(piece);
    const number = /(\d+)\.txt$/.exec(file.path)![1]!;
    expect(bytesToText(concatBytes(...pieces)).replaceAll(number, "")).toBe("");
    count++;
  }
  expect(count).toBe(2000);
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length - 100));
  const cut = await (await folderSource(path)).file("many.zip");
  await expect(zipSource(cut!)).rejects.toMatchObject({ code: "format.zip-damaged" });
});

function hasPython(): boolean {
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
