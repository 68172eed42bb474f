import { randomBytes } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { bytesToHex, hexToBytes, KeepsakeError, type Bytes } from "@keepsake/core/base";
import { randomId } from "./ids.ts";

/*
 * Keys of days, in a folder outside of database and secrets: key tokens are sealed under the newest one. A key that is
 * destroyed makes every copy of the database worthless that is older, as far as tokens go. So the folder must not be
 * kept for longer than the copies: it is copied by itself, to where only its present state is.
 */

/** The key of one day. */
interface DayKey {
  /** YYYY-MM-DD, of UTC. */
  readonly day: string;
  readonly key: Bytes;
}

export interface DayKeys {
  readonly folder: string;
  /** The key of the day of a time, made where there is none; durable when it returns. */
  at(nowMs: number): Promise<DayKey>;
  /** Undefined where the key was destroyed or lost. */
  of(day: string): Promise<Bytes | undefined>;
  /** All days of which there are keys, the oldest first. */
  days(): Promise<readonly string[]>;
  destroy(day: string): Promise<void>;
}

const KEY_BYTES = 32;

/** Whether a file's name is that of a day's key. */
export function isDay(name: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(name);
}

export function isDayKey(text: string): boolean {
  return hexToBytes(text.trim())?.length === KEY_BYTES;
}

export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** The keys in a folder, which is made where it is not there. What fails throws `server.day-keys`. */
export async function folderDayKeys(folder: string): Promise<DayKeys> {
  await orFail(mkdir(folder, { recursive: true, mode: 0o700 }));
  const days = async (): Promise<readonly string[]> => (await orFail(readdir(folder))).filter(isDay).sort();
  const of = async (day: string): Promise<Bytes | undefined> => {
    if (!isDay(day)) return undefined;
    const text = await orFail(readIfThere(join(folder, day)));
    if (text !== undefined) return keyIn(text);
    // A folder that holds no day at all is not the one that was used: another may be back later.
    if ((await days()).length === 0) throw new KeepsakeError("server.day-keys", { retry: "later" });
    return undefined;
  };
  return {
    folder,
    days,
    of,
    async at(nowMs) {
      const day = dayOf(nowMs);
      const known = await orFail(readIfThere(join(folder, day)));
      if (known === undefined) await orFail(makeKey(folder, day));
      const key = known === undefined ? await of(day) : keyIn(known);
      if (key === undefined) throw new KeepsakeError("server.day-keys", { retry: "later" });
      return { day, key };
    },
    destroy: (day) => orFail(destroyKey(folder, day)),
  };
}

/** Brings the keys of one folder to another, for a server that moves. */
export async function copyDayKeys(from: string, to: string): Promise<void> {
  if (resolve(from) === resolve(to)) return;
  const days = (await readIfFolder(from)).filter(isDay);
  await orFail(mkdir(to, { recursive: true, mode: 0o700 }));
  for (const day of days) {
    const key = await orFail(readFile(join(from, day), "utf8"));
    await orFail(rm(join(to, day), { force: true }));
    await orFail(writeDurably(join(to, day), key, "wx"));
  }
  await orFail(syncFolder(to));
}

async function readIfFolder(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new KeepsakeError("server.day-keys", { cause: error });
  });
}

function keyIn(text: string): Bytes {
  if (!isDayKey(text)) throw new KeepsakeError("server.day-keys");
  return hexToBytes(text.trim())!;
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
}

/** Several processes may make it at once: it appears whole, and the first one's stays. */
async function makeKey(folder: string, day: string): Promise<void> {
  const temporary = join(folder, `.${randomId()}`);
  await writeDurably(temporary, `${bytesToHex(new Uint8Array(randomBytes(KEY_BYTES)))}\n`, "wx");
  try {
    await link(temporary, join(folder, day));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(folder);
}

/** Several processes may destroy it at once. */
async function destroyKey(folder: string, day: string): Promise<void> {
  const path = join(folder, day);
  await writeDurably(path, "0".repeat(2 * KEY_BYTES), "r+").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  });
  await rm(path, { force: true });
  await syncFolder(folder);
}

async function writeDurably(path: string, text: string, flags: "wx" | "r+"): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.write(text, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function orFail<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (KeepsakeError.is(cause)) throw cause;
    throw new KeepsakeError("server.day-keys", { cause, retry: "later" });
  }
}
