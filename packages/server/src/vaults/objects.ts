import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { KeepsakeError, type Bytes } from "@keepsake/core/base";
import type { Receipt } from "@keepsake/core/protocol";
import { isStoreName, nameNumber } from "@keepsake/core/store";
import type { Server } from "../server.ts";
import type { Query } from "../db/index.ts";
import { diskError } from "../folder.ts";
import { note } from "../members/events.ts";
import type { Session } from "../members/sessions.ts";
import { randomId } from "../keys/ids.ts";
import { giveReceipt } from "./receipts.ts";
import { keepMsOf, nameKeyPacks, openToken, putToken, removeToken, sealToken } from "./key-tokens.ts";
import { countRoom, countVault, takeRoom } from "./room.ts";
import { abandon, commitReceived, reserve, type Announced, type Outcome } from "./uploads.ts";

/** Objects of these folders, up to this size, lie in their row: they are many, small and read often. */
const inRow = /^(?:heads|slots|journals)\//;
const MOST_IN_ROW_BYTES: number = 64 * 1024;

function liesInRow({ name, sizeBytes }: Pick<Announced, "name" | "sizeBytes">): boolean {
  return inRow.test(name) && sizeBytes <= MOST_IN_ROW_BYTES;
}

export interface Stored {
  readonly outcome: Outcome;
  /** For a head that was taken. */
  readonly receipt?: Receipt;
}

/** A whole object in one request. */
export interface Put {
  readonly vault: string;
  readonly object: Announced;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What it is wrapped under, where it holds keys. */
  readonly token?: Uint8Array | undefined;
  /** With a head: the packs of its key directory. */
  readonly keyPacks?: readonly string[] | undefined;
}

/** Takes a whole object in one request. */
export async function putObject(server: Server, session: Session, put: Put): Promise<Stored> {
  const { vault, object } = put;
  if (liesInRow(object)) return putInRow(server, session, put);
  const token = put.token && (await sealToken(server, { vault, name: object.name }, put.token));
  const { uploads, taken } = await reserve(server, session, { vault, objects: [object] });
  if (taken.length > 0) return { outcome: "exists" };
  const upload = { ...uploads[0]!, vault, token };
  try {
    if (!(await server.blobs.receive(upload.id, put.bytes, object)))
      throw new KeepsakeError("upload.incomplete", { retry: "now" });
  } catch (error) {
    // Nobody knows this upload: its room would be taken until the sweep.
    await abandon(server, session, upload.id).catch(() => undefined);
    throw error;
  }
  const [outcome] = await commitReceived(server, session, [upload]);
  return { outcome: outcome! };
}

async function putInRow(server: Server, session: Session, put: Put): Promise<Stored> {
  const { db, clock, secrets } = server;
  const { vault, object, bytes: source } = put;
  if (!isStoreName(object.name)) throw new KeepsakeError("store.bad-name");
  const bytes = await wholeOf(source, object);
  const { name, sizeBytes, sha256, week = 0 } = object;
  const token = put.token && (await sealToken(server, { vault, name }, put.token));
  return db.transaction(async (query): Promise<Stored> => {
    const nowMs = clock.now();
    const { numInsertedOrUpdatedRows = 0n } = await query
      .insertInto("object")
      .values({ vault, name, sizeBytes, sha256, blob: "", bytes, storedMs: nowMs, week })
      .onConflict((conflict) => conflict.columns(["vault", "name"]).doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) {
      // A head that is put again says once more in which packs its keys lie: they may have been put back meanwhile.
      if (await isNewest(query, { vault, name, sha256 })) await nameFor(server, query, put);
      return { outcome: "exists" };
    }
    if (token !== undefined) await putToken(query, nowMs, { place: { vault, name }, token });
    const { member } = session;
    await takeRoom(query, member, { as: "usedBytes", bytes: sizeBytes, nowMs });
    await countVault(query, vault, { usedBytes: sizeBytes, objects: 1 });
    const head = name.startsWith("heads/") ? nameNumber(name.slice("heads/".length)) : undefined;
    if (head === undefined) return { outcome: "stored" };
    const receipt = await giveReceipt(query, secrets, { vault, head, headHash: sha256, atMs: nowMs });
    // After the receipt, whose row lets one head at a time through.
    await nameFor(server, query, put);
    const details = { vault, head, receipt: receipt.number };
    await note(query, nowMs, { member, kind: "head-stored", session: session.id, details });
    return { outcome: "stored", receipt };
  });
}

async function nameFor({ clock, config }: Server, query: Query, { vault, keyPacks }: Put): Promise<void> {
  if (keyPacks === undefined || keyPacks.length === 0) return;
  await nameKeyPacks(query, { vault, packs: keyPacks, nowMs: clock.now(), keepMs: keepMsOf(config) });
}

