import { KeepsakeError } from "@keepsake/core/base";
import { isTaken, type Query } from "../../db/index.ts";
import { randomId } from "../../keys/ids.ts";
import { openTicket, sealTicket } from "../../keys/sealed.ts";
import type { Language } from "../../notices/channel.ts";
import type { Server } from "../../server.ts";
import { askCode, takeCode, type GivenCode } from "../contacts/codes.ts";
import { contactIndex, normalContact, type Contact } from "../contacts/contact.ts";
import { note } from "../events.ts";
import { finishRegistration, startRegistration, type PasswordRecord } from "../password.ts";
import { openSession, type DeviceClaim, type Session } from "../sessions.ts";
import type { NewSession } from "../sign-up.ts";

/*
 * A forgotten password is reset by a code to a contact. Whoever has the contact may be a thief: for seven days what
 * comes of it reads and changes nothing, everybody is told, and any device that is logged in takes it back.
 */

const WAIT_MS = 7 * 24 * 60 * 60_000;
const TICKET_MS = 10 * 60_000;

interface ResetTicket {
  readonly id: string;
  readonly member: string;
}

/** Sends a code to a contact, if it is some member's; who asks does not learn whether it is. Throws `notice.no-channel`. */
export async function beginReset(
  server: Server,
  {
    contact,
    language,
    from,
  }: { readonly contact: Contact; readonly language: Language; readonly from: string },
): Promise<string> {
  const normal = normalContact(contact);
  const known = await server.db.query
    .selectFrom("contact")
    .innerJoin("member", "member.id", "contact.member")
    .select("member.id as member")
    .where("nameIndex", "=", contactIndex(server.secrets, normal))
    .where("state", "=", "active")
    .executeTakeFirst();
  const purpose = { purpose: "reset", subject: known?.member ?? randomId() } as const;
  const message = known === undefined ? "nobody" : "reset-code";
  return askCode(server, purpose, { contact: { ...normal, language }, from, message });
}

/** Takes the code back and begins a new password. Throws `member.wrong-code`. */
export async function continueReset(
  server: Server,
  given: GivenCode & { readonly registrationRequest: string },
): Promise<{
  readonly ticket: string;
  readonly registration: string;
  readonly registrationResponse: string;
}> {
  const { ticket: registration, registrationResponse } = startRegistration(server, given.registrationRequest);
  const { subject: member } = await takeCode(server, { purpose: "reset" }, given);
  const value: ResetTicket = { id: randomId(), member };
  const untilMs = server.clock.now() + TICKET_MS;
  return { ticket: sealTicket(server, "reset", value, untilMs), registration, registrationResponse };
}

/** Sets the new password, keeps the old one for a week, and gives a session that is limited for as long. */
export async function finishReset(
  server: Server,
  given: {
    readonly ticket: string;
    readonly registration: string;
    readonly registrationRecord: string;
    readonly device: DeviceClaim;
  },
): Promise<NewSession> {
  const { db, clock } = server;
  const nowMs = clock.now();
  const ticket = openTicket(server, "reset", given.ticket, nowMs) as ResetTicket | undefined;
  if (ticket === undefined) throw new KeepsakeError("member.wrong-code");
  const { member } = ticket;
  const fresh = finishRegistration(server, { ...given, ticket: given.registration });
  const untilMs = nowMs + WAIT_MS;
  try {
    return await db.transaction(async (query) => {
      await query
        .insertInto("spentTicket")
        .values({ id: ticket.id, untilMs: nowMs + TICKET_MS })
        .execute();
      const now = await lockPassword(query, member);
      const before = await pendingReset(query, member);
      // A second reset must not push out the password from before the first.
      const { credential, record } = before ?? now;
      await query.deleteFrom("reset").where("member", "=", member).execute();
      await query
        .insertInto("reset")
        .values({ member, credential, record, beganMs: nowMs, untilMs })
        .execute();
      await endResetSessions(query, member);
      await query.updateTable("member").set(fresh).where("id", "=", member).execute();
      const opened = { member, device: given.device, way: "reset", fullFromMs: untilMs } as const;
      const { id: session, token } = await openSession(query, { cell: server.cell, nowMs }, opened);
      await note(query, nowMs, { member, kind: "reset-begun", session, details: { untilMs } });
      return { member, session, token, fullFromMs: untilMs };
    });
  } catch (error) {
    if (isTaken(error)) throw new KeepsakeError("member.wrong-code", { cause: error });
    throw error;
  }
}

/** Takes a reset back: the old password holds again, and all sessions that came of it are gone. Throws `request.not-found`. */
export async function cancelReset({ db, clock }: Server, session: Session): Promise<number> {
  const { member } = session;
  const nowMs = clock.now();
  return db.transaction(async (query) => {
    await lockPassword(query, member);
    const reset = await pendingReset(query, member);
    if (reset === undefined) throw new KeepsakeError("request.not-found");
    const { credential, record } = reset;
    await query.updateTable("member").set({ credential, record }).where("id", "=", member).execute();
    await query.deleteFrom("reset").where("member", "=", member).execute();
    const ended = await endResetSessions(query, member);
    await note(query, nowMs, { member, kind: "reset-cancelled", session: session.id, details: { ended } });
    return ended;
  });
}

/** The reset that a member can still cancel: it is there until the sweep says that its days are over. */
export async function pendingReset(
  query: Query,
  member: string,
): Promise<(PasswordRecord & { readonly untilMs: number }) | undefined> {
  return query
    .selectFrom("reset")
    .select(["credential", "record", "untilMs"])
    .where("member", "=", member)
    .executeTakeFirst();
}

/** Locks the member's row, by which all that changes passwords and sessions waits for each other. */
export async function lockPassword(query: Query, member: string): Promise<PasswordRecord> {
  const row = await query
    .selectFrom("member")
    .select(["credential", "record"])
    .where("id", "=", member)
    .where("state", "=", "active")
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new KeepsakeError("member.wrong-code");
  return row;
}

/** A reset that is the member's own stays: its password holds, and nothing can take it back any more. */
export async function keepReset(
  query: Query,
  nowMs: number,
  { member, session }: { readonly member: string; readonly session: string },
): Promise<void> {
  const { numDeletedRows } = await query.deleteFrom("reset").where("member", "=", member).executeTakeFirst();
  if (numDeletedRows > 0n) await note(query, nowMs, { member, kind: "reset-ended", session });
}

/** Resets that nobody took back in time. */
export async function endOldResets({ db }: Server, nowMs: number): Promise<void> {
  const old = await db.query.selectFrom("reset").select("member").where("untilMs", "<=", nowMs).execute();
  for (const { member } of old)
    await db.transaction(async (query) => {
      await lockPassword(query, member);
      // A second one may have begun meanwhile.
      if (((await pendingReset(query, member))?.untilMs ?? nowMs) <= nowMs)
        await keepReset(query, nowMs, { member, session: "" });
    });
}

async function endResetSessions(query: Query, member: string): Promise<number> {
  const { numDeletedRows } = await query
    .deleteFrom("session")
    .where("member", "=", member)
    .where("way", "=", "reset")
    .where("fullFromMs", ">", 0)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
