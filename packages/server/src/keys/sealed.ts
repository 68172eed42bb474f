import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from "node:crypto";
import type { Bytes } from "@keepsake/core/base";
import { tagged, untagged } from "../cells/tags.ts";
import type { Secrets } from "./secrets.ts";

/*
 * What the server seals for itself, under a key of its own for each purpose: contacts in the database, and tickets,
 * which a client carries from one request to the next so that no process has to remember it.
 */

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Sealed bytes that only this server opens, and only for the same purpose. */
export function seal({ sealingKey }: Pick<Secrets, "sealingKey">, purpose: string, plain: Uint8Array): Bytes {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyObject(sealingKey, purpose), nonce);
  const sealed = [nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  return new Uint8Array(Buffer.concat(sealed));
}

/** What was sealed; undefined where it was not sealed by this server for this purpose. */
export function unseal(
  { sealingKey }: Pick<Secrets, "sealingKey">,
  purpose: string,
  sealed: Uint8Array,
): Bytes | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(
    "aes-256-gcm",
    keyObject(sealingKey, purpose),
    sealed.subarray(0, NONCE_BYTES),
  );
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const plain = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
    return new Uint8Array(Buffer.concat([plain, decipher.final()]));
  } catch {
    return undefined;
  }
}

/** Who seals tickets and opens them. */
export interface TicketOffice {
  readonly secrets: Secrets;
  /** A ticket says its cell, and no other one opens it. */
  readonly cell: number;
}

/** A ticket that is good until a time. */
export function sealTicket(
  { secrets, cell }: TicketOffice,
  purpose: string,
  value: object,
  untilMs: number,
): string {
  const plain = Buffer.from(JSON.stringify({ value, untilMs }));
  const sealed = seal(secrets, ticketPurpose(cell, purpose), plain);
  return tagged(cell, Buffer.from(sealed).toString("base64url"));
}

/** What a ticket holds; undefined where it is not one of this cell's, or past its time. */
export function openTicket(
  { secrets, cell }: TicketOffice,
  purpose: string,
  ticket: string,
  nowMs: number,
): unknown {
  const { cell: said, text = "" } = untagged(ticket) ?? {};
  if (said !== cell) return undefined;
  const plain = unseal(secrets, ticketPurpose(cell, purpose), Buffer.from(text, "base64url"));
  if (plain === undefined) return undefined;
  const { value, untilMs } = JSON.parse(Buffer.from(plain).toString()) as { value: unknown; untilMs: number };
  return nowMs <= untilMs ? value : undefined;
}

/** A hash that finds a name, a contact or a code again, and that nobody can invert without the server's secrets. */
export function indexOf({ indexKey }: Secrets, purpose: string, text: string): string {
  return createHmac("sha256", indexKey).update(`${purpose}\0${text}`).digest("hex");
}

function ticketPurpose(cell: number, purpose: string): string {
  return `ticket/${purpose}${cell === 0 ? "" : `/cell/${cell}`}`;
}

const keyObjects = new WeakMap<Bytes, Map<string, KeyObject>>();

/** To derive a key, and to hand it over as bytes, takes longer than to seal a short text: each is made once. */
function keyObject(sealingKey: Bytes, purpose: string): KeyObject {
  const known = keyObjects.get(sealingKey) ?? new Map<string, KeyObject>();
  keyObjects.set(sealingKey, known);
  const key = known.get(purpose) ?? createSecretKey(keyFor(sealingKey, purpose));
  known.set(purpose, key);
  return key;
}

/** A key of its own for a purpose, out of the server's sealing key. */
export function keyFor(sealingKey: Bytes, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", sealingKey, "", `keepsake/1/server/${purpose}`, 32));
}
