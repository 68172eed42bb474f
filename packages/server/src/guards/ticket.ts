import { createPublicKey, verify } from "node:crypto";
import { KeepsakeError } from "@keepsake/core/base";
import { isTaken, type Query } from "../db/index.ts";
import { randomId } from "../keys/ids.ts";
import { indexOf } from "../keys/sealed.ts";
import type { Secrets } from "../keys/secrets.ts";
import { note } from "../members/events.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";
import { receiptKey, signText } from "../vaults/receipts.ts";

/*
 * A guard knows no members and no sessions. Whoever asks it brings a ticket, signed by the server that knows the member
 * with the key of its receipts; the guard in the same process is asked in the same way.
 */

/** What a ticket allows, once, for one record. */
export type Purpose = "make" | "use" | "remove";

export interface GuardTicket {
  readonly issuer: string;
  readonly owner: string;
  readonly purpose: Purpose;
  readonly record: string;
  readonly nonce: string;
  readonly untilMs: number;
}

const TICKET_MS = 2 * 60_000;

/** Tickets for records of the member's; all devices hear of each question. Only a full session may have them. */
export async function giveTickets(
  { db, clock, secrets }: Server,
  { member, id: session }: Session,
  { purpose, records }: { readonly purpose: Purpose; readonly records: readonly string[] },
): Promise<readonly string[]> {
  const nowMs = clock.now();
  const kind = ({ make: "guard-set", use: "guard-asked", remove: "guard-removed" } as const)[purpose];
  await db.transaction((query) => note(query, nowMs, { member, kind, session }));
  const owner = indexOf(secrets, "guard-owner", member);
  return records.map((record) => signTicket(secrets, { owner, purpose, record, untilMs: nowMs + TICKET_MS }));
}

/** A ticket in the form in which it travels. */
export function signTicket(secrets: Secrets, ticket: Omit<GuardTicket, "issuer" | "nonce">): string {
  const whole: GuardTicket = { ...ticket, issuer: receiptKey(secrets), nonce: randomId() };
  const payload = Buffer.from(JSON.stringify(whole)).toString("base64url");
  return `${payload}.${signText(secrets, signedAs(payload))}`;
}

/** What a ticket says. Throws `guard.bad-ticket` where none of the servers that are answered to signed it for this. */
export function openTicket(
  ticket: string,
  expected: { readonly issuers: readonly string[]; readonly purpose: Purpose; readonly nowMs: number },
): GuardTicket {
  const [payload = "", signature = ""] = ticket.split(".");
  const said = parsed(payload);
  const isGood =
    typeof said?.issuer === "string" &&
    expected.issuers.includes(said.issuer) &&
    verify(
      undefined,
      Buffer.from(signedAs(payload)),
      keyOf(said.issuer),
      Buffer.from(signature, "base64url"),
    ) &&
    said.purpose === expected.purpose &&
    expected.nowMs <= said.untilMs;
  if (!isGood) throw new KeepsakeError("guard.bad-ticket");
  return said;
}

/** Uses a ticket up, in the transaction of what it allows. Throws `guard.bad-ticket` where it was used before. */
export async function spendTicket(
  query: Query,
  { nonce, untilMs }: GuardTicket,
  nowMs: number,
): Promise<void> {
  await query.deleteFrom("spentTicket").where("untilMs", "<", nowMs).execute();
  try {
    await query.insertInto("spentTicket").values({ id: nonce, untilMs }).execute();
  } catch (error) {
    if (isTaken(error)) throw new KeepsakeError("guard.bad-ticket", { cause: error });
    throw error;
  }
}

function parsed(payload: string): GuardTicket | null | undefined {
  try {
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as GuardTicket;
  } catch {
    return undefined;
  }
}

function signedAs(payload: string): string {
  return `keepsake/1/guard-ticket\n${payload}`;
}

function keyOf(issuer: string) {
  const x = Buffer.from(issuer, "hex").toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}
