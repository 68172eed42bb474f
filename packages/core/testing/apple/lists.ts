import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bytes } from "../../src/base/index.ts";
import type { Plist } from "../../src/apple/plist.ts";
import { writeBinaryPlist, writeXmlPlist } from "./plist.ts";

interface ListOptions {
  readonly isOld?: boolean;
  readonly apps?: readonly string[];
  readonly snapshotState?: string;
  readonly takenMs: number;
  readonly keybag: Bytes | undefined;
  readonly manifestKey: Bytes | undefined;
}

/** `Manifest.plist`, `Info.plist` and `Status.plist` of an invented phone. */
export function writeLists(folder: string, options: ListOptions): void {
  const { apps = ["com.tencent.xin"], isOld = false, snapshotState = "finished", takenMs } = options;
  const { keybag, manifestKey } = options;
  const application = (name: string): readonly [string, Plist] => [
    name,
    new Map<string, Plist>([["CFBundleIdentifier", name]]),
  ];
  const manifest = new Map<string, Plist>([
    ["Version", isOld ? "9.1" : "10.0"],
    ["Date", { dateMs: takenMs }],
    ["IsEncrypted", keybag !== undefined],
    ["WasPasscodeSet", true],
    [
      "Lockdown",
      new Map<string, Plist>([
        ["DeviceName", "小明的 iPhone"],
        ["ProductVersion", "26.1"],
      ]),
    ],
    ["Applications", new Map<string, Plist>(apps.map(application))],
    ...(keybag === undefined ? [] : [["BackupKeyBag", keybag] as const]),
    ...(manifestKey === undefined || isOld ? [] : [["ManifestKey", manifestKey] as const]),
  ]);
  const info = new Map<string, Plist>([
    ["Device Name", "小明的 iPhone"],
    ["Product Type", "iPhone15,4"],
    ["Product Version", "26.1"],
    ["Last Backup Date", { dateMs: takenMs }],
    ["Installed Applications", [...apps]],
  ]);
  const status = new Map<string, Plist>([
    ["SnapshotState", snapshotState],
    ["IsFullBackup", false],
  ]);
  replace(join(folder, "Manifest.plist"), writeBinaryPlist(manifest));
  replace(join(folder, "Info.plist"), writeXmlPlist(info));
  replace(join(folder, "Status.plist"), writeBinaryPlist(status));
}

/** A hard link to what was there keeps it. */
function replace(path: string, content: Bytes): void {
  rmSync(path, { force: true });
  writeFileSync(path, content);
}
