import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../../db/index.ts";
import { openTicket, seal, sealTicket, unseal } from "../../keys/sealed.ts";
import type { Server } from "../../server.ts";
import { note } from "../events.ts";
import type { Session } from "../sessions.ts";
import { lockPassword } from "./reset.ts";
import { countTry, forgetTries } from "./tries.ts";

/* Codes of an authenticator app: TOTP (RFC 6238) as all apps have it, SHA-1, six digits, thirty seconds. */

const STEP_MS = 30_000;
const SECRET_BYTES = 20;
const TICKET_MS = 15 * 60_000;
const ISSUER = "Keepsake";

/** Whether a member has a second factor. */
export async function hasTotp({ db }: Pick<Server, "db">, member: string): Promise<boolean> {
  const row = await db.query
    .selectFrom("totp")
    .select("member")
    .where("member", "=", member)
    .executeTakeFirst();
  return row !== undefined;
}

/** A new secret for an app; nothing is on before a code of it comes. Throws `member.totp-on`. */
export async function beginTotp(
  server: Server,
  { member }: Session,
): Promise<{ readonly ticket: string; readonly secret: string; readonly url: string }> {
  if (await hasTotp(server, member)) throw new KeepsakeError("member.totp-on");
  const secret = randomBytes(SECRET_BYTES);
  const value = { member, secret: secret.toString("hex") };
  const text = base32(secret);
  const url = `otpauth://totp/${ISSUER}:${member.slice(0, 6)}?secret=${text}&issuer=${ISSUER}`;
  const ticket = sealTicket(server, "totp", value, server.clock.now() + TICKET_MS);
  return { ticket, secret: text, url };
}

/** Turns it on, by a code of the new secret. Throws `member.wrong-code`, `member.totp-on`. */
export async function confirmTotp(
  server: Server,
  session: Session,
  given: { readonly ticket: string; readonly code: string },
): Promise<void> {
  const { db, secrets, clock } = server;
  const { member } = session;
  await countTry(server, "totp", member);
  const nowMs = clock.now();
  const ticket = openTicket(server, "totp", given.ticket, nowMs) as
    { readonly member: string; readonly secret: string } | undefined;
  if (ticket?.member !== member) throw new KeepsakeError("member.wrong-code");
  const secret = Buffer.from(ticket.secret, "hex");
  const lastStep = stepOf(secret, given.code, nowMs);
  if (lastStep === undefined) throw new KeepsakeError("member.wrong-code");
  await db.transaction(async (query) => {
    await lockPassword(query, member);
    const { numInsertedOrUpdatedRows } = await query
      .insertInto("totp")
      .values({ member, sealed: seal(secrets, "totp", secret), lastStep, addedMs: nowMs })
      .onConflict((conflict) => conflict.column("member").doNothing())
      .executeTakeFirst();
    if ((numInsertedOrUpdatedRows ?? 0n) === 0n) throw new KeepsakeError("member.totp-on");
    await note(query, nowMs, { member, kind: "totp-on", session: session.id });
  });
  await forgetTries(server, "totp", member);
}

/** Turns it off, by a code. Throws `member.wrong-code`. */
export async function removeTotp(server: Server, session: Session, code: string): Promise<void> {
  const { db, clock } = server;
  const { member } = session;
  await checkTotp(server, member, code);
  await db.transaction(async (query) => {
    const { numDeletedRows } = await query.deleteFrom("totp").where("member", "=", member).executeTakeFirst();
    if (numDeletedRows > 0n)
      await note(query, clock.now(), { member, kind: "totp-off", session: session.id });
  });
}

/**
 * Where a member has a second factor: that the code is one of it, and was not taken before. Throws
 * `member.totp-needed` without a code, `member.wrong-code`, `request.too-many`.
 */
export async function checkTotp(server: Server, member: string, code: string | undefined): Promise<void> {
  const { db, secrets, clock } = server;
  const row = await db.query
    .selectFrom("totp")
    .select("sealed")
    .where("member", "=", member)
    .executeTakeFirst();
  if (row === undefined) return;
  if (code === undefined) throw new KeepsakeError("member.totp-needed");
  await countTry(server, "totp", member);
  const secret = unseal(secrets, "totp", row.sealed);
  if (secret === undefined) throw new KeepsakeError("server.bad-secrets");
  const step = stepOf(secret, code, clock.now());
  if (step === undefined || !(await spendStep(db.query, member, step)))
    throw new KeepsakeError("member.wrong-code");
  await forgetTries(server, "totp", member);
}

/** Takes a code, if neither it nor a later one was taken. */
async function spendStep(query: Query, member: string, step: number): Promise<boolean> {
  const { numUpdatedRows } = await query
    .updateTable("totp")
    .set({ lastStep: step })
    .where("member", "=", member)
    .where("lastStep", "<", step)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Which half minute a code is of: this one, or one beside it. */
function stepOf(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  const now = Math.floor(nowMs / STEP_MS);
  return [now, now - 1, now + 1].find((step) =>
    timingSafeEqual(Buffer.from(codeOf(secret, step)), Buffer.from(code)),
  );
}

function codeOf(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = mac.at(-1)! & 15;
  return String((mac.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, "0");
}

/** RFC 4648, without padding: a multiple of five bytes. */
function base32(bytes: Uint8Array): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let [text, bits, held] = ["", 0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      text += alphabet[(held >>> (bits - 5)) & 31]!;
      bits -= 5;
    }
    held &= (1 << bits) - 1;
  }
  return text;
}
