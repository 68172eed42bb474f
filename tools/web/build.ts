import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vite";
import { compressBeside } from "./compress.ts";
import { HASHES, hashFolder, type WebHashes } from "./hashes.ts";

const root = join(import.meta.dirname, "../..");

/** Builds the web app into an empty folder: its files, their hashes, and compressed copies of all of them. */
export async function buildWeb(folder: string, cache: string): Promise<WebHashes> {
  await build({
    root: join(root, "packages/web"),
    mode: "production",
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true },
  });
  const hashes = await hashFolder(folder);
  await writeFile(join(folder, HASHES), `${JSON.stringify(hashes, null, 2)}\n`);
  for (const path of [...Object.keys(hashes.files), HASHES]) await compressBeside(join(folder, path), cache);
  return hashes;
}

/** The hashes that a build wrote down. */
export async function readHashes(folder: string): Promise<WebHashes> {
  return JSON.parse(await readFile(join(folder, HASHES), "utf8")) as WebHashes;
}
