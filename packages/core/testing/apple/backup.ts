import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Bytes } from "../../src/base/index.ts";
import type { Plist } from "../../src/apple/plist.ts";
import { makeKeybag, protectedBytes, type MadeKeybag, type Protection } from "./keybag.ts";
import { writeMbdb } from "./mbdb.ts";
import { writeBinaryPlist, writeKeyedArchive, writeXmlPlist } from "./plist.ts";

/** A file of an invented phone. */
export interface PhoneFile {
  readonly domain: string;
  readonly path: string;
  readonly content: Bytes;
  readonly modifiedMs?: number;
}

export interface MadeBackupOptions {
  readonly protection?: Protection;
  /** As before iOS 10: `Manifest.mbdb`, and all files in one folder. */
  readonly isOld?: boolean;
  readonly apps?: readonly string[];
  readonly snapshotState?: string;
}

const PROTECTION_CLASS = 3;
const FILE_MODE = 0o100644;
const TAKEN_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Writes a backup of an invented phone into a folder, as a computer would. */
export function makeBackup(
  folder: string,
  files: readonly PhoneFile[],
  options: MadeBackupOptions = {},
): void {
  const { protection, isOld = false } = options;
  mkdirSync(folder, { recursive: true });
  const keybag = protection === undefined ? undefined : makeKeybag(protection);
  const listed = files.map((file, i) => writeFile(folder, file, { keybag, key: keyOf(i), isOld }));
  if (isOld) writeFileSync(join(folder, "Manifest.mbdb"), writeMbdb(listed.map(({ record }) => record)));
  else writeManifest(folder, listed, keybag);
  writeLists(folder, keybag, options);
}

type Listed = ReturnType<typeof writeFile>;

function writeFile(
  folder: string,
  { domain, path, content, modifiedMs = TAKEN_MS }: PhoneFile,
  {
    keybag,
    key,
    isOld,
  }: { readonly keybag: MadeKeybag | undefined; readonly key: Bytes; readonly isOld: boolean },
) {
  const id = createHash("sha1").update(`${domain}-${path}`).digest("hex");
  const below = isOld ? folder : join(folder, id.slice(0, 2));
  mkdirSync(below, { recursive: true });
  writeFileSync(join(below, id), keybag === undefined ? content : protectedBytes(key, content));
  const encryptionKey = keybag?.wrap(PROTECTION_CLASS, key);
  const record = {
    domain,
    path,
    mode: FILE_MODE,
    modifiedMs,
    sizeBytes: content.length,
    protectionClass: PROTECTION_CLASS,
    encryptionKey,
  };
  return { id, record };
}

function writeManifest(folder: string, listed: readonly Listed[], keybag: MadeKeybag | undefined): void {
  const path = join(folder, "Manifest.db");
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA journal_mode = OFF;
    CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);
    CREATE INDEX FilesDomainIdx ON Files(domain);
    CREATE INDEX FilesRelativePathIdx ON Files(relativePath);
    CREATE INDEX FilesFlagsIdx ON Files(flags);
    CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB);
  `);
  const insert = database.prepare("INSERT INTO Files VALUES (?, ?, ?, ?, ?)");
  for (const { id, record } of listed) insert.run(id, record.domain, record.path, 1, archiveOf(record));
  for (const domain of new Set(listed.map(({ record }) => record.domain)))
    insert.run(createHash("sha1").update(`${domain}-`).digest("hex"), domain, "", 2, null);
  database.close();
  if (keybag === undefined) return;
  writeFileSync(path, protectedBytes(keyOf(-1), new Uint8Array(readFileSync(path)), "zeros"));
}

function archiveOf({
  path,
  mode,
  modifiedMs,
  sizeBytes,
  protectionClass,
  encryptionKey,
}: Listed["record"]): Bytes {
  const seconds = Math.floor(modifiedMs / 1000);
  return writeKeyedArchive(
    new Map<string, Plist>([
      ["LastModified", seconds],
      ["Flags", 0],
      ["GroupID", 501],
      ["UserID", 501],
      ["Mode", mode],
      ["Size", sizeBytes],
      ["Birth", seconds],
      ["LastStatusChange", seconds],
      ["InodeNumber", 12_345],
      ["ProtectionClass", protectionClass],
      ["RelativePath", path],
      ...(encryptionKey === undefined ? [] : [["EncryptionKey", encryptionKey] as const]),
    ]),
    "MBFile",
  );
}

function writeLists(folder: string, keybag: MadeKeybag | undefined, options: MadeBackupOptions): void {
  const { apps = ["com.tencent.xin"], isOld = false, snapshotState = "finished" } = options;
  const application = (name: string): readonly [string, Plist] => [
    name,
    new Map<string, Plist>([["CFBundleIdentifier", name]]),
  ];
  const manifest = new Map<string, Plist>([
    ["Version", isOld ? "9.1" : "10.0"],
    ["Date", { dateMs: TAKEN_MS }],
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
    ...(keybag === undefined ? [] : [["BackupKeyBag", keybag.bytes] as const]),
    ...(keybag === undefined || isOld ? [] : [["ManifestKey", keybag.wrap(4, keyOf(-1))] as const]),
  ]);
  const info = new Map<string, Plist>([
    ["Device Name", "小明的 iPhone"],
    ["Product Type", "iPhone15,4"],
    ["Product Version", "26.1"],
    ["Last Backup Date", { dateMs: TAKEN_MS }],
    ["Installed Applications", [...apps]],
  ]);
  const status = new Map<string, Plist>([
    ["SnapshotState", snapshotState],
    ["IsFullBackup", false],
  ]);
  writeFileSync(join(folder, "Manifest.plist"), writeBinaryPlist(manifest));
  writeFileSync(join(folder, "Info.plist"), writeXmlPlist(info));
  writeFileSync(join(folder, "Status.plist"), writeBinaryPlist(status));
}

/** A key for the n-th file that tests can make again; -1 for the manifest's. */
function keyOf(n: number): Bytes {
  return new Uint8Array(createHash("sha256").update(`key ${n}`).digest());
}
