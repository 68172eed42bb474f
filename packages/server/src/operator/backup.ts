import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { KeepsakeError, systemClock } from "@keepsake/core/base";
import type { Config } from "../config.ts";
import { blobsOfCopy, copyServedFile, migrate, openDb } from "../db/index.ts";
import { diskError, syncFolder } from "../folder.ts";
import { noteCopy } from "./copies.ts";
import { recordLater } from "./log.ts";

/*
 * A copy of an embedded server in a folder, taken while it runs. The database comes first, then every blob that it
 * names: blobs never change, and one that is given up stays for an hour, so that what the copied database names is there.
 */

export const DATABASE = "keepsake.db";
const OBJECTS = "objects";
const MOST_ROUNDS = 3;

/** What a copy holds. */
export interface BackupOutcome {
  readonly objects: number;
  readonly bytes: number;
  /** Objects that were not in the copy before. */
  readonly copied: number;
}

/** What a copy of a server that may run holds, and whether the server will know of it. */
export interface NotedOutcome extends BackupOutcome {
  readonly isNoted: boolean;
}

/**
 * Copies the server's data to a folder; a second copy to the same one adds what is new and drops what is gone. One that
 * fails leaves the copy before as it was. The server writes it into the operators' log. Throws `base.invalid` where there
 * is no server's data.
 */
export async function backupServer(config: Config, to: string): Promise<NotedOutcome> {
  requireEmbedded(config);
  const source = join(config.data, DATABASE);
  if ((await sizeOf(source)) === undefined)
    throw new KeepsakeError("base.invalid", { details: { name: "KEEPSAKE_DATA" } });
  try {
    await mkdir(to, { recursive: true, mode: 0o700 });
    const outcome = await copyAll(config.data, to);
    return { ...outcome, isNoted: await noteCopy(config, outcome) };
  } catch (error) {
    throw diskError(error);
  }
}

async function copyAll(data: string, to: string): Promise<BackupOutcome> {
  const fresh = join(to, `${DATABASE}.new`);
  for (let round = 1; ; round++) {
    await copyServedFile(join(data, DATABASE), fresh);
    const named = blobsOfCopy(fresh);
    const copied = await copyBlobs(named, join(data, OBJECTS), join(to, OBJECTS));
    if (copied === undefined && round < MOST_ROUNDS) continue;
    if (copied === undefined) throw new KeepsakeError("server.incomplete-backup");
    await rename(fresh, join(to, DATABASE));
    await syncFolder(to);
    await dropOthers(named, join(to, OBJECTS));
    return { objects: named.size, bytes: sumOf(named), copied };
  }
}

/** Puts a copy into an empty data folder. Throws `cli.folder-not-empty`, `server.incomplete-backup`. */
export async function restoreServer(config: Config, from: string): Promise<BackupOutcome> {
  requireEmbedded(config);
  try {
    await mkdir(config.data, { recursive: true, mode: 0o700 });
    // Also what belongs to a database that is gone: SQLite would take its journal for the new one's.
    if ((await readdir(config.data)).some(isData)) throw new KeepsakeError("cli.folder-not-empty");
    if ((await sizeOf(join(from, DATABASE))) === undefined)
      throw new KeepsakeError("server.incomplete-backup");
    const named = blobsOfCopy(join(from, DATABASE));
    const copied = await copyBlobs(named, join(from, OBJECTS), join(config.data, OBJECTS));
    if (copied === undefined) throw new KeepsakeError("server.incomplete-backup");
    // The database comes last: a restore that is cut off leaves no server that looks whole.
    await copyServedFile(join(from, DATABASE), join(config.data, DATABASE));
    const bytes = sumOf(named);
    await noteRestore(join(config.data, DATABASE), { objects: named.size, bytes });
    return { objects: named.size, bytes, copied };
  } catch (error) {
    throw diskError(error);
  }
}

function isData(name: string): boolean {
  return name === OBJECTS || (name.startsWith(DATABASE) && name !== `${DATABASE}-lock`);
}

function sumOf(named: ReadonlyMap<string, number>): number {
  return [...named.values()].reduce((sum, size) => sum + size, 0);
}

async function noteRestore(
  file: string,
  details: { readonly objects: number; readonly bytes: number },
): Promise<void> {
  const db = await openDb({ sqlite: file });
  try {
    // The copy may be from before there was such a log; the first start would bring it forward too.
    await migrate(db);
    await recordLater(db.query, "restored", { nowMs: systemClock.now(), details });
  } finally {
    await db.close();
  }
}

function requireEmbedded({ postgres, objects }: Config): void {
  if (postgres !== "" || objects !== "")
    throw new KeepsakeError("base.invalid", { details: { name: "KEEPSAKE_POSTGRES or KEEPSAKE_OBJECTS" } });
}

/** How many were copied; undefined where one is missing or short. */
async function copyBlobs(
  named: ReadonlyMap<string, number>,
  from: string,
  to: string,
): Promise<number | undefined> {
  let copied = 0;
  // All of them, also those that an earlier run which was cut off filled.
  const folders = new Set<string>();
  for (const [key, sizeBytes] of named) {
    const [source, target] = [placeOf(from, key), placeOf(to, key)];
    folders.add(dirname(target));
    if ((await sizeOf(target)) === sizeBytes) continue;
    if ((await sizeOf(source)) !== sizeBytes) return undefined;
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    await copyOne(source, target);
    copied++;
  }
  for (const folder of folders) await syncFolder(folder);
  if (folders.size > 0) for (const folder of [to, dirname(to)]) await syncFolder(folder);
  return copied;
}

/** A second name for the same bytes, where the disk is the same; else a copy that survives a power cut. */
async function copyOne(source: string, target: string): Promise<void> {
  const isLinked = await link(source, target).then(
    () => true,
    () => false,
  );
  if (isLinked) return;
  await copyFile(source, target);
  const file = await open(target, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Takes away what the copy before held and this one does not name. */
async function dropOthers(named: ReadonlyMap<string, number>, folder: string): Promise<void> {
  for (const part of await readdir(folder).catch(() => []))
    for (const key of await readdir(join(folder, part)))
      if (!named.has(key)) await rm(join(folder, part, key), { force: true });
}

function placeOf(root: string, key: string): string {
  return join(root, key.slice(0, 2), key);
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
