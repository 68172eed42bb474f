import { createHash } from "node:crypto";
import { eachBounded, KeepsakeError } from "@keepsake/core/base";
import type { Blobs, Expected } from "../../blobs/blobs.ts";
import type { Db } from "../../db/index.ts";
import { blobOwners, type BlobOwner } from "../../vaults/reconcile.ts";

/** What was copied so far. */
export interface ObjectsMoved {
  /** Those that the database names, and their bytes. */
  readonly objects: number;
  readonly bytes: number;
  /** Of them, those that were not there before. */
  readonly copied: number;
  /** Of them, those whose bytes are gone or damaged where they came from. */
  readonly missing: number;
}

const AT_ONCE = 4;

/**
 * Brings every blob that a database names from one place to another, and reads each back from there: its length and
 * its hash are those of its row. One that is there already is read all the same.
 */
export async function copyObjects(
  { db, blobs: from }: { readonly db: Db; readonly blobs: Blobs },
  to: Blobs,
  tell: (moved: ObjectsMoved) => void,
): Promise<ObjectsMoved> {
  const moved = { objects: 0, bytes: 0, copied: 0, missing: 0 };
  await eachBounded(blobOwners({ db }), AT_ONCE, async (owner) => {
    const outcome = await copyObject(from, to, owner);
    moved.objects++;
    moved.bytes += owner.sizeBytes;
    if (outcome !== "there") moved[outcome]++;
    tell(moved);
  });
  return moved;
}

async function copyObject(from: Blobs, to: Blobs, owner: BlobOwner): Promise<"there" | "copied" | "missing"> {
  if (await isWhole(to, owner)) return "there";
  const { blob, sizeBytes } = owner;
  await to.remove(blob);
  const stream = await from.read(blob, { offset: 0, length: sizeBytes });
  if (stream === undefined) return "missing";
  try {
    await to.receive(blob, stream, owner);
  } catch (error) {
    // What is damaged at its source is not taken.
    if (!KeepsakeError.is(error, "upload.wrong-content")) throw error;
  }
  return (await isWhole(to, owner)) ? "copied" : "missing";
}

/** Whether a blob is there with the bytes that its row says, by reading all of them. */
async function isWhole(
  blobs: Blobs,
  { blob, sizeBytes, sha256 }: Expected & { readonly blob: string },
): Promise<boolean> {
  if (!(await blobs.has(blob, { sizeBytes, sha256 }))) return false;
  const stream = await blobs.read(blob, { offset: 0, length: sizeBytes });
  if (stream === undefined) return false;
  const hash = createHash("sha256");
  if (sizeBytes > 0) for await (const chunk of stream) hash.update(chunk as Uint8Array);
  else stream.destroy();
  return hash.digest("hex") === sha256;
}
