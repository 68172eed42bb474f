/** The parts of a request that its device signs. */
export interface SignedRequest {
  readonly method: string;
  /** With the query, as it is sent. */
  readonly path: string;
  readonly timeMs: number;
  readonly nonce: string;
  /** The session's, empty where there is none yet. */
  readonly token: string;
  /** SHA-256 of a JSON body in hex; empty where there is none, or where the body is an object's bytes. */
  readonly bodyDigest: string;
}

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
