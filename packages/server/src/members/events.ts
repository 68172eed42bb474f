import { createHash } from "node:crypto";
import type { MemberEventKind } from "@keepsake/core/protocol";
import type { Query } from "../db/index.ts";
import { tellContacts } from "../notices/queue.ts";
import type { Server } from "../server.ts";

/** An entry of the log of a member. It names devices and vaults by their ids, and never holds content. */
export interface MemberEvent {
  readonly number: number;
  readonly atMs: number;
  readonly kind: MemberEventKind;
  /** The session that did it. */
  readonly session: string;
  readonly details: Readonly<Record<string, string | number>>;
  /** SHA-256 over the hash of the event before and this one: none can be left out or changed unnoticed. */
  readonly hash: string;
}

/** What is to be noted. */
export interface NewEvent {
  readonly member: string;
  readonly kind: MemberEventKind;
  readonly session: string;
  readonly details?: MemberEvent["details"];
}

/**
 * Notes an event in the transaction of what it tells of; every device of the member hears of it, and of those that
 * matter for the membership itself every contact too.
 */
export async function note(query: Query, nowMs: number, event: NewEvent): Promise<void> {
  const { member, kind, session, details = {} } = event;
  const before = await query
    .updateTable("member")
    .set((row) => ({ events: row("events", "+", 1) }))
    .where("id", "=", member)
    .returning(["events", "eventHash"])
    .executeTakeFirstOrThrow();
  const told = { number: before.events, atMs: nowMs, kind, session, details };
  const hash = eventHash(before.eventHash, told);
  await query
    .insertInto("memberEvent")
    .values({
      member,
      number: told.number,
      atMs: nowMs,
      kind,
      session,
      details: JSON.stringify(details),
      hash,
    })
    .execute();
  await query.updateTable("member").set({ eventHash: hash }).where("id", "=", member).execute();
  await tellContacts(query, { member, event: told.number, kind, nowMs });
}

/** The hash that a member can compute again. */
function eventHash(
  before: string,
  { number, atMs, kind, session, details }: Omit<MemberEvent, "hash">,
): string {
  const text = JSON.stringify([
    before,
    number,
    atMs,
    kind,
    session,
    Object.entries(details).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
  return createHash("sha256").update(text).digest("hex");
}

/** Remembers how far a device has fetched events: that it was told of them. */
export async function markHeard({ db }: Pick<Server, "db">, session: string, number: number): Promise<void> {
  await db.query
    .updateTable("session")
    .set({ heardEvents: number })
    .where("id", "=", session)
    .where("heardEvents", "<", number)
    .execute();
}

/** Events after a number, the oldest first. */
export async function eventsAfter(
  { db }: Pick<Server, "db">,
  member: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly MemberEvent[]> {
  const rows = await db.query
    .selectFrom("memberEvent")
    .selectAll()
    .where("member", "=", member)
    .where("number", ">", after)
    .orderBy("number")
    .limit(limit)
    .execute();
  return rows.map(({ number, atMs, kind, session, details, hash }) => ({
    number,
    atMs,
    kind: kind as MemberEventKind,
    session,
    details: JSON.parse(details) as MemberEvent["details"],
    hash,
  }));
}
