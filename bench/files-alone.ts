import { spawn } from "node:child_process";
import { open, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { measure } from "./measure.ts";
import type { Tool } from "./tools.ts";

/**
 * Seconds in which attachments are restored: where the tool knows text, from when all of that is there until all of
 * them are; else a restore of all but `others`, the files that hold the text.
 */
export async function filesAlone(tool: Tool, target: string, others: readonly string[]): Promise<number> {
  if (tool.restoreText !== undefined) return stageSeconds(tool.restoreText(target), tool.env, "attachments");
  const { wallS } = await measure(tool.restoreAllBut!(target, others), tool.env);
  return wallS;
}

/** How long a stage takes of a command of ours that tells its events. */
async function stageSeconds(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  wanted: string,
): Promise<number> {
  const child = spawn(command[0]!, command.slice(1), {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on("error", reject).on("close", resolve),
  );
  let [start, end] = [Number.NaN, Number.NaN];
  for await (const line of createInterface({ input: child.stdout })) {
    const { type, stage } = JSON.parse(line) as { readonly type: string; readonly stage?: string };
    if (type !== "stage") continue;
    if (stage === wanted) start = performance.now();
    else if (Number.isNaN(end)) end = performance.now() - start;
  }
  if ((await ended) !== 0) throw new TypeError("the restore failed");
  return end / 1000;
}

/** The databases among the files of a folder, by their paths in it. */
export async function databasesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await isDatabase(path))) found.push(relative(folder, path));
  }
  return found;
}

async function isDatabase(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(15), 0, 15, 0);
  return buffer.toString("latin1") === "SQLite format 3";
}
