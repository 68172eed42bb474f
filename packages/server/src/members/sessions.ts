import { KeepsakeError } from "@keepsake/core/base";
import { tagged } from "../cells/tags.ts";
import { fixed, type Query } from "../db/index.ts";
import { randomId, randomToken, tokenHash } from "../keys/ids.ts";
import type { Server } from "../server.ts";

/** A device that is logged in. */
export interface Session {
  readonly id: string;
  readonly member: string;
  /** Its Ed25519 public key in hex: every request is signed with it. */
  readonly deviceKey: string;
  readonly isOperator: boolean;
  /** When it may read and delete, by what is known so far; until a sweep makes this 0 it may only ask. */
  readonly fullFromMs: number;
  /** When it was last used, to the hour. */
  readonly seenMs: number;
}

/** How a session came about. */
export type Way = "sign-up" | "password" | "passkey" | "enrolled" | "reset";

/** What a device says of itself: its key, and what kind of device it is, for the list of devices. */
export interface DeviceClaim {
  readonly key: string;
  readonly platform: string;
}

const DAY_MS = 24 * 60 * 60_000;
/** A session that is not used for this long ends. */
const IDLE_DAYS = 365;
/** The time of the last use is no more exact than this. */
const SEEN_STEP_MS = 60 * 60_000;

/** Opens a session for a device; the token is given once, and only its hash is kept. */
export async function openSession(
  query: Query,
  { cell, nowMs }: { readonly cell: number; readonly nowMs: number },
  {
    member,
    device,
    way,
    fullFromMs = 0,
  }: { member: string; device: DeviceClaim; way: Way; fullFromMs?: number },
): Promise<{ readonly id: string; readonly token: string }> {
  const [id, token] = [randomId(), tagged(cell, randomToken())];
  await query
    .insertInto("session")
    .values({
      id,
      member,
      tokenHash: tokenHash(token),
      deviceKey: device.key,
      platform: device.platform,
      way,
      createdMs: nowMs,
      seenMs: nowMs,
      fullFromMs: fullFromMs,
      heardEvents: 0,
    })
    .execute();
  return { id, token };
}

const sessionOfToken = fixed((query, hash: string) =>
  query
    .selectFrom("session")
    .innerJoin("member", "member.id", "session.member")
    .select(["session.id", "member", "deviceKey", "fullFromMs", "seenMs", "isOperator", "member.state"])
    .where("tokenHash", "=", hash),
);

/** The session of a token. Throws `member.no-session`. */
export async function findSession({ db, clock }: Server, token: string): Promise<Session> {
  const row = await sessionOfToken(db.query, tokenHash(token));
  const nowMs = clock.now();
  if (row === undefined || row.state !== "active" || nowMs - row.seenMs > IDLE_DAYS * DAY_MS)
    throw new KeepsakeError("member.no-session");
  return {
    id: row.id,
    member: row.member,
    deviceKey: row.deviceKey,
    isOperator: row.isOperator === 1,
    fullFromMs: row.fullFromMs,
    seenMs: row.seenMs,
  };
}

/** Takes down that a device was here. */
export async function markSeen({ db, clock }: Server, { id, seenMs }: Session): Promise<void> {
  const nowMs = clock.now();
  if (nowMs - seenMs >= SEEN_STEP_MS)
    await db.query.updateTable("session").set({ seenMs: nowMs }).where("id", "=", id).execute();
}

/** Sessions that ended because nobody used them; so many at once. */
export async function sweepSessions(
  { db }: Server,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
): Promise<number> {
  const { numDeletedRows } = await db.query
    .deleteFrom("session")
    .where("id", "in", (row) =>
      row
        .selectFrom("session")
        .select("id")
        .where("seenMs", "<", nowMs - IDLE_DAYS * DAY_MS)
        .orderBy("seenMs")
        .limit(limit),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Whether a session is still there. */
export async function isOpen({ db }: Server, id: string): Promise<boolean> {
  const found = await db.query.selectFrom("session").select("id").where("id", "=", id).executeTakeFirst();
  return found !== undefined;
}

/** A line of a member's list of devices. */
export interface SessionLine {
  readonly id: string;
  readonly platform: string;
  readonly way: Way;
  readonly createdMs: number;
  readonly seenMs: number;
  readonly fullFromMs: number;
  readonly isThis: boolean;
}

/** All sessions of a member, the newest first. */
export async function listSessions({ db }: Server, session: Session): Promise<readonly SessionLine[]> {
  const rows = await db.query
    .selectFrom("session")
    .selectAll()
    .where("member", "=", session.member)
    .orderBy("createdMs", "desc")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    platform: row.platform,
    way: row.way as Way,
    createdMs: row.createdMs,
    seenMs: row.seenMs,
    fullFromMs: row.fullFromMs,
    isThis: row.id === session.id,
  }));
}

/** Ends one of a member's sessions; false where it has none of that id. */
export async function endSession(query: Query, member: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await query
    .deleteFrom("session")
    .where("member", "=", member)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Ends all sessions of a member but one, and says how many. */
export async function endOtherSessions(query: Query, { member, id }: Session): Promise<number> {
  const { numDeletedRows } = await query
    .deleteFrom("session")
    .where("member", "=", member)
    .where("id", "!=", id)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
