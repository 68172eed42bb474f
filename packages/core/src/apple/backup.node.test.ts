import { createHash } from "node:crypto";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeBackup, type MadeBackupOptions, type PhoneFile } from "../../testing/apple/backup.ts";
import { bytesToText, concatBytes, KeepsakeError, textToBytes, type Bytes } from "../base/index.ts";
import type { SourceFile } from "../model/index.ts";
import { folderSource, nodeCiphers, nodeSqlite } from "../platform/node/index.ts";
import { findBackups, openBackup, type AppleBackup } from "./index.ts";

const OWN = "AppDomain-com.tencent.xin";
const OTHER = "AppDomain-com.example.bank";
const password = "备份密码 1";
const protection = { password, rounds: 20, firstRounds: 30 };

const files: PhoneFile[] = [
  { domain: OWN, path: "Documents/a.txt", content: textToBytes("你好"), modifiedMs: 1_600_000_000_000 },
  { domain: OWN, path: "Documents/Img/x/1.pic", content: textToBytes("one") },
  { domain: OWN, path: "Documents/Img/x/2.pic", content: new Uint8Array(100_000).fill(7) },
  { domain: OWN, path: "Documents/Img/xy/3.pic", content: textToBytes("other chat") },
  { domain: OWN, path: "Documents/empty", content: new Uint8Array(0) },
  { domain: OTHER, path: "Documents/Img/x/9.pic", content: textToBytes("a bank's") },
];

const kinds: readonly (readonly [string, MadeBackupOptions])[] = [
  ["plain", {}],
  ["protected", { protection }],
  ["protected as before iOS 10.2", { protection: { password, rounds: 20 } }],
  ["plain as before iOS 10", { isOld: true }],
  ["protected as before iOS 10", { isOld: true, protection }],
];

describe.each(kinds)("a %s backup", (_, options) => {
  test("gives the files of the domains that were asked for, as they were on the phone, and no others", async () => {
    const folder = newFolder();
    makeBackup(folder, files, options);
    const before = shapeOf(folder);
    const opened: string[] = [];
    await using backup = await open(folder, { onOpen: (path) => opened.push(path) });
    expect(await text(backup.file(OWN, "Documents/a.txt"))).toBe("你好");
    const empty = await backup.file(OWN, "Documents/empty");
    expect([empty?.sizeBytes, await bytesOf(empty!)]).toEqual([0, new Uint8Array(0)]);
    expect(await backup.file(OWN, "Documents/none")).toBeUndefined();
    const found = new Map<string, Bytes>();
    for await (const file of backup.within(OWN, "Documents/Img/x/"))
      found.set(file.path, await bytesOf((await file.open())!));
    expect([...found].sort(([a], [b]) => (a < b ? -1 : 1))).toEqual(
      files.slice(1, 3).map(({ path, content }) => [path, content]),
    );
    await expect(backup.file(OTHER, "Documents/Img/x/9.pic")).rejects.toThrow(KeepsakeError);
    expect(shapeOf(folder)).toEqual(before);
    const bank = createHash("sha1").update(`${OTHER}-Documents/Img/x/9.pic`).digest("hex");
    expect(opened.some((path) => path.endsWith(bank))).toBe(false);
  });

  test("says what it is before anything in it is opened", async () => {
    const folder = newFolder();
    makeBackup(folder, files, options);
    const [info, ...others] = await findBackups(await folderSource(folder));
    expect(others).toEqual([]);
    expect(info).toMatchObject({
      folder: "",
      isProtected: options.protection !== undefined,
      isFinished: true,
      deviceName: "小明的 iPhone",
      productType: "iPhone15,4",
      systemVersion: "26.1",
      takenAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    });
    expect(info?.apps.has("com.tencent.xin")).toBe(true);
  });
});

describe("a protected backup", () => {
  test("asks for its password, and says so when none or another is given", async () => {
    const folder = newFolder();
    makeBackup(folder, files, { protection });
    await expect(open(folder, { typed: undefined })).rejects.toMatchObject({
      code: "format.password-needed",
    });
    await expect(open(folder, { typed: "1234" })).rejects.toMatchObject({ code: "format.wrong-password" });
  });

  test("whose file cannot be opened goes on without it", async () => {
    const folder = newFolder();
    makeBackup(folder, files, { protection });
    const payload = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      /[0-9a-f]{40}$/.test(name),
    );
    for (const name of payload) rmSync(join(folder, name));
    await using backup = await open(folder);
    expect(await backup.file(OWN, "Documents/a.txt")).toBeUndefined();
  });
});

test("several backups lie side by side, one of them broken, one not finished", async () => {
  const root = newFolder();
  for (const name of ["00008120-a", "00008120-b", "00008120-c"])
    makeBackup(join(root, name), files, name.endsWith("b") ? { snapshotState: "new" } : {});
  writeFileSync(join(root, "00008120-c", "Manifest.plist"), "bplist00 broken");
  const broken: string[] = [];
  const found = await findBackups(await folderSource(root), (folder, { code }) =>
    broken.push(`${folder} ${code}`),
  );
  expect(found.map(({ folder, isFinished }) => [folder, isFinished])).toEqual([
    ["00008120-a/", true],
    ["00008120-b/", false],
  ]);
  expect(broken).toEqual(["00008120-c/ format.damaged"]);
});

test("a manifest that is cut short, no database or gone is refused with a code of ours", async () => {
  for (const spoil of [
    (path: string) => truncateSync(path, 3000),
    (path: string) => writeFileSync(path, "no database at all ".repeat(500)),
    (path: string) => rmSync(path),
  ]) {
    const folder = newFolder();
    makeBackup(folder, files);
    spoil(join(folder, "Manifest.db"));
    const read = async (): Promise<void> => {
      await using backup = await open(folder);
      await backup.file(OWN, "Documents/a.txt");
    };
    await expect(read()).rejects.toThrow(KeepsakeError);
  }
});

async function open(
  folder: string,
  options: { typed?: string | undefined; onOpen?: (path: string) => void } = {},
): Promise<AppleBackup> {
  const { onOpen } = options;
  const typed = "typed" in options ? options.typed : password;
  const source = await folderSource(folder);
  const watched = {
    folders: () => source.folders(),
    file: (path: string) => {
      onOpen?.(path);
      return source.file(path);
    },
  };
  const [info] = await findBackups(source);
  return openBackup(watched, info!, {
    domains: [OWN],
    sqlite: nodeSqlite,
    ciphers: nodeCiphers,
    password: () => Promise.resolve(typed),
  });
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-apple-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Every file with its length and content, for seeing that nothing was changed. */
function shapeOf(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return names.map((name) => {
    const about = statSync(join(folder, name));
    return about.isFile()
      ? `${name} ${about.mtimeMs} ${Buffer.from(readFileSync(join(folder, name))).toString("base64")}`
      : name;
  });
}

async function text(file: Promise<SourceFile | undefined>): Promise<string> {
  return bytesToText(await bytesOf((await file)!));
}

async function bytesOf(file: SourceFile): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of file.open()) pieces.push(piece);
  return concatBytes(...pieces);
}
