import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { stampOf } from "./stamp.ts";

/** What a phone's backup is known by, and what every backup writes anew. */
const known = ["Manifest.db", "Manifest.mbdb"];
const telling = [...known, "Manifest.plist", "Info.plist", "Status.plist"];
const MOST_BACKUPS = 256;

/**
 * The stamps of an Apple backup, or of a folder that holds nothing but such: a few files tell of hundreds of
 * thousands. Null where it is something else. Throws where the folder cannot be read.
 */
export async function appleStamps(folder: string): Promise<readonly string[] | null> {
  if (await isBackup(folder)) return stampsIn(folder);
  const entries = (await readdir(folder, { withFileTypes: true })).filter(
    ({ name }) => !name.startsWith("."),
  );
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (names.length === 0 || names.length < entries.length || names.length > MOST_BACKUPS) return null;
  const folders = names.sort().map((name) => join(folder, name));
  const are = await Promise.all(folders.map(isBackup));
  if (are.includes(false)) return null;
  return (await Promise.all(folders.map(stampsIn))).flat();
}

async function isBackup(folder: string): Promise<boolean> {
  const stamps = await Promise.all(known.map((name) => stampOf(join(folder, name))));
  return stamps.some((stamp) => stamp !== undefined);
}

async function stampsIn(folder: string): Promise<string[]> {
  const stamps = await Promise.all(telling.map((name) => stampOf(join(folder, name))));
  return stamps.map((stamp, i) => `${folder}/${telling[i]}\0${stamp ?? ""}`);
}
