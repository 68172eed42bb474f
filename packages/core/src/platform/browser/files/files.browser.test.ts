import { expect, onTestFinished, test } from "vitest";
import {
  sourceConformance,
  targetConformance,
  type Contents,
} from "../../../../testing/sources/conformance.ts";
import { textToBytes, type Finding } from "../../../base/index.ts";
import { filesSource, type PickedFile } from "./files-source.ts";
import { handleSource } from "./handle-source.ts";
import { handleTarget } from "./handle-target.ts";

let made = 0;

/** A folder of the page's own, on the disk. */
async function newFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const name = `test-${Date.now()}-${made++}`;
  onTestFinished(() => root.removeEntry(name, { recursive: true }));
  return root.getDirectoryHandle(name, { create: true });
}

async function fill(root: FileSystemDirectoryHandle, files: Contents): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    const parts = path.split("/");
    let folder = root;
    for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
    const writable = await (await folder.getFileHandle(parts.at(-1)!, { create: true })).createWritable();
    await writable.write(bytes);
    await writable.close();
  }
}

function picked(files: Contents, top = ""): PickedFile[] {
  return Object.entries(files).map(([path, bytes]) => ({ path: top + path, file: new File([bytes], "x") }));
}

sourceConformance("a folder's handle", async (files) => {
  const folder = await newFolder();
  await fill(folder, files);
  return handleSource(folder);
});
sourceConformance("files that were picked", (files) => Promise.resolve(filesSource(picked(files))));
sourceConformance("files of a folder that was picked", (files) =>
  Promise.resolve(filesSource(picked(files, "chosen/").toReversed())),
);
targetConformance("a folder's handle", async () => {
  const folder = await newFolder();
  return { target: handleTarget(folder), source: () => Promise.resolve(handleSource(folder)) };
});

async function look(source: ReturnType<typeof handleSource>): Promise<string[]> {
  const [paths, findings]: [string[], Finding[]] = [[], []];
  for await (const { path } of source.files((finding) => findings.push(finding))) paths.push(path);
  return [...paths, ...findings.map(({ code, where }) => (where === undefined ? code : `${code} ${where}`))];
}

test("a folder is what it was when it was first looked through, and afresh what it is", async () => {
  const folder = await newFolder();
  await fill(folder, { b: textToBytes("b"), "c/d": textToBytes("d") });
  await folder.getDirectoryHandle("empty", { create: true });
  const source = handleSource(folder);
  expect(await look(source)).toEqual(["b", "c/d"]);
  await fill(folder, { a: textToBytes("a") });
  expect(await look(source)).toEqual(["b", "c/d"]);
  expect(await look(source.afresh!())).toEqual(["a", "b", "c/d"]);
  for await (const path of source.emptyFolders!()) expect(path).toBe("empty");
});

test("a look that was not finished is not kept", async () => {
  const folder = await newFolder();
  await fill(folder, { b: textToBytes("b"), c: textToBytes("c") });
  const source = handleSource(folder);
  for await (const _ of source.files()) break;
  await fill(folder, { a: textToBytes("a") });
  expect(await look(source)).toEqual(["a", "b", "c"]);
});

test("a file that has changed since it was looked at cannot be read, and says so", async () => {
  const folder = await newFolder();
  await fill(folder, { a: textToBytes("before") });
  const file = (await handleSource(folder).file("a"))!;
  expect(file.modifiedMs).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await fill(folder, { a: textToBytes("after it") });
  const reading = (async () => {
    for await (const _ of file.open());
  })();
  await expect(reading).rejects.toMatchObject({ code: "format.unreadable" });
});

test("a folder that is gone is refused", async () => {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle("gone", { create: true });
  await root.removeEntry("gone");
  const source = handleSource(folder);
  await expect(look(source)).rejects.toMatchObject({ code: "format.unreadable" });
  await expect(source.folders()).rejects.toMatchObject({ code: "format.unreadable" });
});

test("picked files that lead out, or have the path of another, are passed over", async () => {
  const files = picked({ a: textToBytes("a"), "../b": textToBytes("b"), "/c": textToBytes("c") });
  const source = filesSource([...files, ...picked({ a: textToBytes("again") })]);
  expect(await look(source)).toEqual(["a", "format.no-file", "format.no-file", "format.no-file"]);
  expect(await look(filesSource([]))).toEqual([]);
});

test("a file in the place of a folder is not written through, nor a folder over", async () => {
  const folder = await newFolder();
  await fill(folder, { file: textToBytes("x"), "folder/a": textToBytes("x") });
  const target = handleTarget(folder);
  await expect(target.create("file/a")).rejects.toMatchObject({ code: "format.target-exists" });
  await expect(target.create("folder")).rejects.toMatchObject({ code: "format.target-exists" });
  expect(await target.has("folder")).toBe(true);
  await (await target.create("new/file")).close();
});
