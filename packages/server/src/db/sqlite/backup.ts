import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { KeepsakeError } from "@keepsake/core/base";
import { diskError } from "../../folder.ts";
import { fileOf, type Db } from "../db.ts";
import { sqliteError } from "./errors.ts";

/** In one step, which is a thread's: a copy that is made in several begins anew whenever something is written. */
const allPages = 2 ** 31 - 1;

/**
 * Copies an embedded database to a file, while it is in use: what was committed when the copy began. The file
 * appears whole, in place of an older one, and is opened as any database is. Throws `base.invalid` for a database
 * that is no file.
 */
export async function embeddedBackup(db: Db, toFile: string): Promise<void> {
  const file = fileOf(db);
  if (file === undefined || file === ":memory:")
    throw new KeepsakeError("base.invalid", { details: { name: "embedded database" } });
  await copyServedFile(file, toFile);
}

/** The same from another process than the one that serves the file. */
export async function copyServedFile(file: string, toFile: string): Promise<void> {
  const part = `${toFile}.part`;
  let source: DatabaseSync | undefined;
  try {
    // A connection of its own: it sees one state of the database to the end, and holds up no writer.
    source = new DatabaseSync(file, { readOnly: true });
    closeSync(openSync(part, "w", 0o600));
    await backup(source, part, { rate: allPages });
    syncTo(part);
    renameSync(part, toFile);
    syncTo(dirname(toFile));
  } catch (error) {
    rmSync(part, { force: true });
    throw isSqlite(error) ? sqliteError(error) : diskError(error);
  } finally {
    source?.close();
  }
}

function isSqlite(error: unknown): boolean {
  return (error as { code?: string }).code === "ERR_SQLITE_ERROR";
}

/** The blobs that a copy of a database names, with their sizes. Reads alone: the copy may lie where nobody writes. */
export function blobsOfCopy(file: string): ReadonlyMap<string, number> {
  const where = pathToFileURL(file);
  where.searchParams.set("immutable", "1");
  let copy: DatabaseSync | undefined;
  try {
    copy = new DatabaseSync(where, { readOnly: true });
    const named = new Map<string, number>();
    for (const table of ["object", "trash"]) {
      const rows = copy.prepare(`select "blob", "sizeBytes" from "${table}" where "blob" != ''`);
      for (const { blob, sizeBytes } of rows.iterate()) named.set(String(blob), Number(sizeBytes));
    }
    return named;
  } catch (error) {
    throw sqliteError(error);
  } finally {
    copy?.close();
  }
}

function syncTo(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
