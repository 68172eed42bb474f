import { KeepsakeError } from "@keepsake/core/base";
import { isStoreName } from "@keepsake/core/store";
import type { Expected } from "../blobs/blobs.ts";
import type { Query } from "../db/index.ts";
import { randomId } from "../keys/ids.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";
import { countRoom, reserveRoom } from "./room.ts";

/*
 * An object comes in three steps: room is reserved, the bytes are sent, the object is committed. The row of the
 * reservation is there before anybody can send a byte, so that whatever is cut off can be found and swept.
 */

/** How long an upload may take. */
export const UPLOAD_MS: number = 60 * 60_000;
/** Larger than any object of a vault. */
const MOST_BYTES = 20 * 1024 * 1024;

/** An object that is announced. */
export interface Announced extends Expected {
  readonly name: string;
}

export interface Upload extends Announced {
  readonly id: string;
}

/** Reserves room for objects, and says which of their names are taken already. */
export async function reserve(
  { db, clock }: Server,
  { member }: Session,
  { vault, objects }: { readonly vault: string; readonly objects: readonly Announced[] },
): Promise<{ readonly uploads: readonly Upload[]; readonly taken: readonly string[] }> {
  for (const { name, sizeBytes } of objects) checkAnnounced(name, sizeBytes);
  return db.transaction(async (query) => {
    const names = objects.map(({ name }) => name);
    const there = await query
      .selectFrom("object")
      .select("name")
      .where("vault", "=", vault)
      .where("name", "in", names)
      .execute();
    const taken = new Set(there.map(({ name }) => name));
    const uploads = objects
      .filter(({ name }) => !taken.has(name))
      .map((object) => ({ ...object, id: randomId() }));
    const bytes = uploads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (uploads.length > 0) {
      await reserveRoom(query, member, bytes);
      const untilMs = clock.now() + UPLOAD_MS;
      await query
        .insertInto("upload")
        .values(uploads.map((upload) => ({ ...upload, member, vault, untilMs })))
        .execute();
    }
    return { uploads, taken: [...taken] };
  });
}

function checkAnnounced(name: string, sizeBytes: number): void {
  if (!isStoreName(name)) throw new KeepsakeError("store.bad-name");
  if (sizeBytes > MOST_BYTES)
    throw new KeepsakeError("request.too-large", { details: { sizeBytes, mostBytes: MOST_BYTES } });
}

/** A member's upload. Throws `upload.unknown`. */
export async function findUpload(
  { db, clock }: Server,
  { member }: Session,
  id: string,
): Promise<Upload & { readonly vault: string }> {
  const found = await db.query
    .selectFrom("upload")
    .select(["id", "vault", "name", "sizeBytes", "sha256"])
    .where("id", "=", id)
    .where("member", "=", member)
    .where("untilMs", ">=", clock.now())
    .executeTakeFirst();
  if (found === undefined) throw new KeepsakeError("upload.unknown", { retry: "now" });
  return found;
}

export type Outcome = "stored" | "exists";

/** Makes objects of uploads whose bytes are here. Throws `upload.incomplete` where they are not. */
export async function commit(
  server: Server,
  session: Session,
  ids: readonly string[],
): Promise<readonly Outcome[]> {
  const uploads: (Upload & { readonly vault: string })[] = [];
  for (const id of ids) uploads.push(await findUpload(server, session, id));
  for (const upload of uploads) {
    if (!(await server.blobs.has(upload.id, upload)))
      throw new KeepsakeError("upload.incomplete", { retry: "now", details: { upload: upload.id } });
  }
  return server.db.transaction(async (query) => {
    const outcomes: Outcome[] = [];
    for (const upload of uploads)
      outcomes.push(await commitOne(query, server.clock.now(), { session, upload }));
    return outcomes;
  });
}

async function commitOne(
  query: Query,
  nowMs: number,
  { session, upload }: { readonly session: Session; readonly upload: Upload & { readonly vault: string } },
): Promise<Outcome> {
  const { id, vault, name, sizeBytes, sha256 } = upload;
  const { numDeletedRows } = await query.deleteFrom("upload").where("id", "=", id).executeTakeFirst();
  // Somebody else committed it meanwhile, or it was swept.
  if (numDeletedRows === 0n) throw new KeepsakeError("upload.unknown", { retry: "now" });
  const { numInsertedOrUpdatedRows = 0n } = await query
    .insertInto("object")
    .values({ vault, name, sizeBytes, sha256, blob: id, bytes: null, storedMs: nowMs })
    .onConflict((conflict) => conflict.columns(["vault", "name"]).doNothing())
    .executeTakeFirst();
  const isStored = numInsertedOrUpdatedRows > 0n;
  if (!isStored) await query.insertInto("deadBlob").values({ blob: id, sinceMs: nowMs }).execute();
  await countRoom(
    query,
    { member: session.member, vault },
    {
      reservedBytes: -sizeBytes,
      usedBytes: isStored ? sizeBytes : 0,
      objects: isStored ? 1 : 0,
    },
  );
  return isStored ? "stored" : "exists";
}

/** Gives up an upload: its room is free at once, its bytes are removed. */
export async function abandon(server: Server, session: Session, id: string): Promise<void> {
  const { vault, sizeBytes } = await findUpload(server, session, id);
  await server.db.transaction(async (query) => {
    const { numDeletedRows } = await query.deleteFrom("upload").where("id", "=", id).executeTakeFirst();
    if (numDeletedRows === 0n) return;
    await query.insertInto("deadBlob").values({ blob: id, sinceMs: server.clock.now() }).execute();
    await countRoom(query, { member: session.member, vault }, { reservedBytes: -sizeBytes });
  });
}
