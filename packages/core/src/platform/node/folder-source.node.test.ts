import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sourceConformance, targetConformance } from "../../../testing/sources/conformance.ts";
import { textToBytes, type Finding } from "../../base/index.ts";
import { folderSource } from "./folder-source.ts";
import { folderTarget } from "./folder-target.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "keepsake-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

sourceConformance("a folder", async (files) => {
  const root = folder();
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  return folderSource(root);
});
targetConformance("a folder", async () => {
  const root = folder();
  return { target: await folderTarget(root), source: () => folderSource(root) };
});

test("files come in order of path, links and what is no file are passed over", async () => {
  const root = folder();
  mkdirSync(join(root, "a"));
  for (const path of ["a/c", "a.x", "b"]) writeFileSync(join(root, path), path);
  symlinkSync("/etc/passwd", join(root, "link"));
  symlinkSync(root, join(root, "loop"));
  const source = await folderSource(root);
  const [paths, findings]: [string[], Finding[]] = [[], []];
  for await (const file of source.files((finding) => findings.push(finding))) paths.push(file.path);
  expect(paths).toEqual(["a.x", "a/c", "b"]);
  expect(await source.folders()).toEqual(["a"]);
  expect(findings.map(({ code }) => code)).toEqual(["format.link", "format.link"]);
});

/** A name as an older system wrote it, in another character set: nobody can ask for it by its text. */
const foreign = Buffer.from([0xc4, 0xe3]);

test.skipIf(process.platform !== "linux")(
  "what cannot be looked at is named, and a folder of it is refused where nobody listens",
  async () => {
    const root = folder();
    writeFileSync(join(root, "a"), "a");
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), foreign]), "x");
    const source = await folderSource(root);
    const look = async (): Promise<unknown[]> => {
      const seen: unknown[] = [];
      for await (const { path } of source.files((finding) => seen.push(finding))) seen.push(path);
      return seen;
    };
    const unreadable = { code: "format.unreadable", severity: "warning", where: "\ufffd\ufffd" };
    expect(await look()).toEqual(["a", unreadable]);
    rmSync(Buffer.concat([Buffer.from(`${root}/`), foreign]));
    mkdirSync(Buffer.concat([Buffer.from(`${root}/`), foreign]));
    const afresh = source.afresh!();
    const seen: unknown[] = [];
    for await (const { path } of afresh.files((finding) => seen.push(finding))) seen.push(path);
    expect(seen).toEqual(["a", unreadable]);
    const unheard = async (): Promise<void> => {
      for await (const _ of afresh.files());
    };
    await expect(unheard()).rejects.toMatchObject({ code: "format.unreadable" });
  },
);

test("a source is the folder at one moment: looked through again, it is what it was", async () => {
  const root = folder();
  writeFileSync(join(root, "b"), "b");
  symlinkSync("/etc/passwd", join(root, "link"));
  const source = await folderSource(root);
  const look = async (): Promise<string[]> => {
    const seen: string[] = [];
    for await (const { path } of source.files(({ code }) => seen.push(code))) seen.push(path);
    return seen;
  };
  for await (const { path } of source.files()) expect(path).toBe("b");
  writeFileSync(join(root, "a"), "a");
  expect(await look()).toEqual(["b", "format.link"]);
});

test("a look that was not finished is not kept", async () => {
  const root = folder();
  for (const path of ["b", "c"]) writeFileSync(join(root, path), path);
  const source = await folderSource(root);
  for await (const _ of source.files()) break;
  writeFileSync(join(root, "a"), "a");
  const paths: string[] = [];
  for await (const { path } of source.files()) paths.push(path);
  expect(paths).toEqual(["a", "b", "c"]);
});

test("nothing outside is read: not through a path, a link or a linked folder", async () => {
  const [root, other] = [folder(), folder()];
  writeFileSync(join(other, "secret"), "x");
  symlinkSync(other, join(root, "linked"));
  symlinkSync(join(other, "secret"), join(root, "link"));
  const source = await folderSource(root);
  for (const path of ["linked/secret", "link", "../secret", join(other, "secret"), "."])
    expect(await source.file(path)).toBeUndefined();
});

test("a range is what was asked for, and a single file has no neighbours", async () => {
  const root = folder();
  writeFileSync(join(root, "a"), "0123456789");
  writeFileSync(join(root, "b"), "");
  const source = await folderSource(join(root, "a"));
  const file = (await source.file("a"))!;
  let text = "";
  for await (const piece of file.open({ start: 2, end: 5 })) text += new TextDecoder().decode(piece);
  expect(text).toBe("234");
  expect(await source.file("b")).toBeUndefined();
  await expect(folderSource(join(root, "none"))).rejects.toMatchObject({ code: "format.unreadable" });
});

test("nothing is written outside of a target, through a link, or over what is there", async () => {
  const [root, other] = [folder(), folder()];
  symlinkSync(other, join(root, "linked"));
  symlinkSync(join(other, "new"), join(root, "link"));
  const target = await folderTarget(root);
  for (const path of ["../a", "linked/a", "/a", "a/../../b", "C:\\a"])
    await expect(target.create(path)).rejects.toMatchObject({ code: "format.unsafe-path" });
  await expect(target.create("link")).rejects.toMatchObject({ code: "format.target-exists" });
  const file = await target.create("x/y");
  await file.write(textToBytes("1"));
  await file.write(textToBytes("2"));
  await file.close();
  expect(readFileSync(join(root, "x/y"), "utf8")).toBe("12");
  await expect(target.create("x/y")).rejects.toMatchObject({ code: "format.target-exists" });
});

test("a file that is not closed is taken away", async () => {
  const target = await folderTarget(join(folder(), "new"));
  {
    await using file = await target.create("a");
    await file.write(textToBytes("1"));
  }
  expect(await target.has("a")).toBe(false);
});
