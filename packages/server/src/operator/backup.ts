import { copyFile, link, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import type { Config } from "../config.ts";
import { copyServedFile, openDb } from "../db/index.ts";

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

/** Copies the server's data to a folder; a second copy to the same one adds what is new and drops what is gone. */
export async function backupServer(config: Config, to: string): Promise<BackupOutcome> {
  requireEmbedded(config);
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (let round = 1; ; round++) {
    await copyServedFile(join(config.data, DATABASE), join(to, DATABASE));
    const named = await namedBlobs(join(to, DATABASE));
    const copied = await copyBlobs(named, join(config.data, OBJECTS), join(to, OBJECTS));
    if (copied === undefined && round < MOST_ROUNDS) continue;
    if (copied === undefined) throw new KeepsakeError("server.incomplete-backup");
    await dropOthers(named, join(to, OBJECTS));
    const bytes = [...named.values()].reduce((sum, size) => sum + size, 0);
    return { objects: named.size, bytes, copied };
  }
}

/** Puts a copy into an empty data folder. Throws `cli.folder-not-empty`, `server.incomplete-backup`. */
export async function restoreServer(config: Config, from: string): Promise<BackupOutcome> {
  requireEmbedded(config);
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  const there = (await readdir(config.data)).filter((name) => name === DATABASE || name === OBJECTS);
  if (there.length > 0) throw new KeepsakeError("cli.folder-not-empty");
  await stat(join(from, DATABASE)).catch((cause: unknown) => {
    throw new KeepsakeError("server.incomplete-backup", { cause });
  });
  const named = await namedBlobs(join(from, DATABASE));
  const copied = await copyBlobs(named, join(from, OBJECTS), join(config.data, OBJECTS));
  if (copied === undefined) throw new KeepsakeError("server.incomplete-backup");
  // The database comes last: a restore that is cut off leaves no server that looks whole.
  await copyServedFile(join(from, DATABASE), join(config.data, DATABASE));
  const bytes = [...named.values()].reduce((sum, size) => sum + size, 0);
  return { objects: named.size, bytes, copied };
}

function requireEmbedded({ postgres, objects }: Config): void {
  if (postgres !== "" || objects !== "")
    throw new KeepsakeError("base.invalid", { details: { name: "KEEPSAKE_POSTGRES or KEEPSAKE_OBJECTS" } });
}

/** The blobs that a database names, with their sizes. */
async function namedBlobs(file: string): Promise<ReadonlyMap<string, number>> {
  const db = await openDb({ sqlite: file });
  try {
    const named = new Map<string, number>();
    for (const table of ["object", "trash"] as const) {
      const rows = await db.query
        .selectFrom(table)
        .select(["blob", "sizeBytes"])
        .where("blob", "!=", "")
        .execute();
      for (const { blob, sizeBytes } of rows) named.set(blob, sizeBytes);
    }
    return named;
  } finally {
    await db.close();
  }
}

/** How many were copied; undefined where one is missing or short. */
async function copyBlobs(
  named: ReadonlyMap<string, number>,
  from: string,
  to: string,
): Promise<number | undefined> {
  let copied = 0;
  for (const [key, sizeBytes] of named) {
    const [source, target] = [placeOf(from, key), placeOf(to, key)];
    if ((await sizeOf(target)) === sizeBytes) continue;
    if ((await sizeOf(source)) !== sizeBytes) return undefined;
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    await copyOne(source, target);
    copied++;
  }
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
