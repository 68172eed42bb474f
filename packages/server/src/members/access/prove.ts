import { createPublicKey, verify } from "node:crypto";
import { KeepsakeError } from "@keepsake/core/base";
import { accessText } from "@keepsake/core/protocol";
import { isTaken, type Query } from "../../db/index.ts";
import { randomId } from "../../keys/ids.ts";
import { openTicket, sealTicket } from "../../keys/sealed.ts";
import type { Server } from "../../server.ts";
import { note } from "../events.ts";
import type { Session } from "../sessions.ts";
import { listPasskeys } from "./passkeys.ts";
import { keepReset, lockPassword } from "./reset.ts";
import { checkTotp, hasTotp } from "./totp.ts";

const CHALLENGE_MS = 5 * 60_000;
const MOST_KEYS = 50;

/** What a key is derived from: recovery words, or the key of a device in a vault. */
export type AccessKeyKind = "words" | "device";

/** A key as its member sees it. */
export interface AccessKeyLine {
  readonly id: string;
  readonly kind: AccessKeyKind;
  readonly key: string;
  readonly addedMs: number;
}

/** Adds a public key by whose private half a limited session becomes full. The same key again changes nothing. */
export async function addAccessKey(
  { db, clock }: Server,
  session: Session,
  { key, kind }: { readonly key: string; readonly kind: AccessKeyKind },
): Promise<AccessKeyLine> {
  const { member } = session;
  const nowMs = clock.now();
  return db.transaction(async (query) => {
    await lockPassword(query, member);
    const keys = await keysOf(query, member);
    const known = keys.find((each) => each.key === key);
    if (known !== undefined) return known;
    if (keys.length >= MOST_KEYS) throw new KeepsakeError("member.too-many-keys");
    const line = { id: randomId(), kind, key, addedMs: nowMs };
    const { id, addedMs } = line;
    await query.insertInto("accessKey").values({ id, member, publicKey: key, kind, addedMs }).execute();
    await note(query, nowMs, {
      member,
      kind: "access-key-added",
      session: session.id,
      details: { key: id, kind },
    });
    return line;
  });
}

export async function listAccessKeys({ db }: Server, { member }: Session): Promise<readonly AccessKeyLine[]> {
  return keysOf(db.query, member);
}

/** Throws `request.not-found`. */
export async function removeAccessKey({ db, clock }: Server, session: Session, id: string): Promise<void> {
  const { member } = session;
  await db.transaction(async (query) => {
    const { numDeletedRows } = await query
      .deleteFrom("accessKey")
      .where("member", "=", member)
      .where("id", "=", id)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw new KeepsakeError("request.not-found");
    const removed = { member, kind: "access-key-removed", session: session.id } as const;
    await note(query, clock.now(), { ...removed, details: { key: id } });
  });
}

interface Challenge {
  readonly id: string;
  readonly session: string;
}

/** What a session signs to show that it can open the member's vault. */
export function challengeAccess(server: Server, session: Session): string {
  const value: Challenge = { id: randomId(), session: session.id };
  return sealTicket(server, "access", value, server.clock.now() + CHALLENGE_MS);
}

/**
 * Makes a session full by a signature of one of the member's keys, once a challenge. Throws `member.bad-access`, and
 * what `checkTotp` does.
 */
export async function proveAccess(
  server: Server,
  session: Session,
  given: {
    readonly challenge: string;
    readonly key: string;
    readonly signature: string;
    readonly totp?: string | undefined;
  },
): Promise<void> {
  const { db, clock } = server;
  const nowMs = clock.now();
  const challenge = openTicket(server, "access", given.challenge, nowMs) as Challenge | undefined;
  if (challenge?.session !== session.id || !isSigned(session.id, given))
    throw new KeepsakeError("member.bad-access");
  // Words alone do not pass by a second factor: without it, they wait like everybody.
  await checkSecond(server, session.member, given.totp);
  try {
    await db.transaction(async (query) => {
      await query
        .insertInto("spentTicket")
        .values({ id: challenge.id, untilMs: nowMs + CHALLENGE_MS })
        .execute();
      await lockPassword(query, session.member);
      const keys = await keysOf(query, session.member);
      if (!keys.some(({ key }) => key === given.key)) throw new KeepsakeError("member.bad-access");
      await makeFull(query, nowMs, { member: session.member, id: session.id, by: session.id });
    });
  } catch (error) {
    if (isTaken(error)) throw new KeepsakeError("member.bad-access", { cause: error });
    throw error;
  }
}

/** Who has passkeys and no app logs in by one of them, and approves from there. */
async function checkSecond(server: Server, member: string, code: string | undefined): Promise<void> {
  await checkTotp(server, member, code);
  if (await hasTotp(server, member)) return;
  if ((await listPasskeys(server, member)).length > 0) throw new KeepsakeError("member.passkey-needed");
}

/** Makes a limited session of a member full; false where there is none of that id. */
export async function makeFull(
  query: Query,
  nowMs: number,
  { member, id, by }: { readonly member: string; readonly id: string; readonly by: string },
): Promise<boolean> {
  const row = await query
    .updateTable("session")
    .set({ fullFromMs: 0 })
    .where("member", "=", member)
    .where("id", "=", id)
    .where("fullFromMs", ">", 0)
    .returning("way")
    .executeTakeFirst();
  if (row === undefined) return false;
  if (row.way === "reset") await keepReset(query, nowMs, { member, session: by });
  await note(query, nowMs, { member, kind: "device-approved", session: by, details: { device: id } });
  return true;
}

async function keysOf(query: Query, member: string): Promise<readonly AccessKeyLine[]> {
  const rows = await query
    .selectFrom("accessKey")
    .select(["id", "kind", "publicKey", "addedMs"])
    .where("member", "=", member)
    .orderBy("addedMs")
    .orderBy("id")
    .execute();
  return rows.map(({ id, kind, publicKey, addedMs }) => ({
    id,
    kind: kind as AccessKeyKind,
    key: publicKey,
    addedMs,
  }));
}

function isSigned(
  session: string,
  {
    challenge,
    key,
    signature,
  }: { readonly challenge: string; readonly key: string; readonly signature: string },
): boolean {
  const x = Buffer.from(key, "hex").toString("base64url");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const text = Buffer.from(accessText(session, challenge));
  return verify(undefined, text, publicKey, Buffer.from(signature, "base64url"));
}
