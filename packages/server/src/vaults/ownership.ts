import { Readable } from "node:stream";
import { createHash } from "node:crypto";
import type { Server } from "../server.ts";

/*
 * Whose blobs these are. Beside the blobs lies a marker with a number that the database knows, too; a server counts it
 * on before it removes anything. One that runs on an older copy of the database, beside or after another, finds a
 * higher number than its own: what it does not know may be the other's, and it removes nothing.
 */

const FACT = "blobs";
/** Comes before every blob in a listing, whose names are random. */
const zeros = "0".repeat(20);
const DIGITS = 12;
const text = Buffer.from(
  "The number of this object's name tells a Keepsake server that these objects are its own.\n",
);
const expected = { sizeBytes: text.length, sha256: createHash("sha256").update(text).digest("hex") };

/** Whether a key is a blob's of ours: all else in a folder or a bucket is left alone. */
export function isBlobKey(key: string): boolean {
  return /^[0-9a-v]{26}$/.test(key);
}

type Parts = Pick<Server, "db" | "blobs">;

/** Whether the blobs are those of this database. */
export async function ownsBlobs(parts: Parts): Promise<boolean> {
  return isOwn(await look(parts));
}

/** Counts on; false where the blobs are not those of this database, and nothing may be removed. */
export async function holdBlobs(parts: Parts): Promise<boolean> {
  const seen = await look(parts);
  if (isOwn(seen)) await countOn(parts, seen, Math.max(seen.known, seen.newest));
  return isOwn(seen);
}

/** Makes the blobs those of this database, whatever others say: after its restore from an older copy. */
export async function adoptBlobs(parts: Parts): Promise<void> {
  const seen = await look(parts);
  await countOn(parts, seen, Math.max(seen.known, seen.newest));
}

interface Seen {
  /** What the database knows; 0 for nothing. */
  readonly known: number;
  /** The highest marker that lies there; 0 where there is none. */
  readonly newest: number;
  readonly markers: readonly number[];
}

/** A place without any marker is nobody's. One less than known: this server ended before it could write. */
function isOwn({ known, newest }: Seen): boolean {
  return newest === 0 || newest === known || newest === known - 1;
}

async function look({ db, blobs }: Parts): Promise<Seen> {
  const fact = await db.query.selectFrom("fact").select("value").where("name", "=", FACT).executeTakeFirst();
  const markers: number[] = [];
  for await (const { key, isWhole } of blobs.list()) {
    // Another process writes that one now.
    if (!isWhole) continue;
    if (!key.startsWith(zeros)) break;
    const digits = key.slice(zeros.length);
    if (/^\d{12}$/.test(digits)) markers.push(Number(digits));
  }
  return { known: Number(fact?.value ?? 0), newest: Math.max(0, ...markers), markers };
}

async function countOn({ db, blobs }: Parts, { known, markers }: Seen, from: number): Promise<void> {
  const next = from + 1;
  const value = String(next);
  await db.query
    .insertInto("fact")
    .values({ name: FACT, value: "0" })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  const { numUpdatedRows } = await db.query
    .updateTable("fact")
    .set({ value })
    .where("name", "=", FACT)
    .where("value", "=", String(known))
    .executeTakeFirst();
  // Another process of the same server was faster.
  if (numUpdatedRows === 0n) return;
  await blobs.receive(keyOf(next), Readable.from([text]), expected);
  for (const marker of markers) await blobs.remove(keyOf(marker));
}

function keyOf(marker: number): string {
  return zeros + String(marker).padStart(DIGITS, "0");
}
