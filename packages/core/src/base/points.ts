import { bytesToHex } from "./bytes.ts";

const POINT_BYTES = 32;
const prime = 2n ** 255n - 19n;
/** The y coordinates of the points of order 1, 2, 4 and 8. */
const smallOrders: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  prime - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);

/**
 * Whether bytes may be an Ed25519 key: neither written in two ways nor of small order, which neither OpenSSL nor
 * WebCrypto asks. FORMAT.md, section 1.
 */
export function isStrictPoint(publicKey: Uint8Array): boolean {
  if (publicKey.length !== POINT_BYTES) return false;
  const bytes = publicKey.slice();
  bytes[POINT_BYTES - 1]! &= 0x7f;
  const y = BigInt(`0x${bytesToHex(bytes.toReversed())}`);
  return y < prime && !smallOrders.has(y);
}
