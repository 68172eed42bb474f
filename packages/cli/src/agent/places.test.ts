import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { existingPlaces, knownPlaces, type Machine } from "./places.ts";

const windows: Machine = {
  platform: "win32",
  home: String.raw`C:\Users\li`,
  env: { APPDATA: String.raw`C:\Users\li\AppData\Roaming`, OneDrive: String.raw`C:\Users\li\OneDrive` },
};
const mac: Machine = { platform: "darwin", home: "/Users/li", env: {} };

test("Apple's and WeChat's own backups have places on Windows and on a Mac, and none on Linux", () => {
  const text = (machine: Machine, slash: string): string[] =>
    knownPlaces(machine).map(({ format, parts }) => `${format} ${parts.join(slash)}`);
  expect(text(windows, "\\")).toEqual([
    String.raw`wechat-ios C:\Users\li\AppData\Roaming\Apple Computer\MobileSync\Backup`,
    String.raw`wechat-ios C:\Users\li\Apple\MobileSync\Backup`,
    String.raw`wechat-official C:\Users\li\Documents\xwechat_files\Backup`,
    String.raw`wechat-official C:\Users\li\Documents\WeChat Files\*\BackupFiles`,
    String.raw`wechat-official C:\Users\li\OneDrive\Documents\xwechat_files\Backup`,
    String.raw`wechat-official C:\Users\li\OneDrive\Documents\WeChat Files\*\BackupFiles`,
  ]);
  expect(text(mac, "/")).toEqual([
    "wechat-ios /Users/li/Library/Application Support/MobileSync/Backup",
    "wechat-official /Users/li/Library/Containers/com.tencent.xinWeChat/Data/Documents/xwechat_files/Backup",
    "wechat-official /Users/li/Library/Containers/com.tencent.xinWeChat/Data/Library/Application Support/com.tencent.xinWeChat/*/Backup",
  ]);
  expect(knownPlaces({ platform: "linux", home: "/home/li", env: {} })).toEqual([]);
});

test("only those that are there are offered, each under a name of its own", async () => {
  const home = await mkdtemp(join(tmpdir(), "keepsake-places-"));
  try {
    expect(await existingPlaces({ ...mac, home })).toEqual([]);
    const older = join(
      home,
      "Library/Containers/com.tencent.xinWeChat/Data/Library/Application Support/com.tencent.xinWeChat",
    );
    await mkdir(join(home, "Library/Application Support/MobileSync/Backup"), { recursive: true });
    await mkdir(join(older, "2.0b4.0.9/Backup"), { recursive: true });
    await mkdir(join(older, "3.0/Backup"), { recursive: true });
    await mkdir(join(older, "3.1/Other"), { recursive: true });
    const found = await existingPlaces({ ...mac, home });
    expect(found.map(({ name, path }) => [name, path.slice(home.length + 1)])).toEqual([
      ["iPhone", "Library/Application Support/MobileSync/Backup"],
      ["WeChat", join(older, "2.0b4.0.9/Backup").slice(home.length + 1)],
      ["WeChat 2", join(older, "3.0/Backup").slice(home.length + 1)],
    ]);
  } finally {
    await rm(home, { recursive: true });
  }
});
