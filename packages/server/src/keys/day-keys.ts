import { randomBytes } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { bytesToHex, hexToBytes, KeepsakeError, type Bytes } from "@keepsake/core/base";
import { isMissing, syncFolder } from "../folder.ts";
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
  /** Makes the first key, or finds the one of the day of a time; durable when it returns. */
  begin(nowMs: number): Promise<DayKey>;
  /** The key of the day of a time, made where there are others and not this one; durable when it returns. */
  at(nowMs: number): Promise<DayKey>;
  /** Undefined where the key was destroyed or lost. */
  of(day: string): Promise<Bytes | undefined>;
  /** All days of which there are keys, the oldest first. */
  days(): Promise<readonly string[]>;
  destroy(day: string): Promise<void>;
  /** What tells the folder from others; undefined where nothing was written yet. */
  mark(): Promise<string | undefined>;
  /** Writes the mark unless there is one, and says which holds. */
  setMark(mark: string): Promise<string>;
}

const KEY_BYTES = 32;
const MARK = "mark";

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
    await requireSome();
    return undefined;
  };
  // A folder that holds no day at all is not the one that was used: another may be back later.
  const requireSome = async (): Promise<void> => {
    if ((await days()).length === 0) throw emptyFolder();
  };
  const begin = async (nowMs: number): Promise<DayKey> => {
    const day = dayOf(nowMs);
    const known = await orFail(readIfThere(join(folder, day)));
    if (known === undefined)
      await orFail(putFile(folder, day, `${bytesToHex(new Uint8Array(randomBytes(KEY_BYTES)))}\n`));
    const key = known === undefined ? await of(day) : keyIn(known);
    if (key === undefined) throw new KeepsakeError("server.day-keys", { retry: "later" });
    return { day, key };
  };
  const mark = async (): Promise<string | undefined> =>
    (await orFail(readIfThere(join(folder, MARK))))?.trim();
  return {
    folder,
    days,
    of,
    begin,
    async at(nowMs) {
      const known = await orFail(readIfThere(join(folder, dayOf(nowMs))));
      if (known !== undefined) return { day: dayOf(nowMs), key: keyIn(known) };
      await requireSome();
      return begin(nowMs);
    },
    destroy: (day) => orFail(destroyKey(folder, day)),
    mark,
    async setMark(own) {
      await orFail(putFile(folder, MARK, `${own}\n`));
      return (await mark()) ?? own;
    },
  };
}

/** That a folder holds no day, where there were some. */
export function emptyFolder(): KeepsakeError {
  return new KeepsakeError("server.day-keys", { retry: "later", details: { why: "empty" } });
}

/**
 * Brings the keys of one folder to another, for a server that moves, and says how many there are. Throws
 * `server.move-other-keys`, and has changed nothing, where days lie there that are not these.
 */
export async function copyDayKeys(from: string, to: string): Promise<number> {
  const keys = await keysIn(from);
  if (resolve(from) === resolve(to)) return keys.size;
  for (const [day, key] of await keysIn(to))
    if (keys.get(day) !== key) throw new KeepsakeError("server.move-other-keys", { details: { day } });
  await orFail(mkdir(to, { recursive: true, mode: 0o700 }));
  for (const [day, key] of keys) await orFail(putFile(to, day, key));
  return keys.size;
}

/** The files of days in a folder; none where there is no folder. */
async function keysIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await orFail(
    readdir(folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    }),
  );
  const keys = new Map<string, string>();
  for (const day of names.filter(isDay)) keys.set(day, await orFail(readFile(join(folder, day), "utf8")));
  return keys;
}

function keyIn(text: string): Bytes {
  if (!isDayKey(text)) throw new KeepsakeError("server.day-keys");
  return hexToBytes(text.trim())!;
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

/** Several processes may put it at once: it appears whole, and the first one's stays. */
async function putFile(folder: string, name: string, text: string): Promise<void> {
  const temporary = join(folder, `.${randomId()}`);
  await writeDurably(temporary, text, "wx");
  try {
    await link(temporary, join(folder, name));
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
    if (!isMissing(error)) throw error;
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

async function orFail<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (KeepsakeError.is(cause)) throw cause;
    throw new KeepsakeError("server.day-keys", { cause, retry: "later" });
  }
}
