import { KeepsakeError, textToBytes, type Bytes, type Primitives } from "../base/index.ts";
import { base64ToBytes } from "./base64.ts";
import { deriveKey } from "../vault/index.ts";

/*
 * PROTOCOL.md, "Key tokens": what holds keys is wrapped once more under a token that the server replaces, so that an old
 * copy of the server opens nothing that was forgotten since.
 */

const TOKEN_BYTES = 32;
const BLOCK_BYTES = 16;
/** In which header tokens go both ways. */
export const KEY_TOKEN_HEADER = "keepsake-key-token";
const magic = textToBytes("KPSK");

/** What a token wraps: an object of a vault, by its name in the store. */
export interface Wrapping {
  readonly token: Bytes;
  /** The vault's id on the server. */
  readonly vault: string;
  readonly name: string;
}

/** The bytes wrapped, or unwrapped again: those that lie in the object from `offset` on. Of the same length. */
export async function wrapBytes(
  primitives: Primitives,
  { token, vault, name }: Wrapping,
  { bytes, offset }: { readonly bytes: Bytes; readonly offset: number },
): Promise<Bytes> {
  const key = deriveKey(primitives, token, "key-token", textToBytes(`${vault}/${name}`));
  const block = Math.floor(offset / BLOCK_BYTES);
  const before = offset - block * BLOCK_BYTES;
  const stream = await primitives.keystream(key, block, before + bytes.length);
  const wrapped = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) wrapped[i] = bytes[i]! ^ stream[before + i]!;
  return wrapped;
}

/** A new token. */
export function newKeyToken(primitives: Primitives): Bytes {
  return primitives.random(TOKEN_BYTES);
}

/** The token that an answer carries; undefined where it carries none. Throws `server.bad-key-token`. */
export function keyTokenOf({ headers }: Response): Bytes | undefined {
  const text = headers.get(KEY_TOKEN_HEADER);
  if (text === null) return undefined;
  const token = base64ToBytes(text);
  if (token?.length !== TOKEN_BYTES) throw badKeyToken("wrong");
  return token;
}

/** Throws `server.bad-key-token` unless the first bytes of an unwrapped object are those of any file of a vault. */
export function requireUnwrapped(start: Bytes): void {
  if (!magic.every((byte, i) => start[i] === byte) || start[7] !== 0) throw badKeyToken("wrong");
}

/** What is said where an object that holds keys does not open for its token. */
export function badKeyToken(why: "missing" | "wrong"): KeepsakeError {
  return new KeepsakeError("server.bad-key-token", { details: { why } });
}
