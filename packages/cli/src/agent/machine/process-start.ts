import { readFile } from "node:fs/promises";
import { ask, askPowerShell } from "./ask.ts";

/** Stands for a process that is not there. */
export const GONE = "gone";

/**
 * When a process was started, in the system's own words: two that differ belong to two processes with one number.
 * `GONE` where there is no such process; undefined where the system does not say when.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return GONE;
  }
  if (process.platform === "linux") {
    const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    // The name in parentheses may hold anything; the 22nd field is the 20th after it.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  }
  if (process.platform === "win32")
    return (await askPowerShell(`(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`))?.trim();
  return (await ask("ps", ["-o", "lstart=", "-p", String(pid)]))?.trim();
}
