import { spawn } from "node:child_process";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** One run of a whole process. */
export interface Measured {
  readonly wallS: number;
  /** Of the process and those it started; undefined where the system does not tell. */
  readonly cpuS: number | undefined;
  readonly peakMB: number | undefined;
}

/** Runs a command to its end, with GNU time around it where that is installed. Throws where it fails. */
export async function measure(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<Measured> {
  const timed = await hasTime();
  const full = timed ? ["/usr/bin/time", "-f", "\n%U %S %M", ...command] : [...command];
  const start = performance.now();
  const child = spawn(full[0]!, full.slice(1), {
    env: { ...process.env, ...env },
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
  const exit = await new Promise<number | null>((resolve, reject) =>
    child.on("error", reject).on("close", resolve),
  );
  const wallS = (performance.now() - start) / 1000;
  if (exit !== 0) throw new TypeError(`${command[0]} ended with ${exit}: ${said}`);
  if (!timed) return { wallS, cpuS: undefined, peakMB: undefined };
  const [user, system, peak] = said.trim().split("\n").at(-1)!.split(" ").map(Number);
  return { wallS, cpuS: user! + system!, peakMB: (peak! * 1024) / 1e6 };
}

async function hasTime(): Promise<boolean> {
  return lstat("/usr/bin/time").then(
    () => true,
    () => false,
  );
}

export async function hasCommand(name: string): Promise<boolean> {
  return measure(["sh", "-c", `command -v ${name}`], {}).then(
    () => true,
    () => false,
  );
}

/** The bytes of all files under a folder. */
export async function folderBytes(path: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) sum += (await lstat(join(entry.parentPath, entry.name))).size;
  }
  return sum;
}

/** NaN for nothing. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
