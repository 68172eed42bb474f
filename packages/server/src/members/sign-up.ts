import { KeepsakeError } from "@keepsake/core/base";
import { isTaken } from "../db/index.ts";
import { openTicket, sealTicket } from "../keys/sealed.ts";
import { randomId } from "../keys/ids.ts";
import type { Server } from "../server.ts";
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
  readonly invitation: string | undefined;
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
    readonly registrationRequest: string;
  },
): Promise<{
  readonly name: string;
  readonly ticket: string;
  readonly registration: string;
  readonly registrationResponse: string;
}> {
  const { config, db, secrets, clock } = server;
  const { invitation } = asked;
  if (config.signUp === "invitation" || invitation !== undefined) {
    if (invitation === undefined || !(await isGoodInvitation(server, invitation)))
      throw new KeepsakeError("member.bad-invitation");
  }
  const name = asked.name === undefined ? inventedName() : normalName(asked.name);
  const taken = await db.query
    .selectFrom("memberName")
    .select("member")
    .where("nameIndex", "=", nameIndex(secrets, name))
    .executeTakeFirst();
  if (taken !== undefined) throw new KeepsakeError("member.taken");
  const { ticket: registration, registrationResponse } = startRegistration(server, asked.registrationRequest);
  const value: SignUpTicket = { name, invitation };
  return {
    name,
    ticket: sealTicket(secrets, "sign-up", value, clock.now() + SIGN_UP_MS),
    registration,
    registrationResponse,
  };
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
  const asked = openTicket(secrets, "sign-up", given.ticket, clock.now()) as SignUpTicket | undefined;
  if (asked === undefined)
    throw new KeepsakeError("request.invalid", { details: { where: "/ticket", rule: "age" } });
  const password = finishRegistration(server, {
    ticket: given.registration,
    registrationRecord: given.registrationRecord,
  });
  const [member, nowMs] = [randomId(), clock.now()];
  const open: Invitation = { isOperator: false, quotaBytes: config.quotaBytes };
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
          quotaBytes: quotaBytes,
          usedBytes: 0,
          reservedBytes: 0,
          trashedBytes: 0,
          events: 0,
          eventHash: "",
        })
        .execute();
      await query
        .insertInto("memberName")
        .values({ nameIndex: nameIndex(secrets, asked.name), member })
        .execute();
      const { id: session, token } = await openSession(query, nowMs, {
        member,
        device: given.device,
        way: "sign-up",
      });
      await note(query, nowMs, { member, kind: "signed-up", session });
      return { member, session, token, fullFromMs: 0 };
    });
  } catch (error) {
    if (isTaken(error)) throw new KeepsakeError("member.taken", { cause: error });
    throw error;
  }
}
