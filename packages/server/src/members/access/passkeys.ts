import { randomBytes } from "node:crypto";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { KeepsakeError } from "@keepsake/core/base";
import { isTaken, type Query } from "../../db/index.ts";
import { handleIn } from "../../cells/tags.ts";
import { randomId } from "../../keys/ids.ts";
import { indexOf, openTicket, sealTicket, type TicketOffice } from "../../keys/sealed.ts";
import type { Server } from "../../server.ts";
import { note } from "../events.ts";
import { openSession, type DeviceClaim, type Session } from "../sessions.ts";
import type { NewSession } from "../sign-up.ts";
import { lockMember } from "../lock.ts";
import { lockPassword } from "./reset.ts";

/*
 * Passkeys (WebAuthn) log in in place of the password. What a passkey derives for a vault (PRF) stays with the client:
 * a response that holds any of it is refused before it gets here.
 */

const TICKET_MS = 5 * 60_000;
const MOST_PASSKEYS = 20;
const NAME = "Keepsake";

/** Loaded with the first passkey: most servers start without one. */
const webauthn = () => import("@simplewebauthn/server");

interface PasskeyTicket {
  readonly id: string;
  /** Who registers; empty for a login. */
  readonly member: string;
  readonly challenge: string;
}

/** A passkey as its member sees it. */
export interface PasskeyLine {
  readonly id: string;
  readonly addedMs: number;
  readonly usedMs: number;
}

