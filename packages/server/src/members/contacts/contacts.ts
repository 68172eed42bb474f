import { KeepsakeError } from "@keepsake/core/base";
import { giveUp } from "../../cells/reconcile.ts";
import { isTaken, type Query } from "../../db/index.ts";
import { randomId } from "../../keys/ids.ts";
import type { ContactKind, Language } from "../../notices/channel.ts";
import type { Server } from "../../server.ts";
import { note } from "../events.ts";
import { lockMember } from "../lock.ts";
import type { Session } from "../sessions.ts";
import { askCode, takeCode, type ProvenContact } from "./codes.ts";
import {
  contactIndex,
  maskedContact,
  normalContact,
  sealContact,
  unsealContact,
  type Contact,
} from "./contact.ts";

const MOST_CONTACTS = 10;

/** A contact as its member sees it. */
export interface ContactLine {
  readonly id: string;
  readonly kind: ContactKind;
  readonly masked: string;
  readonly addedMs: number;
}

/** Sends a code to a contact that a member wants to have. Throws `base.invalid`, `notice.no-channel`. */
export async function beginContact(
  server: Server,
  session: Session,
  { contact, language }: { readonly contact: Contact; readonly language: Language },
): Promise<string> {
  const purpose = { purpose: "add-contact", subject: session.member } as const;
  return askCode(server, purpose, {
    contact: { ...normalContact(contact), language },
    from: session.member,
  });
}

/** Adds the contact that a code was sent to. Throws `member.wrong-code`, `member.taken`. */
export async function confirmContact(
  server: Server,
  session: Session,
  given: { readonly id: string; readonly code: string },
): Promise<ContactLine> {
  const { member } = session;
  const contact = await takeCode(
    server,
    { purpose: "add-contact", subject: member },
    { ...given, from: member },
  );
  const nowMs = server.clock.now();
  await server.cells.directory.claim([contactIndex(server.secrets, contact)]);
  try {
    return await server.db.transaction(async (query) => {
      const line = await insertContact(query, server, { member, contact, nowMs });
      const details = { contact: line.id, kind: line.kind };
      await note(query, nowMs, { member, kind: "contact-added", session: session.id, details });
      return line;
    });
  } catch (error) {
    if (isTaken(error)) throw new KeepsakeError("member.taken", { cause: error });
    throw error;
  }
}

/** Stores a contact that was proven; a unique index throws where another member has it. */
export async function insertContact(
  query: Query,
  { secrets }: Server,
  { member, contact, nowMs }: { member: string; contact: ProvenContact; nowMs: number },
): Promise<ContactLine> {
  await lockMember(query, member);
  const { count } = await query
    .selectFrom("contact")
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("member", "=", member)
    .executeTakeFirstOrThrow();
  if (Number(count) >= MOST_CONTACTS) throw new KeepsakeError("member.too-many-contacts");
  const id = randomId();
  const nameIndex = contactIndex(secrets, contact);
  const { kind, language } = contact;
  await query.insertInto("memberName").values({ nameIndex, member }).execute();
  await query
    .insertInto("contact")
    .values({ id, member, kind, nameIndex, language, sealed: sealContact(secrets, contact), addedMs: nowMs })
    .execute();
  return { id, kind, masked: maskedContact(contact), addedMs: nowMs };
}

/** A member's contacts, as much of each as lets its owner know it. */
export async function listContacts(
  { db, secrets }: Server,
  { member }: Session,
): Promise<readonly ContactLine[]> {
  const rows = await db.query
    .selectFrom("contact")
    .select(["id", "kind", "sealed", "addedMs"])
    .where("member", "=", member)
    .orderBy("addedMs")
    .orderBy("id")
    .execute();
  return rows.map(({ id, kind, sealed, addedMs }) => {
    const contact = unsealContact(secrets, kind as ContactKind, sealed);
    return { id, kind: contact.kind, masked: maskedContact(contact), addedMs };
  });
}

/** Removes a contact; it is told so itself too. Throws `request.not-found`. */
export async function removeContact(server: Server, session: Session, id: string): Promise<void> {
  const { db, clock } = server;
  const { member } = session;
  const name = await db.transaction(async (query) => {
    const row = await query
      .selectFrom("contact")
      .select(["kind", "nameIndex"])
      .where("member", "=", member)
      .where("id", "=", id)
      .executeTakeFirst();
    if (row === undefined) throw new KeepsakeError("request.not-found");
    const details = { contact: id, kind: row.kind };
    await note(query, clock.now(), { member, kind: "contact-removed", session: session.id, details });
    await query.deleteFrom("memberName").where("nameIndex", "=", row.nameIndex).execute();
    const { numDeletedRows } = await query.deleteFrom("contact").where("id", "=", id).executeTakeFirst();
    if (numDeletedRows === 0n) throw new KeepsakeError("request.not-found");
    return row.nameIndex;
  });
  await giveUp(server, [name]);
}
