import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "@keepsake/core/base";
import type { Config } from "../config.ts";
import type { Query } from "../db/index.ts";
import { randomId } from "../keys/ids.ts";
import type { Server } from "../server.ts";
import { recordLeft } from "./log.ts";

/*
 * That everything was copied is written down, though a copy is made beside a server that runs, by a process that must
 * not write to its database: it leaves a note in the data folder, and the server, which looks for such notes from its
 * start on, puts them into the operators' log.
 */

const FOLDER = "copies";
const FACT = "copied";

/** What a copy held. */
interface Copied {
  readonly objects: number;
  readonly bytes: number;
}

/** Leaves a note of a copy. False where the data folder cannot be written, as where it is a snapshot of its own. */
export async function noteCopy({ data }: Pick<Config, "data">, { objects, bytes }: Copied): Promise<boolean> {
  const note = JSON.stringify({ objects, bytes, madeMs: systemClock.now() });
  try {
    await mkdir(join(data, FOLDER), { recursive: true, mode: 0o700 });
    // Whoever made the copy: the server has to be able to read it.
    await writeFile(join(data, FOLDER, randomId()), note, { flag: "wx", mode: 0o644 });
    return true;
  } catch {
    return false;
  }
}

/** Puts the notes of copies into the log, and takes them away. */
export async function recordCopies(server: Server): Promise<void> {
  const folder = join(server.config.data, FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const id of (await readdir(folder)).sort()) {
    // Somebody else may have recorded it meanwhile.
    const copied = parsed(await readFile(join(folder, id), "utf8").catch(noneWhereGone));
    if (copied === undefined) continue;
    // Once, also where it was cut off before the note was gone.
    await recordLeft(server, { id, payload: { kind: "backed-up", details: copied } });
    await rememberNewest(server.db.query, copied.madeMs);
    await rm(join(folder, id), { force: true });
  }
}

/** When everything was copied last, as far as it was written down; undefined where it never was. */
export async function lastCopyMs(query: Query): Promise<number | undefined> {
  const fact = await query.selectFrom("fact").select("value").where("name", "=", FACT).executeTakeFirst();
  return fact === undefined ? undefined : Number(fact.value);
}

async function rememberNewest(query: Query, madeMs: number): Promise<void> {
  const value = String(Math.max(madeMs, (await lastCopyMs(query)) ?? 0));
  await query
    .insertInto("fact")
    .values({ name: FACT, value })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
    .execute();
}

function noneWhereGone(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}

/** Undefined for a note that is not written to its end, or is none. */
function parsed(text: string): (Copied & { readonly madeMs: number }) | undefined {
  try {
    const { objects, bytes, madeMs } = JSON.parse(text) as Record<string, unknown>;
    const [a, b, c] = [Number(objects), Number(bytes), Number(madeMs)];
    return [a, b, c].every((each) => Number.isSafeInteger(each) && each >= 0)
      ? { objects: a, bytes: b, madeMs: c }
      : undefined;
  } catch {
    return undefined;
  }
}
