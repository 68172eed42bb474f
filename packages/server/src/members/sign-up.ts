import { KeepsakeError } from "@keepsake/core/base";
import { idIn } from "../cells/tags.ts";
import { isTaken as isTakenRow } from "../db/index.ts";
import { openTicket, sealTicket } from "../keys/sealed.ts";
import type { Server } from "../server.ts";
import { askCode, takeCode, type GivenCode, type ProvenContact } from "./contacts/codes.ts";
import { contactIndex, normalContact } from "./contacts/contact.ts";
import { insertContact } from "./contacts/contacts.ts";
import { note } from "./events.ts";
import { isGoodInvitation, spendInvitation, type Invitation } from "./invitations.ts";
import { inventedName, nameIndex, normalName } from "./names.ts";
import { finishRegistration, startRegistration } from "./password.ts";
import { openSession, type DeviceClaim } from "./sessions.ts";

/** A new session, and what its device needs to use it. */
export interface NewSession {
  readonly member: string;
  readonly session: string;
  readonly token: string;
  readonly fullFromMs: number;
}

const SIGN_UP_MS = 10 * 60_000;

interface SignUpTicket {
  readonly name: string;
  readonly contact: ProvenContact | undefined;
  readonly invitation: string | undefined;
}

const SIGN_UP_CODE = { purpose: "sign-up", subject: "" } as const;

/**
 * Sends a code to a contact that somebody wants to sign up with. Who has it already is told that there is no need for
 * it; who asks learns nothing of that. Throws `member.bad-invitation`, `notice.no-channel`, `base.invalid`.
 */
export async function beginSignUpContact(
  server: Server,
  {
    contact,
    from,
    invitation,
  }: {
    readonly contact: ProvenContact;
    readonly from: string;
    readonly invitation?: string | undefined;
  },
): Promise<string> {
  await requireInvitation(server, invitation);
  const normal = { ...normalContact(contact), language: contact.language };
  const taken = await isTaken(server, contactIndex(server.secrets, normal));
  return askCode(server, SIGN_UP_CODE, { contact: normal, from, message: taken ? "already" : "code" });
}

/** Takes the code back; what it gives begins a sign-up. Throws `member.wrong-code`. */
export async function endSignUpContact(server: Server, given: GivenCode): Promise<string> {
  const contact = await takeCode(server, SIGN_UP_CODE, given);
  return sealTicket(server, "sign-up-contact", contact, server.clock.now() + SIGN_UP_MS);
}

/**
 * Begins a sign-up: the name (or one that is made up) is free, the invitation good. Nothing is stored yet.
 * Throws `member.bad-invitation`, `member.taken`, `base.invalid`.
 */
export async function startSignUp(
  server: Server,
  asked: {
    readonly name?: string | undefined;
    readonly invitation?: string | undefined;
    /** Of a contact that was proven. */
    readonly contact?: string | undefined;
    readonly registrationRequest: string;
  },
): Promise<{
  readonly name: string;
  readonly ticket: string;
  readonly registration: string;
  readonly registrationResponse: string;
}> {
  const { secrets, clock } = server;
  const { invitation } = asked;
  await requireInvitation(server, invitation);
  const contact = asked.contact === undefined ? undefined : contactOf(server, asked.contact);
  const name = asked.name === undefined ? inventedName() : normalName(asked.name);
  if (await isTaken(server, nameIndex(secrets, name))) throw new KeepsakeError("member.taken");
  const { ticket: registration, registrationResponse } = startRegistration(server, asked.registrationRequest);
  const value: SignUpTicket = { name, contact, invitation };
  return {
    name,
    ticket: sealTicket(server, "sign-up", value, clock.now() + SIGN_UP_MS),
    registration,
    registrationResponse,
  };
}

async function requireInvitation(server: Server, invitation: string | undefined): Promise<void> {
  if (server.config.signUp === "open" && invitation === undefined) return;
  if (invitation === undefined || !(await isGoodInvitation(server, invitation)))
    throw new KeepsakeError("member.bad-invitation");
}

async function isTaken({ db, cells }: Server, index: string): Promise<boolean> {
  const row = await db.query
    .selectFrom("memberName")
    .select("member")
    .where("nameIndex", "=", index)
    .executeTakeFirst();
  return row !== undefined || (await cells.directory.isElsewhere([index]));
}

function contactOf(server: Server, ticket: string): ProvenContact {
  const contact = openTicket(server, "sign-up-contact", ticket, server.clock.now());
  if (contact === undefined)
    throw new KeepsakeError("request.invalid", { details: { where: "/contact", rule: "age" } });
  return contact as ProvenContact;
}

/** Makes the member and its first session. Throws as the start does, where somebody was quicker. */
export async function finishSignUp(
  server: Server,
  given: {
    readonly ticket: string;
    readonly registration: string;
    readonly registrationRecord: string;
    readonly device: DeviceClaim;
  },
): Promise<NewSession> {
  const { db, secrets, clock, config } = server;
  const asked = openTicket(server, "sign-up", given.ticket, clock.now()) as SignUpTicket | undefined;
  if (asked === undefined)
    throw new KeepsakeError("request.invalid", { details: { where: "/ticket", rule: "age" } });
  const password = finishRegistration(server, {
    ticket: given.registration,
    registrationRecord: given.registrationRecord,
  });
  const [member, nowMs] = [idIn(server.cell), clock.now()];
  const open: Invitation = { isOperator: false, quotaBytes: config.quotaBytes };
  const name = nameIndex(secrets, asked.name);
  const contact = asked.contact === undefined ? [] : [contactIndex(secrets, asked.contact)];
  // Before the rows: what is claimed and then not used is given up later.
  await server.cells.directory.claim([name, ...contact]);
  try {
    return await db.transaction(async (query) => {
      const { isOperator, quotaBytes } =
        asked.invitation === undefined ? open : await spendInvitation(query, server, asked.invitation);
      await query
        .insertInto("member")
        .values({
          id: member,
          credential: password.credential,
          record: password.record,
          isOperator: isOperator ? 1 : 0,
          state: "active",
          createdMs: nowMs,
          quotaBytes,
          ownBytes: quotaBytes,
          usedBytes: 0,
          reservedBytes: 0,
          trashedBytes: 0,
          events: 0,
          eventHash: "",
          deviceApproval: 0,
          roomStep: 0,
          roomRefused: 0,
        })
        .execute();
      await query.insertInto("memberName").values({ nameIndex: name, member }).execute();
      if (asked.contact !== undefined)
        await insertContact(query, server, { member, contact: asked.contact, nowMs });
      const { id: session, token } = await openSession(
        query,
        { cell: server.cell, nowMs },
        {
          member,
          device: given.device,
          way: "sign-up",
        },
      );
      await note(query, nowMs, { member, kind: "signed-up", session });
      return { member, session, token, fullFromMs: 0 };
    });
  } catch (error) {
    if (isTakenRow(error)) throw new KeepsakeError("member.taken", { cause: error });
    throw error;
  }
}
