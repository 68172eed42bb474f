import {
  bytesToHex,
  concatBytes,
  KeepsakeError,
  textToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import { accessText, type Routes } from "../../protocol/index.ts";
import { checkNewPassword } from "../../vault/index.ts";
import { bytesToBase64 } from "../base64.ts";
import type { Connection } from "../connection.ts";
import { giveCode, type AskCode, type Contact } from "./contacts.ts";
import { loadOpaque, newDevice, type Membership, type Platform } from "../member.ts";

/** A key by which a server lets a limited session become full. */
export type AccessKey = Routes["POST /v1/access/keys"]["answer"];

/**
 * Sets a new password by a code to a contact. For seven days the session reads and changes nothing, unless
 * `proveAccess` or another device makes it full; any device that is logged in can take the reset back.
 */
export async function resetPassword(
  connection: Connection,
  {
    contact,
    password,
    platform,
  }: { readonly contact: Contact; readonly password: string; readonly platform: Platform },
  ask: AskCode,
): Promise<Membership> {
  checkNewPassword(password);
  const opaque = await loadOpaque();
  const { id } = await connection.call("POST /v1/reset/start", { body: { contact } });
  const { clientRegistrationState, registrationRequest } = opaque.startRegistration({ password });
  const { ticket, registration, registrationResponse } = await giveCode(ask, (code) =>
    connection.call("POST /v1/reset/code", { body: { id, code, registrationRequest } }),
  );
  const { registrationRecord } = opaque.finishRegistration({
    password,
    clientRegistrationState,
    registrationResponse,
  });
  const { deviceSeed, device, signed } = await newDevice(connection, platform);
  const session = await signed.call("POST /v1/reset/finish", {
    body: { ticket, registration, registrationRecord, device },
  });
  return { ...session, deviceSeed };
}

/** Registers the public half of a key that comes from the seed of recovery words, or of a device in the vault. */
export async function addAccessKey(
  connection: Connection,
  { seed, kind }: { readonly seed: Bytes; readonly kind: AccessKey["kind"] },
): Promise<AccessKey> {
  const key = await accessKey(connection.primitives, seed);
  return connection.call("POST /v1/access/keys", { body: { key, kind } });
}

/**
 * Registers the key of new recovery words, and has the server forget that of the words before them; where these are
 * lost, those of all other words.
 */
export async function replaceAccessKey(
  connection: Connection,
  { seed, before }: { readonly seed: Bytes; readonly before: Bytes | undefined },
): Promise<void> {
  const added = await addAccessKey(connection, { seed, kind: "words" });
  const old = before === undefined ? undefined : await accessKey(connection.primitives, before);
  const { keys } = await connection.call("GET /v1/access/keys");
  for (const { id, kind, key } of keys) {
    if (kind !== "words" || id === added.id || (old !== undefined && key !== old)) continue;
    await connection.call("DELETE /v1/access/keys/{id}", { params: { id } });
  }
}

/**
 * Makes a limited session full: shows that the seed is one of the member's. Where there is a second factor,
 * it is needed too. Throws `member.bad-access`, `member.totp-needed`, `member.wrong-code`.
 */
export async function proveAccess(
  connection: Connection,
  { session, seed, totp }: { readonly session: string; readonly seed: Bytes; readonly totp?: string },
): Promise<void> {
  const { primitives } = connection;
  const { challenge } = await connection.call("POST /v1/access/start");
  const signingSeed = accessSeed(primitives, seed);
  const key = bytesToHex(await primitives.ed25519.publicKey(signingSeed));
  const text = textToBytes(accessText(session, challenge));
  const signature = bytesToBase64(await primitives.ed25519.sign(text, signingSeed));
  await connection.call("POST /v1/access/prove", {
    body: { challenge, key, signature, ...(totp === undefined ? {} : { totp }) },
  });
}

async function accessKey(primitives: Primitives, seed: Bytes): Promise<string> {
  return bytesToHex(await primitives.ed25519.publicKey(accessSeed(primitives, seed)));
}

/**
 * HKDF-SHA-256 (RFC 5869) of 32 bytes, `keepsake/1/server-access`: says nothing of the seed, nor of any key of a
 * vault that comes from it.
 */
function accessSeed(primitives: Primitives, seed: Bytes): Bytes {
  if (seed.length < 16) throw new KeepsakeError("base.invalid", { details: { what: "seed" } });
  const extracted = primitives.hmacSha256(new Uint8Array(32), seed);
  const info = concatBytes(textToBytes("keepsake/1/server-access"), new Uint8Array([1]));
  return primitives.hmacSha256(extracted, info);
}
