import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { KeepsakeError } from "@keepsake/core/base";
import { OBJECT_DIGEST, requestText } from "@keepsake/core/protocol";

/*
 * A session's token alone opens nothing: each request is signed by the key of the device that logged in. The signature
 * covers the method, the address, the time, a nonce, the token and the digest of a JSON body.
 */

/** How far a device's clock may be from the server's. */
const WINDOW_MS = 5 * 60_000;
const MOST_NONCES = 200_000;
const MOST_KEYS = 10_000;

/** What was read out of the header `keepsake-proof`: time, nonce, signature. */
interface Proof {
  readonly timeMs: number;
  readonly nonce: string;
  readonly signature: Buffer;
}

/** Checks proofs, and that none comes twice to this process. */
export class Proofs {
  readonly #now: () => number;
  readonly #keys = new Map<string, KeyObject>();
  /** Nonces seen within the window, oldest first, with the time that they were made for. */
  readonly #nonces = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Throws `member.bad-proof` where the request was not signed by this key, just now, for the first time. */
  check(request: FastifyRequest, { token, deviceKey }: { token: string; deviceKey: string }): void {
    const proof = proofOf(request);
    if (Math.abs(this.#now() - proof.timeMs) > WINDOW_MS)
      throw new KeepsakeError("member.bad-proof", { retry: "now", details: { serverTime: this.#now() } });
    const message = requestText({
      method: request.method,
      path: request.raw.url ?? "",
      timeMs: proof.timeMs,
      nonce: proof.nonce,
      token,
      bodyDigest: bodyDigest(request),
    });
    if (!verify(undefined, Buffer.from(message), this.#keyOf(deviceKey), proof.signature))
      throw refused("signature");
    this.#spend(`${deviceKey}${proof.nonce}`, proof.timeMs);
  }

  #keyOf(deviceKey: string): KeyObject {
    const known = this.#keys.get(deviceKey);
    if (known !== undefined) return known;
    if (this.#keys.size >= MOST_KEYS) this.#keys.clear();
    const x = Buffer.from(deviceKey, "hex").toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    this.#keys.set(deviceKey, key);
    return key;
  }

  #spend(nonce: string, timeMs: number): void {
    if (this.#nonces.has(nonce)) throw refused("repeated");
    this.#nonces.set(nonce, timeMs);
    const oldest = this.#now() - 2 * WINDOW_MS;
    for (const [each, at] of this.#nonces) {
      if (at >= oldest && this.#nonces.size <= MOST_NONCES) break;
      this.#nonces.delete(each);
    }
  }
}

function proofOf(request: FastifyRequest): Proof {
  const header = request.headers["keepsake-proof"];
  const match = /^(\d{1,15})\.([A-Za-z0-9_-]{16,43})\.([A-Za-z0-9_-]{86})$/.exec(
    typeof header === "string" ? header : "",
  );
  if (match === null) throw refused("missing");
  return { timeMs: Number(match[1]), nonce: match[2]!, signature: Buffer.from(match[3]!, "base64url") };
}

/** SHA-256 of a JSON body as it came, in hex; of an object what is announced, which it is held to as it comes. */
function bodyDigest(request: FastifyRequest): string {
  const raw = rawBodies.get(request);
  if (raw !== undefined) return createHash("sha256").update(raw).digest("hex");
  const announced = request.headers[OBJECT_DIGEST];
  return typeof announced === "string" ? announced : "";
}

/** The bytes of JSON bodies, as long as their requests live. */
const rawBodies = new WeakMap<FastifyRequest, Buffer>();

/** The bytes of a JSON body as they came; undefined for another one. */
export function rawBody(request: FastifyRequest): Buffer | undefined {
  return rawBodies.get(request);
}

export function rememberBody(request: FastifyRequest, raw: Buffer): void {
  rawBodies.set(request, raw);
}

function refused(why: string): KeepsakeError {
  return new KeepsakeError("member.bad-proof", { details: { why } });
}
