import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { bytesToText, KeepsakeError } from "@keepsake/core/base";
import { readIfThere, writePrivate } from "./folders.ts";

/** Whoever changes a file has it for milliseconds: one that is held for so long is a dead process's. */
const DEAD_MS = 10_000;
const WAIT_MS = 15;

/**
 * Changes a file of this device, one process at a time: `change` is given what is in it at that moment, and gives what
 * is to be in it; undefined is no file, and the same text writes nothing. Throws `cli.no-file`.
 */
export async function updateFile(
  path: string,
  change: (before: string | undefined) => string | undefined,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const lock = `${path}.lock`;
  const token = randomBytes(8).toString("hex");
  try {
    while (!(await isTaken(lock, token))) await waitFor(lock);
  } catch (cause) {
    throw new KeepsakeError("cli.no-file", { cause, details: { what: "lock" } });
  }
  try {
    const file = await readIfThere(path);
    const before = file === undefined ? undefined : bytesToText(file);
    const after = change(before);
    if (after === undefined) await rm(path, { force: true });
    else if (after !== before) await writePrivate(path, after);
  } finally {
    if ((await tokenIn(lock)) === token) await rm(lock, { force: true });
  }
}

async function isTaken(lock: string, token: string): Promise<boolean> {
  try {
    await writeFile(lock, token, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function waitFor(lock: string): Promise<void> {
  const held = await stat(lock).catch(() => undefined);
  if (held !== undefined && Date.now() - held.mtimeMs > DEAD_MS) await setAside(lock, await tokenIn(lock));
  else await setTimeout(WAIT_MS);
}

/** Takes a dead process's lock away; one that another process made meanwhile is put back. */
async function setAside(lock: string, dead: string | undefined): Promise<void> {
  const aside = `${lock}.${randomBytes(6).toString("hex")}`;
  await rename(lock, aside).catch(() => undefined);
  if ((await tokenIn(aside)) !== dead) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}

async function tokenIn(lock: string): Promise<string | undefined> {
  return readFile(lock, "utf8").catch(() => undefined);
}
