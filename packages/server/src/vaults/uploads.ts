import { KeepsakeError, mapBounded } from "@keepsake/core/base";
import { isStoreName } from "@keepsake/core/store";
import type { Expected } from "../blobs/blobs.ts";
import { randomId } from "../keys/ids.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";
import { putToken, sealToken, type SealedToken } from "./key-tokens.ts";
import { countRoom, takeRoom } from "./room.ts";

/*
 * An object comes in three steps: room is reserved, the bytes are sent, the object is committed. The row of the
 * reservation is there before anybody can send a byte, so that whatever is cut off can be found and swept.
 */

/** How long an upload may take. */
export const UPLOAD_MS: number = 60 * 60_000;
/** Larger than any object of a vault. */
export const MOST_BYTES: number = 20 * 1024 * 1024;

/** An object that is announced. */
export interface Announced extends Expected {
  readonly name: string;
  /** The week, counted since 1970, that what it holds is from; 0, or absent, for what is kept for ever. */
  readonly week?: number | undefined;
}

export interface Upload extends Announced {
  readonly id: string;
}

/** An upload, the vault that it is for, and what it is wrapped under where it holds keys. */
type Destined = Upload & { readonly vault: string; readonly token?: SealedToken | undefined };

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
    if (uploads.length > 0) {
      const nowMs = clock.now();
      await takeRoom(query, member, { as: "reservedBytes", bytes: bytesOf(uploads), nowMs });
      const untilMs = nowMs + UPLOAD_MS;
      await query
        .insertInto("upload")
        .values(uploads.map((upload) => ({ ...upload, week: upload.week ?? 0, member, vault, untilMs })))
        .execute();
    }
    return { uploads, taken: [...taken] };
  });
}

function checkAnnounced(name: string, sizeBytes: number): void {
  if (!isStoreName(name)) throw new KeepsakeError("store.bad-name");
  // A head is put in one request, which notes it and answers with a receipt.
  if (name.startsWith("heads/"))
    throw new KeepsakeError("request.invalid", { details: { where: "name", rule: "no head" } });
  if (sizeBytes > MOST_BYTES)
    throw new KeepsakeError("request.too-large", { details: { sizeBytes, mostBytes: MOST_BYTES } });
}

/** A member's upload. Throws `upload.unknown`. */
export async function findUpload(server: Server, session: Session, id: string): Promise<Destined> {
  const [found] = await findUploads(server, session, [id]);
  return found!;
}

/** A member's uploads, in the order of the ids. Throws `upload.unknown` where one of them is not there. */
async function findUploads(
  { db, clock }: Server,
  { member }: Session,
  ids: readonly string[],
): Promise<readonly Destined[]> {
  const rows = await db.query
    .selectFrom("upload")
    .select(["id", "vault", "name", "sizeBytes", "sha256", "week"])
    .where("id", "in", ids)
    .where("member", "=", member)
    .where("untilMs", ">=", clock.now())
    .execute();
  const known = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const found = known.get(id);
    if (found === undefined) throw new KeepsakeError("upload.unknown", { retry: "now" });
    return found;
  });
}

export type Outcome = "stored" | "exists";

/** Blobs that are looked at together. */
const LOOKS_AT_ONCE = 8;

/**
 * Makes objects of uploads whose bytes are here; tokens by the upload. Throws `upload.incomplete` where they are not.
 */
export async function commit(
  server: Server,
  session: Session,
  { ids, tokens = {} }: { ids: readonly string[]; tokens?: Readonly<Record<string, Uint8Array>> | undefined },
): Promise<readonly Outcome[]> {
  const uploads: Destined[] = [];
  for (const upload of await findUploads(server, session, ids)) {
    const token = tokens[upload.id];
    uploads.push(token === undefined ? upload : { ...upload, token: await sealToken(server, upload, token) });
  }
  const look = async (upload: Destined): Promise<void> => {
    if (!(await server.blobs.has(upload.id, upload)))
      throw new KeepsakeError("upload.incomplete", { retry: "now", details: { upload: upload.id } });
  };
  for await (const _ of mapBounded(uploads, LOOKS_AT_ONCE, look)) continue;
  return commitReceived(server, session, uploads);
}

/** Makes objects of uploads whose bytes are known to be here: all or none. */
export async function commitReceived(
  { db, clock }: Server,
  { member }: Session,
  uploads: readonly Destined[],
): Promise<readonly Outcome[]> {
  const nowMs = clock.now();
  const idsOf = (some: readonly Destined[]): readonly string[] => some.map(({ id }) => id);
  return db.transaction(async (query) => {
    const { numDeletedRows } = await query
      .deleteFrom("upload")
      .where("id", "in", idsOf(uploads))
      .executeTakeFirst();
    // Somebody else committed one of them meanwhile, or it was swept.
    if (Number(numDeletedRows) < uploads.length) throw new KeepsakeError("upload.unknown", { retry: "now" });
    const rows = await query
      .insertInto("object")
      .values(
        uploads.map(({ id: blob, vault, name, sizeBytes, sha256, week = 0 }) => {
          return { vault, name, sizeBytes, sha256, blob, bytes: null, storedMs: nowMs, week };
        }),
      )
      .onConflict((conflict) => conflict.columns(["vault", "name"]).doNothing())
      .returning("blob")
      .execute();
    const stored = new Set(rows.map(({ blob }) => blob));
    const dead = uploads.filter(({ id }) => !stored.has(id));
    for (const { id, vault, name, token } of uploads)
      if (token !== undefined && stored.has(id))
        await putToken(query, nowMs, { place: { vault, name }, token });
    if (dead.length > 0)
      await query
        .insertInto("deadBlob")
        .values(idsOf(dead).map((blob) => ({ blob, sinceMs: nowMs })))
        .execute();
    for (const [vault, some] of Map.groupBy(uploads, (upload) => upload.vault)) {
      const kept = some.filter(({ id }) => stored.has(id));
      const change = { reservedBytes: -bytesOf(some), usedBytes: bytesOf(kept), objects: kept.length };
      await countRoom(query, { member, vault }, change);
    }
    return uploads.map(({ id }) => (stored.has(id) ? "stored" : "exists"));
  });
}

function bytesOf(uploads: readonly Upload[]): number {
  return uploads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
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
