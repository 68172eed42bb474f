import { concatBytes, textToBytes, type Bytes, type Primitives } from "../../base/index.ts";

const HASH_BYTES = 32;

/** HKDF-SHA-256 (RFC 5869). `length` is at most 255 hashes. */
export function hkdf(
  primitives: Primitives,
  key: Uint8Array,
  options: { readonly salt?: Uint8Array; readonly info: Uint8Array; readonly length: number },
): Bytes {
  const extracted = primitives.hmacSha256(options.salt ?? new Uint8Array(HASH_BYTES), key);
  let block: Bytes = new Uint8Array(0);
  const blocks: Bytes[] = [];
  for (let i = 1; blocks.length * HASH_BYTES < options.length; i++) {
    block = primitives.hmacSha256(extracted, block, options.info, new Uint8Array([i]));
    blocks.push(block);
  }
  return concatBytes(...blocks).slice(0, options.length);
}

/** The 32-byte key for one purpose of one vault: FORMAT.md, "Keys". */
export function deriveKey(
  primitives: Primitives,
  key: Uint8Array,
  purpose: string,
  vaultId: Uint8Array,
): Bytes {
  const info = concatBytes(textToBytes(`keepsake/1/${purpose}`), new Uint8Array([0]), vaultId);
  return hkdf(primitives, key, { info, length: 32 });
}
