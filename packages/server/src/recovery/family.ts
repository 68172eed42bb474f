import { KeepsakeError } from "@keepsake/core/base";
import { isTaken, type Query } from "../db/index.ts";
import { seal, unseal } from "../keys/sealed.ts";
import { note } from "../members/events.ts";
import { lockMember } from "../members/lock.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";
import type { FamilyKeyTable, FamilyShareTable } from "./tables.ts";

/*
 * Two shares open a family slot. One is sealed to the helper, the other lies here and is given out after days in which
 * the member was told again and again and said nothing. Neither the helper nor the server can do it alone.
 */

const DAY_MS = 24 * 60 * 60_000;
/** A step of the wait counts for no more than this, whatever the clock says: time in which nobody was told is no wait. */
const MOST_STEP_MS = 20 * 60_000;
const MOST_SHARES = 10;
const PURPOSE = "family/share";

type FamilyEvent =
  "family-set" | "family-removed" | "family-started" | "family-notice" | "family-vetoed" | "family-released";

/** Notes what happens to a member's family slot: every device hears of it, and contacts of what they should know. */
async function tellAll(
  query: Query,
  nowMs: number,
  { member, kind, session, share }: { member: string; kind: FamilyEvent; session: string; share: string },
): Promise<void> {
  await note(query, nowMs, { member, kind, session, details: { share } });
}

/** Publishes the key to which shares are sealed for this member. */
export async function setFamilyKey(
  { db, clock }: Server,
  { member }: Session,
  { publicKey, epoch }: { readonly publicKey: string; readonly epoch: number },
): Promise<void> {
  const row = { member, publicKey, epoch, setMs: clock.now() };
  await db.query
    .insertInto("familyKey")
    .values(row)
    .onConflict((conflict) => conflict.column("member").doUpdateSet({ publicKey, epoch, setMs: row.setMs }))
    .execute();
}

/** A key to which shares are sealed. */
export type FamilyKey = Pick<FamilyKeyTable, "publicKey" | "epoch">;

/** The key of a member of this cell who may help. Throws `family.no-helper`. */
export async function ownFamilyKey({ db }: Server, member: string): Promise<FamilyKey> {
  const row = await db.query
    .selectFrom("familyKey")
    .innerJoin("member", "member.id", "familyKey.member")
    .select(["publicKey", "epoch"])
    .where("familyKey.member", "=", member)
    .where("member.state", "=", "active")
    .executeTakeFirst();
  if (row === undefined) throw new KeepsakeError("family.no-helper");
  return row;
}

export interface NewShare {
  readonly share: string;
  readonly helper: string;
  readonly box: string;
  /** The server's share, in hex. */
  readonly delayed: string;
  readonly waitDays: number;
}

/** Keeps the shares of a new family slot, whose helper was asked for. Throws `server.taken`. */
export async function keepShare(server: Server, session: Session, given: NewShare): Promise<void> {
  const { share: id, helper, box, delayed, waitDays } = given;
  const { member } = session;
  const sealed = seal(server.secrets, PURPOSE, Buffer.from(delayed, "hex"));
  const fresh = { state: "kept", waitedMs: 0, tickedMs: 0, notices: 0 } as const;
  const nowMs = server.clock.now();
  try {
    await server.db.transaction(async (query) => {
      await lockMember(query, member);
      const rows = await query.selectFrom("familyShare").select("id").where("member", "=", member).execute();
      if (rows.length >= MOST_SHARES) throw new KeepsakeError("server.taken");
      await query
        .insertInto("familyShare")
        .values({ id, member, helper, box, sealed, waitDays, ...fresh })
        .execute();
      await tellAll(query, nowMs, { member, kind: "family-set", session: session.id, share: id });
    });
  } catch (error) {
    if (isTaken(error)) throw new KeepsakeError("server.taken", { cause: error });
    throw error;
  }
}

/** A family slot as the two see it. */
export type ShareLine = Pick<
  FamilyShareTable,
  "id" | "member" | "helper" | "waitDays" | "state" | "waitedMs" | "notices"
>;

/** The family slots of this cell that a member has, and those in which it may help. */
export function listShares({ db }: Server, member: string): Promise<readonly ShareLine[]> {
  return db.query
    .selectFrom("familyShare")
    .select(["id", "member", "helper", "waitDays", "state", "waitedMs", "notices"])
    .where((row) => row.or([row("member", "=", member), row("helper", "=", member)]))
    .orderBy("id")
    .execute();
}

/** The helper asks for the other share: the member is told at once, and then every day. Throws `family.unknown`. */
export async function startWait(server: Server, helper: string, share: string): Promise<void> {
  const nowMs = server.clock.now();
  await server.db.transaction(async (query) => {
    const row = await shareWhere(query, share, { helper });
    if (row.state !== "kept") return;
    const begun = { state: "waiting", waitedMs: 0, tickedMs: nowMs, notices: 1 } as const;
    await query.updateTable("familyShare").set(begun).where("id", "=", share).execute();
    await tellAll(query, nowMs, { member: row.member, kind: "family-started", session: "", share });
  });
}