/** Whether this very head is the newest that there is. */
async function isNewest(
  query: Query,
  { vault, name, sha256 }: { readonly vault: string; readonly name: string; readonly sha256: string },
): Promise<boolean> {
  const newest = await query
    .selectFrom("object")
    .select(["name", "sha256"])
    .where("vault", "=", vault)
    .where("name", ">=", "heads/")
    .where("name", "<", "heads/~")
    .orderBy("name", "desc")
    .limit(1)
    .executeTakeFirst();
  return newest?.name === name && newest.sha256 === sha256;
}

/** All bytes of a small object. Throws `upload.wrong-content` where they are not what was announced. */
async function wholeOf(
  source: AsyncIterable<Uint8Array>,
  { sizeBytes, sha256 }: Announced,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of source) {
      length += chunk.length;
      if (length > sizeBytes) throw new KeepsakeError("upload.wrong-content");
      chunks.push(chunk);
    }
  } catch (error) {
    throw diskError(error);
  }
  const bytes = new Uint8Array(Buffer.concat(chunks));
  if (length < sizeBytes) throw new KeepsakeError("upload.incomplete", { retry: "now" });
  if (createHash("sha256").update(bytes).digest("hex") !== sha256)
    throw new KeepsakeError("upload.wrong-content");
  return bytes;
}

/** An object as it lies there. */
export interface Found {
  readonly sizeBytes: number;
  readonly sha256: string;
  /** What it is wrapped under; undefined where it came without, or where the token is lost. */
  readonly token: Bytes | undefined;
  /** Opens a range, which must lie within the object. */
  read(range: { readonly offset: number; readonly length: number }): Promise<Readable>;
}

/** Undefined where the vault has no object of that name. */
export async function findObject(
  server: Server,
  { vault, name }: { readonly vault: string; readonly name: string },
): Promise<Found | undefined> {
  const { db, blobs } = server;
  const row = await db.query
    .selectFrom("object")
    .leftJoin("keyToken", (join) =>
      join
        .onRef("keyToken.vault", "=", "object.vault")
        .onRef("keyToken.name", "=", "object.name")
        .on("keyToken.trash", "=", ""),
    )
    .select(["sizeBytes", "sha256", "blob", "bytes", "day", "sealed"])
    .where("object.vault", "=", vault)
    .where("object.name", "=", name)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { sizeBytes, sha256, blob, bytes, day, sealed } = row;
  return {
    sizeBytes,
    sha256,
    token: await openToken(server, { vault, name }, { day, sealed }),
    read: async (range) => {
      if (bytes !== null) return Readable.from([bytes.subarray(range.offset, range.offset + range.length)]);
      const stream = await blobs.read(blob, range);
      if (stream === undefined) throw new KeepsakeError("store.not-found", { details: { what: "blob" } });
      return stream;
    },
  };
}

/** Heads are at most this long where they are listed with their bytes. */
const MOST_LISTED_BYTES = 4096;

/**
 * Objects whose names begin with a prefix, in the order of names, after one of them. Small ones that lie in their
 * rows have their bytes with them where these are asked for.
 */
export async function listObjects(
  { db }: Server,
  asked: {
    readonly vault: string;
    readonly prefix: string;
    readonly after: string;
    readonly limit: number;
    readonly withBytes: boolean;
  },
): Promise<
  readonly { readonly name: string; readonly sizeBytes: number; readonly bytes?: Uint8Array | null }[]
> {
  const { vault, prefix, after, limit, withBytes } = asked;
  // Names are of letters, digits and a slash: what begins with the prefix lies before the prefix and a tilde.
  return db.query
    .selectFrom("object")
    .select(["name", "sizeBytes"])
    .$if(withBytes, (query) =>
      query.select((row) =>
        row.case().when("sizeBytes", "<=", MOST_LISTED_BYTES).then(row.ref("bytes")).end().as("bytes"),
      ),
    )
    .where("vault", "=", vault)
    .where("name", ">=", prefix)
    .where("name", "<", `${prefix}~`)
    .where("name", ">", after)
    .orderBy("name")
    .limit(limit)
    .execute();
}

/** Puts an object into the trash, from where it can be had back until it is swept. False where there is none. */
export async function removeObject(
  { db, clock, config }: Server,
  session: Session,
  { vault, name }: { readonly vault: string; readonly name: string },
): Promise<boolean> {
  const { member, id } = session;
  return db.transaction(async (query) => {
    const row = await query
      .deleteFrom("object")
      .where("vault", "=", vault)
      .where("name", "=", name)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return false;
    const [trash, removedMs] = [randomId(), clock.now()];
    await query
      .insertInto("trash")
      .values({ ...row, id: trash, removedMs, session: id, keptUntil: 0 })
      .execute();
    await removeToken(query, { vault, name }, { trash, untilMs: removedMs + keepMsOf(config) });
    const { sizeBytes } = row;
    await countRoom(
      query,
      { member, vault },
      { usedBytes: -sizeBytes, trashedBytes: sizeBytes, objects: -1 },
    );
    await note(query, removedMs, { member, kind: "object-removed", session: id, details: { vault, name } });
    return true;
  });
}
