import { randomInt, timingSafeEqual } from "node:crypto";
import { KeepsakeError } from "@keepsake/core/base";
import { idIn } from "../../cells/tags.ts";
import { indexOf } from "../../keys/sealed.ts";
import { requireChannel } from "../../notices/channels.ts";
import type { ContactKind, Language } from "../../notices/channel.ts";
import { sendCode } from "../../notices/queue.ts";
import type { Server } from "../../server.ts";
import { countTry, forgetTries } from "../access/tries.ts";
import { contactIndex, sealContact, unsealContact, type Contact } from "./contact.ts";

const CODE_MS = 10 * 60_000;
const TRIES = 5;
const DIGITS = 6;

/** What a code is for. One for another purpose, or of another member, is a wrong one. */
interface Purpose {
  readonly purpose: "add-contact" | "sign-up" | "reset" | "bill-contact";
  /** A member, or an account that pays; empty where there is none yet. */
  readonly subject: string;
}

/** A code that is given back. */
export interface GivenCode {
  readonly id: string;
  readonly code: string;
  /** Who gives it: an address, or a member. */
  readonly from: string;
}

/** A contact that a code was given back for. */
export interface ProvenContact extends Contact {
  readonly language: Language;
}

/** Sends six digits to a contact, and gives the id under which they are given back. Throws `notice.no-channel`, `request.too-many`. */
export async function askCode(
  server: Server,
  { purpose, subject }: Purpose,
  {
    contact,
    from,
    message = "code",
  }: {
    readonly contact: ProvenContact;
    /** Who asks: an address, or a member. */
    readonly from: string;
    readonly message?: string;
  },
): Promise<string> {
  const { db, secrets, channels, clock } = server;
  const { kind, language } = contact;
  requireChannel(channels, kind);
  await countTry(server, "send-from", from);
  await countSend(server, contactIndex(secrets, contact), from);
  const id = idIn(server.cell);
  const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, "0");
  const sealed = sealContact(secrets, contact);
  await db.transaction(async (query) => {
    await query
      .insertInto("code")
      .values({
        id,
        purpose,
        subject,
        kind,
        sealed,
        language,
        codeHash: codeHash(server, id, code),
        triesLeft: TRIES,
        untilMs: clock.now() + CODE_MS,
      })
      .execute();
    await sendCode(query, server, { kind, language, sealed, code, message });
  });
  return id;
}

/** No stranger keeps the owner of a contact from a code for long, and none has more than some eighty sent to it in a day. */
async function countSend(server: Server, contact: string, from: string): Promise<void> {
  const asked = await countTry(server, "send-code", sentFrom(contact, from));
  try {
    await countTry(server, "send-to", contact);
  } catch (error) {
    if (asked > 1 || !KeepsakeError.is(error, "request.too-many")) throw error;
    await countTry(server, "send-to-new", contact);
  }
}

/** Who gave the right code back may ask for more. */
async function forgetSends(server: Server, contact: string, from: string): Promise<void> {
  await forgetTries(server, "send-code", sentFrom(contact, from));
  for (const what of ["send-to", "send-to-new"] as const) await forgetTries(server, what, contact);
}

function sentFrom(contact: string, from: string): string {
  return `${contact}\0${from}`;
}

/**
 * Takes a code back: once, within ten minutes, with five tries, which are counted before the code is looked at.
 * Throws `member.wrong-code`.
 */
export async function takeCode(
  server: Server,
  { purpose, subject }: Pick<Purpose, "purpose"> & Partial<Purpose>,
  { id, code, from }: GivenCode,
): Promise<ProvenContact & Pick<Purpose, "subject">> {
  const { db, secrets, clock } = server;
  const row = await db.query
    .updateTable("code")
    .set((old) => ({ triesLeft: old("triesLeft", "-", 1) }))
    .where("id", "=", id)
    .where("purpose", "=", purpose)
    .$if(subject !== undefined, (update) => update.where("subject", "=", subject!))
    .where("triesLeft", ">", 0)
    .where("untilMs", ">=", clock.now())
    .returning(["codeHash", "subject", "kind", "language", "sealed"])
    .executeTakeFirst();
  if (row === undefined || !isSame(row.codeHash, codeHash(server, id, code)))
    throw new KeepsakeError("member.wrong-code");
  const { numDeletedRows } = await db.query.deleteFrom("code").where("id", "=", id).executeTakeFirst();
  if (numDeletedRows === 0n) throw new KeepsakeError("member.wrong-code");
  const contact = unsealContact(secrets, row.kind as ContactKind, row.sealed);
  await forgetSends(server, contactIndex(secrets, contact), from);
  return { ...contact, language: row.language as Language, subject: row.subject };
}

function codeHash({ secrets }: Server, id: string, code: string): string {
  return indexOf(secrets, "code", `${id}\0${code}`);
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
