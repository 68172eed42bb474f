import { globSync, statSync, utimesSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { buildCli } from "./build.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "packages/cli/dist");
const MAIN = "main.js";

/** The program as it was built: it runs where nothing of its sources is newer. */
export const builtCli: string = join(folder, MAIN);

/** All that it is made of; the launcher, `keepsake`, looks at the same, but for how it is built. */
const sources = ["packages/{core,cli}/**/*.{ts,json}", "tools/cli/*.ts", "package-lock.json"];

/** What is running may still load files of the build that it began with. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** Whether it is there, and nothing of its sources is newer. */
export function isBuilt(): boolean {
  const built = statSync(builtCli, { throwIfNoEntry: false });
  if (built === undefined) return false;
  const options = { cwd: root, exclude: ["**/node_modules", "**/dist"] };
  return globSync(sources, options).every((path) => statSync(join(root, path)).mtimeMs <= built.mtimeMs);
}

/** Builds it beside what there is, which goes on. Names of files tell their content, but for that of the first. */
export async function rebuild(): Promise<void> {
  const began = Date.now();
  await mkdir(folder, { recursive: true });
  const beside = await mkdtemp(join(folder, "new-"));
  try {
    await buildCli(beside);
    // What is written to meanwhile is newer.
    utimesSync(join(beside, MAIN), began / 1000, began / 1000);
    const names = await readdir(beside);
    for (const name of [...names.filter((each) => each !== MAIN), MAIN])
      await rename(join(beside, name), join(folder, name));
    await removeOld(new Set(names), began - KEPT_MS);
  } finally {
    await rm(beside, { recursive: true });
  }
}

async function removeOld(names: ReadonlySet<string>, untilMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!names.has(name) && (await stat(path)).mtimeMs < untilMs)
      await rm(path, { recursive: true, force: true });
  }
}
