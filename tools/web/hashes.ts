import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** What a build of the web app consists of: `hashes.json` beside its files. */
export interface WebHashes {
  /** SHA-256 over the lines `hash  path` of all files, as `sha256sum` prints them, in the order of their paths. */
  readonly whole: string;
  /** The SHA-256 of each file, by its path in the folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** The name of the list itself, which is not in it. */
export const HASHES = "hashes.json";

/** The hashes of all files in a folder. */
export async function hashFolder(folder: string): Promise<WebHashes> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join("/"))
    .toSorted((a, b) => (a < b ? -1 : 1));
  const files: Record<string, string> = {};
  for (const path of paths) files[path] = sha256(await readFile(join(folder, path)));
  const lines = paths.map((path) => `${files[path]}  ${path}\n`);
  return { whole: sha256(lines.join("")), files };
}

/** In hex. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
