import { concatBytes, KeepsakeError, type Bytes } from "../base/index.ts";
import type { SourceFile } from "../model/index.ts";
import { isBinaryPlist, readBinaryPlist } from "./binary-plist.ts";
import { isDate, isDictionary, isList, plistLimits, type Plist, type PlistDictionary } from "./plist.ts";
import { readXmlPlist } from "./xml-plist.ts";

/** A folder as far as backups go: files by path, and the names of the folders right below it. */
export interface BackupFolder {
  file(path: string): Promise<SourceFile | undefined>;
  folders(): Promise<readonly string[]>;
}

/** What a backup says of itself before anything in it is opened. */
export interface BackupInfo {
  /** Its folder, with a slash at the end; empty for the folder that was given. */
  readonly folder: string;
  readonly isProtected: boolean;
  /** False while it is being made, and for one that was broken off. */
  readonly isFinished: boolean;
  /** The bundle ids of the apps that have something in it. */
  readonly apps: ReadonlySet<string>;
  readonly deviceName?: string | undefined;
  /** Such as `iPhone15,4`. */
  readonly productType?: string | undefined;
  readonly systemVersion?: string | undefined;
  /** Milliseconds UTC. */
  readonly takenAtMs?: number | undefined;
}

/**
 * The Apple backups in a folder: the folder itself, or those right below it, as on a computer that backs up several
 * phones. One whose lists are broken is passed to `broken`, and the others are found.
 */
export async function findBackups(
  files: BackupFolder,
  broken: (folder: string, error: KeepsakeError) => void = () => undefined,
): Promise<BackupInfo[]> {
  const isBackup = async (folder: string): Promise<boolean> =>
    (await files.file(`${folder}Manifest.plist`)) !== undefined;
  const below = (await isBackup("")) ? [""] : (await files.folders()).map((name) => `${name}/`);
  const found: BackupInfo[] = [];
  for (const folder of below) {
    if (!(await isBackup(folder))) continue;
    try {
      found.push(await readInfo(files, folder));
    } catch (error) {
      if (!KeepsakeError.is(error)) throw error;
      broken(folder, error);
    }
  }
  return found;
}

async function readInfo(files: BackupFolder, folder: string): Promise<BackupInfo> {
  const manifest = await readManifestPlist(files, folder);
  const info = (await dictionaryIn(files, `${folder}Info.plist`)) ?? new Map<string, Plist>();
  const status = await dictionaryIn(files, `${folder}Status.plist`);
  const state = status?.get("SnapshotState");
  const lockdown = manifest.get("Lockdown");
  const about = (key: string, ofDevice: string): string | undefined =>
    textIn(info, key) ?? (isDictionary(lockdown) ? textIn(lockdown, ofDevice) : undefined);
  const date = [info.get("Last Backup Date"), manifest.get("Date")].find(isDate);
  return {
    folder,
    isProtected: manifest.get("IsEncrypted") === true,
    isFinished: state === undefined || state === "finished",
    apps: appsOf(manifest, info),
    deviceName: about("Device Name", "DeviceName"),
    productType: about("Product Type", "ProductType"),
    systemVersion: about("Product Version", "ProductVersion"),
    takenAtMs: date?.dateMs,
  };
}

/** What stands in `Manifest.plist`. Throws `format.damaged`. */
export async function readManifestPlist(files: BackupFolder, folder: string): Promise<PlistDictionary> {
  const manifest = await dictionaryIn(files, `${folder}Manifest.plist`);
  if (manifest === undefined)
    throw new KeepsakeError("format.damaged", { details: { what: "manifest-plist" } });
  return manifest;
}

function appsOf(manifest: PlistDictionary, info: PlistDictionary): ReadonlySet<string> {
  const [applications, installed] = [manifest.get("Applications"), info.get("Installed Applications")];
  const names = isDictionary(applications) ? [...applications.keys()] : [];
  const more = isList(installed) ? installed.filter((name) => typeof name === "string") : [];
  return new Set([...names, ...more]);
}

function textIn(dictionary: PlistDictionary, key: string): string | undefined {
  const value = dictionary.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

async function dictionaryIn(files: BackupFolder, path: string): Promise<PlistDictionary | undefined> {
  const file = await files.file(path);
  if (file === undefined) return undefined;
  const bytes = await wholeFile(file, plistLimits.bytes);
  const value = isBinaryPlist(bytes) ? readBinaryPlist(bytes) : readXmlPlist(bytes);
  return isDictionary(value) ? value : undefined;
}

/** A file in memory; throws `base.limit` for a longer one. */
export async function wholeFile(file: SourceFile, limitBytes: number): Promise<Bytes> {
  if (file.sizeBytes > limitBytes) throw new KeepsakeError("base.limit", { details: { limit: limitBytes } });
  const pieces: Bytes[] = [];
  for await (const piece of file.open({ start: 0, end: limitBytes })) pieces.push(piece);
  return concatBytes(...pieces);
}
