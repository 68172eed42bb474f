import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vite";
import { compressBeside } from "./compress.ts";
import { HASHES, hashFolder, type WebHashes } from "./hashes.ts";

const root = join(import.meta.dirname, "../..");

/** Its name stays the same: by it a browser finds the next version. */
const OFFLINE = "offline.js";

/** Builds the web app into an empty folder: its files, their hashes, and compressed copies of all of them. */
export async function buildWeb(folder: string, cache: string): Promise<WebHashes> {
  await build({
    root: join(root, "packages/web"),
    mode: "production",
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true },
  });
  await buildOffline(folder);
  const hashes = await hashFolder(folder);
  await writeFile(join(folder, HASHES), `${JSON.stringify(hashes, null, 2)}\n`);
  for (const path of [...Object.keys(hashes.files), HASHES]) await compressBeside(join(folder, path), cache);
  return hashes;
}

/** Larger files are kept in browsers when they are first used. */
const MOST_KEPT_BYTES = 1_000_000;

/** The script that keeps the app in the browser: it knows the hash of everything else. */
async function buildOffline(folder: string): Promise<void> {
  const { files } = await hashFolder(folder);
  const sizes = new Map<string, number>();
  for (const path of Object.keys(files)) sizes.set(path, (await stat(join(folder, path))).size);
  const later = Object.keys(files).filter((path) => sizes.get(path)! > MOST_KEPT_BYTES);
  await build({
    root: join(root, "packages/web"),
    configFile: false,
    mode: "production",
    logLevel: "error",
    define: { KEEPSAKE_FILES: JSON.stringify(files), KEEPSAKE_LATER: JSON.stringify(later) },
    build: {
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      target: "es2024",
      rolldownOptions: {
        input: join(root, "packages/web/src/offline/main.ts"),
        output: { format: "iife", entryFileNames: OFFLINE },
      },
    },
  });
}

/** The hashes that a build wrote down. */
export async function readHashes(folder: string): Promise<WebHashes> {
  return JSON.parse(await readFile(join(folder, HASHES), "utf8")) as WebHashes;
}
