/** The parts of a request that its device signs. */
export interface SignedRequest {
  readonly method: string;
  /** With the query, as it is sent. */
  readonly path: string;
  readonly timeMs: number;
  readonly nonce: string;
  /** The session's, empty where there is none yet. */
  readonly token: string;
  /** SHA-256 in hex: of a JSON body, or of the object that the header `OBJECT_DIGEST` announces; empty without either. */
  readonly bodyDigest: string;
}

/** The header that says what a whole object hashes to. */
export const OBJECT_DIGEST = "keepsake-sha256";

/** The header that says which week an object is from: docs/PROTOCOL.md. */
export const OBJECT_WEEK = "keepsake-week";

/** What a device signs of each request: a token alone is worth nothing. */
export function requestText({ method, path, timeMs, nonce, token, bodyDigest }: SignedRequest): string {
  return ["keepsake/1/request", method, path, timeMs, nonce, token, bodyDigest].join("\n");
}

/** What a key derived from a vault signs to make a session full. */
export function accessText(session: string, challenge: string): string {
  return ["keepsake/1/server-access", session, challenge].join("\n");
}

/**
 * The server's word for a head that it took, signed and chained: two receipts of one number, or a chain that goes
 * back, prove to anybody that the server did not tell all devices the same.
 */
export interface Receipt {
  readonly vault: string;
  readonly number: number;
  /** The number of the head, and the SHA-256 of its file. */
  readonly head: number;
  readonly headHash: string;
  readonly atMs: number;
  /** The SHA-256 of the text of the receipt before; empty for the first. */
  readonly before: string;
  /** Ed25519, in base64url. */
  readonly signature: string;
}

/** What is signed of a receipt. */
export function receiptText({
  vault,
  number,
  head,
  headHash,
  atMs,
  before,
}: Omit<Receipt, "signature">): string {
  return ["keepsake/1/receipt", vault, number, head, headHash, atMs, before].join("\n");
}

/** The server's word that a membership is gone, with all that it held. */
export interface DeletionReceipt {
  /** The name under which the server gives it. */
  readonly receipt: string;
  readonly member: string;
  readonly vaults: number;
  readonly objects: number;
  readonly bytes: number;
  /** How many entries the member's log had, and the hash of the last. */
  readonly events: number;
  readonly eventHash: string;
  readonly beganMs: number;
  readonly endedMs: number;
  /** For how many days after the end copies that the operator had made may still hold it. */
  readonly backupDays: number;
  /** Ed25519, in base64url. */
  readonly signature: string;
}

/** What is signed of it. */
export function deletionText(receipt: Omit<DeletionReceipt, "signature">): string {
  const { member, vaults, objects, bytes, events, eventHash, beganMs, endedMs, backupDays } = receipt;
  const held = [vaults, objects, bytes, events, eventHash];
  return ["keepsake/1/deletion", receipt.receipt, member, ...held, beganMs, endedMs, backupDays].join("\n");
}

/** The server's word for what went because nobody paid for it any more. */
export interface RemovalReceipt {
  readonly receipt: string;
  readonly member: string;
  readonly objects: number;
  readonly bytes: number;
  /** The first day, counted since 1970, that was not paid for. */
  readonly endDay: number;
  readonly endedMs: number;
  /** For how many days after that copies that the operator had made may still hold it. */
  readonly backupDays: number;
  /** Ed25519, in base64url. */
  readonly signature: string;
}

/** What is signed of it. */
export function removalText(removal: Omit<RemovalReceipt, "signature">): string {
  const { receipt, member, objects, bytes, endDay, endedMs, backupDays } = removal;
  return ["keepsake/1/removal", receipt, member, objects, bytes, endDay, endedMs, backupDays].join("\n");
}

/** Something that an operator did. */
export interface OperatorEntry {
  readonly number: number;
  readonly atMs: number;
  readonly kind: string;
  /** The session that did it, or `command-line`. */
  readonly who: string;
  /** JSON: ids and numbers. */
  readonly details: string;
  /** SHA-256 of the text of the entry before; empty for the first. */
  readonly before: string;
  /** Ed25519, in base64url. */
  readonly signature: string;
}

/** What is signed of it. */
export function operatorText(entry: Omit<OperatorEntry, "signature">): string {
  const { number, atMs, kind, who, details, before } = entry;
  return ["keepsake/1/operator-log", number, atMs, kind, who, details, before].join("\n");
}