/** What an authenticator makes a passkey of. Throws `member.no-passkeys` where the server has no public address. */
export async function beginPasskey(
  server: Server,
  { member }: Session,
): Promise<{ readonly ticket: string; readonly options: object }> {
  const { id: rpID } = partyOf(server);
  const known = await listPasskeys(server, member);
  if (known.length >= MOST_PASSKEYS) throw new KeepsakeError("member.too-many-keys");
  const { generateRegistrationOptions } = await webauthn();
  const options = await generateRegistrationOptions({
    rpName: NAME,
    rpID,
    // Says nothing outside of this server, and is the same for all passkeys of a member.
    userID: handleIn(server.cell, Buffer.from(indexOf(server.secrets, "passkey", member), "hex")),
    userName: NAME,
    challenge: new Uint8Array(randomBytes(32)),
    attestationType: "none",
    excludeCredentials: known.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  return { ticket: ticketOf(server, member, options.challenge), options };
}

/** Adds the passkey that was made. Throws `member.bad-passkey`. */
export async function endPasskey(
  server: Server,
  session: Session,
  given: { readonly ticket: string; readonly response: RegistrationResponseJSON },
): Promise<PasskeyLine> {
  const { member } = session;
  const nowMs = server.clock.now();
  const ticket = openOwn(server, given.ticket, member);
  const { origin, id: expectedRPID } = partyOf(server);
  const { verifyRegistrationResponse } = await webauthn();
  const { registrationInfo } = await checked(() =>
    verifyRegistrationResponse({
      response: given.response,
      expectedChallenge: ticket.challenge,
      expectedOrigin: origin,
      expectedRPID,
      requireUserVerification: true,
    }),
  );
  if (registrationInfo === undefined) throw new KeepsakeError("member.bad-passkey");
  const { id, publicKey, counter } = registrationInfo.credential;
  return once(server, ticket, async (query) => {
    await lockMember(query, member);
    if ((await listPasskeys({ db: { query } }, member)).length >= MOST_PASSKEYS)
      throw new KeepsakeError("member.too-many-keys");
    await query
      .insertInto("passkey")
      .values({ id, member, publicKey, counter, addedMs: nowMs, usedMs: nowMs })
      .execute();
    await note(query, nowMs, { member, kind: "passkey-added", session: session.id });
    return { id, addedMs: nowMs, usedMs: nowMs };
  });
}

/** A member's passkeys, the oldest first. */
export async function listPasskeys(
  { db }: { readonly db: Pick<Server["db"], "query"> },
  member: string,
): Promise<readonly PasskeyLine[]> {
  return db.query
    .selectFrom("passkey")
    .select(["id", "addedMs", "usedMs"])
    .where("member", "=", member)
    .orderBy("addedMs")
    .orderBy("id")
    .execute();
}

/** Throws `request.not-found`. */
export async function removePasskey({ db, clock }: Server, session: Session, id: string): Promise<void> {
  const { member } = session;
  await db.transaction(async (query) => {
    const { numDeletedRows } = await query
      .deleteFrom("passkey")
      .where("member", "=", member)
      .where("id", "=", id)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw new KeepsakeError("request.not-found");
    await note(query, clock.now(), { member, kind: "passkey-removed", session: session.id });
  });
}

/** What any passkey of this server signs to log in: who it is, it says itself. */
export async function beginPasskeyLogin(
  server: Server,
): Promise<{ readonly ticket: string; readonly options: object }> {
  const { generateAuthenticationOptions } = await webauthn();
  const options = await generateAuthenticationOptions({
    rpID: partyOf(server).id,
    challenge: new Uint8Array(randomBytes(32)),
    userVerification: "required",
  });
  return { ticket: ticketOf(server, "", options.challenge), options };
}

/** Logs in by a passkey: a full session for the device. Throws `member.bad-passkey`. */
export async function endPasskeyLogin(
  server: Server,
  given: {
    readonly ticket: string;
    readonly response: AuthenticationResponseJSON;
    readonly device: DeviceClaim;
  },
): Promise<NewSession> {
  const nowMs = server.clock.now();
  const ticket = openOwn(server, given.ticket, "");
  const passkey = await server.db.query
    .selectFrom("passkey")
    .selectAll()
    .where("id", "=", given.response.id)
    .executeTakeFirst();
  if (passkey === undefined) throw new KeepsakeError("member.bad-passkey");
  const { id, member, counter } = passkey;
  const { origin, id: expectedRPID } = partyOf(server);
  const { verifyAuthenticationResponse } = await webauthn();
  const { verified, authenticationInfo } = await checked(() =>
    verifyAuthenticationResponse({
      response: given.response,
      expectedChallenge: ticket.challenge,
      expectedOrigin: origin,
      expectedRPID,
      credential: { id, counter, publicKey: new Uint8Array(passkey.publicKey) },
      requireUserVerification: true,
    }),
  );
  if (!verified) throw new KeepsakeError("member.bad-passkey");
  return once(server, ticket, async (query) => {
    await lockPassword(query, member);
    const { numUpdatedRows } = await query
      .updateTable("passkey")
      .set({ counter: authenticationInfo.newCounter, usedMs: nowMs })
      .where("id", "=", id)
      .where("counter", "=", counter)
      .executeTakeFirst();
    // Another login with it came in between, or it is gone.
    if (numUpdatedRows === 0n) throw new KeepsakeError("member.bad-passkey");
    const claim = { member, device: given.device, way: "passkey" } as const;
    const opened = await openSession(query, { cell: server.cell, nowMs }, claim);
    await note(query, nowMs, { member, kind: "logged-in", session: opened.id });
    return { member, session: opened.id, token: opened.token, fullFromMs: 0 };
  });
}

/** For whom passkeys are made: the name and the origin of the address where members reach the server. */
function partyOf({ config }: Server): { readonly id: string; readonly origin: string } {
  if (config.publicUrl === "") throw new KeepsakeError("member.no-passkeys");
  const { hostname, origin } = new URL(config.publicUrl);
  return { id: hostname, origin };
}

/** A login's is of no cell: it is asked for before anybody knows whose passkey it will be. */
function officeOf({ secrets, cell }: Server, member: string): TicketOffice {
  return { secrets, cell: member === "" ? 0 : cell };
}

function ticketOf(server: Server, member: string, challenge: string): string {
  const value: PasskeyTicket = { id: randomId(), member, challenge };
  return sealTicket(officeOf(server, member), "passkey", value, server.clock.now() + TICKET_MS);
}

function openOwn(server: Server, ticket: string, member: string): PasskeyTicket {
  const office = officeOf(server, member);
  const value = openTicket(office, "passkey", ticket, server.clock.now()) as PasskeyTicket | undefined;
  if (value?.member !== member) throw new KeepsakeError("member.bad-passkey");
  return value;
}

/** Spends a ticket together with what it allows. */
async function once<T>(
  { db, clock }: Server,
  { id }: PasskeyTicket,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction(async (query) => {
      await query
        .insertInto("spentTicket")
        .values({ id, untilMs: clock.now() + TICKET_MS })
        .execute();
      return work(query);
    });
  } catch (error) {
    if (isTaken(error)) throw new KeepsakeError("member.bad-passkey", { cause: error });
    throw error;
  }
}

/** The library throws plain errors for all that is wrong with a response. */
async function checked<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (cause) {
    throw new KeepsakeError("member.bad-passkey", { cause });
  }
}
