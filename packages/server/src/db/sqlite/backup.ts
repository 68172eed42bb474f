import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { KeepsakeError } from "@keepsake/core/base";
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
  // A connection of its own: it sees one state of the database to the end, and holds up no writer.
  const source = new DatabaseSync(file, { readOnly: true });
  try {
    closeSync(openSync(part, "w", 0o600));
    await backup(source, part, { rate: allPages });
    syncTo(part);
    renameSync(part, toFile);
    syncTo(dirname(toFile));
  } catch (error) {
    rmSync(part, { force: true });
    throw sqliteError(error);
  } finally {
    source.close();
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
