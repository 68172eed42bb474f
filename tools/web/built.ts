import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256 } from "./hashes.ts";

const root = join(import.meta.dirname, "../..");

/** Where the build lies that servers of this clone serve. */
export const webFolder: string = join(root, "packages/web/dist");

/** Of which sources it was made; nobody is served this file, which stands in no list. */
const STAMP = "built-from.txt";

/** All that a build is made of. */
const sources = [
  "packages/web/{index.html,package.json,vite.config.ts,tsconfig.json}",
  "packages/web/{src,public}/**/*",
  "packages/core/package.json",
  "packages/core/{src,testing}/**/*.ts",
  "tools/web/*.ts",
  "package-lock.json",
];

/** Whether the folder holds a build of what the sources are now. */
export async function isBuilt(): Promise<boolean> {
  const stamp = await readFile(join(webFolder, STAMP), "utf8").catch(() => "");
  return stamp === (await stampOfSources());
}

/** The folder of a build that is true to the sources; made where there is none. */
export async function builtWeb(): Promise<string> {
  if (await isBuilt()) return webFolder;
  const stamp = await stampOfSources();
  const beside = join(root, "node_modules/.cache");
  await mkdir(beside, { recursive: true });
  const folder = await mkdtemp(join(beside, "web-"));
  try {
    await buildWebInto(join(folder, "new"));
    await writeFile(join(folder, "new", STAMP), stamp);
    await rename(webFolder, join(folder, "old")).catch(() => undefined);
    // Somebody else who built the same may have been quicker.
    await rename(join(folder, "new"), webFolder).catch(async (error: unknown) => {
      if (!(await isBuilt())) throw error;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
  return webFolder;
}

/** Builds in a process of its own, in which nothing that is set here has a say. */
export async function buildWebInto(folder: string): Promise<void> {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), "--into", folder], {
    cwd: root,
    env: { ...(PATH !== undefined && { PATH }) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
  if (code !== 0) throw new Error(`the web app cannot be built: ${Buffer.concat(said).toString().trim()}`);
}

async function stampOfSources(): Promise<string> {
  const paths = globSync(sources, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) =>
      dirname(path)
        .split(/[\\/]/)
        .every((name) => name !== "fixtures"),
    )
    .toSorted();
  const lines: string[] = [];
  for (const path of paths) lines.push(`${sha256(await readFile(path))}  ${path.slice(root.length)}\n`);
  return sha256(lines.join(""));
}