/** The member says no, on any device: the wait is over and has counted for nothing. Throws `family.unknown`. */
export async function veto(server: Server, session: Session, share: string): Promise<void> {
  const nowMs = server.clock.now();
  const { member, id } = session;
  await server.db.transaction(async (query) => {
    const row = await shareWhere(query, share, { member });
    if (row.state === "kept") return;
    const back = { state: "kept", waitedMs: 0, notices: 0 } as const;
    await query.updateTable("familyShare").set(back).where("id", "=", share).execute();
    await tellAll(query, nowMs, { member, kind: "family-vetoed", session: id, share });
  });
}

/** Gives the helper both shares, once the wait is over. Throws `family.unknown`, `family.waiting`. */
export async function takeShares(
  server: Server,
  helper: string,
  share: string,
): Promise<{ readonly box: string; readonly delayed: string }> {
  const row = await shareWhere(server.db.query, share, { helper });
  if (row.state !== "released") {
    const left = Math.ceil(row.waitDays - (row.state === "waiting" ? row.waitedMs / DAY_MS : 0));
    throw new KeepsakeError("family.waiting", { retry: "later", details: { state: row.state, days: left } });
  }
  const delayed = unseal(server.secrets, PURPOSE, row.sealed);
  if (delayed === undefined) throw new KeepsakeError("server.bad-secrets");
  return { box: row.box, delayed: Buffer.from(delayed).toString("hex") };
}

/** Forgets the shares of a slot: the helper's is worth nothing any more. Throws `family.unknown`. */
export async function removeShare(server: Server, session: Session, share: string): Promise<void> {
  const { member, id } = session;
  await server.db.transaction(async (query) => {
    await shareWhere(query, share, { member });
    await query.deleteFrom("familyShare").where("id", "=", share).execute();
    await tellAll(query, server.clock.now(), { member, kind: "family-removed", session: id, share });
  });
}

/** A helper is gone: the slots in which he could help go as well, or one of them, and their members hear of it. */
export async function endHelp(
  query: Query,
  nowMs: number,
  { helper, share }: { readonly helper: string; readonly share?: string },
): Promise<void> {
  const helped = await query
    .deleteFrom("familyShare")
    .where("helper", "=", helper)
    .$if(share !== undefined, (one) => one.where("id", "=", share!))
    .returning(["id", "member"])
    .execute();
  for (const { id, member } of helped)
    if (member !== helper)
      await tellAll(query, nowMs, { member, kind: "family-removed", session: "", share: id });
}

/**
 * Goes on with all waits by the time that has passed since the last step. It counts only while the server runs and
 * tells the member: a clock that jumps shortens nothing.
 */
export async function stepWaits(server: Server): Promise<void> {
  const waiting = await server.db.query
    .selectFrom("familyShare")
    .select("id")
    .where("state", "=", "waiting")
    .execute();
  for (const { id } of waiting)
    await server.db.transaction((query) => stepWait(query, id, server.clock.now()));
}

async function stepWait(query: Query, share: string, nowMs: number): Promise<void> {
  const row = await query
    .selectFrom("familyShare")
    .selectAll()
    .where("id", "=", share)
    .where("state", "=", "waiting")
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return;
  const stepMs = Math.min(Math.max(0, nowMs - row.tickedMs), MOST_STEP_MS);
  const waitedMs = row.waitedMs + stepMs;
  const isNoticeDue = Math.floor(waitedMs / DAY_MS) >= row.notices;
  const notices = row.notices + (isNoticeDue ? 1 : 0);
  // The first notice is that of the start.
  const isOver = waitedMs >= row.waitDays * DAY_MS && notices > row.waitDays;
  const state = isOver ? "released" : "waiting";
  await query
    .updateTable("familyShare")
    .set({ waitedMs, tickedMs: nowMs, notices, state })
    .where("id", "=", share)
    .execute();
  const { member } = row;
  if (isNoticeDue) await tellAll(query, nowMs, { member, kind: "family-notice", session: "", share });
  if (isOver) await tellAll(query, nowMs, { member, kind: "family-released", session: "", share });
}

async function shareWhere(
  query: Query,
  share: string,
  who: { readonly member: string } | { readonly helper: string },
): Promise<FamilyShareTable> {
  const all = query.selectFrom("familyShare").selectAll().where("id", "=", share);
  const mine = "member" in who ? all.where("member", "=", who.member) : all.where("helper", "=", who.helper);
  const row = await mine.executeTakeFirst();
  if (row === undefined) throw new KeepsakeError("family.unknown");
  return row;
}
