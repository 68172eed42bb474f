import type { Bytes, Primitives } from "../../src/base/index.ts";

const BLOCK_BYTES = 16;
const REDUCTION = 0xe1n << 120n;

/**
 * An AES-256-GCM ciphertext of two blocks, with its tag, that opens under two keys with one nonce: what an attacker who
 * knows both makes against an AEAD that does not commit to its key. The first block is given, the second solves for a
 * tag that fits both. `counterBlock` is the number of the nonce's block, `aad` what both openings bind.
 */
export async function twoKeyCiphertext(
  primitives: Primitives,
  keys: readonly [Bytes, Bytes],
  options: { readonly counterBlock: number; readonly aad: Bytes; readonly first: Bytes },
): Promise<Bytes> {
  const [a, b] = [await gcmKey(primitives, keys[0], options), await gcmKey(primitives, keys[1], options)];
  const lengths = (BigInt(options.aad.length * 8) << 64n) | BigInt(2 * BLOCK_BYTES * 8);
  const known = [...blocks(options.aad), numberOf(options.first), 0n, lengths];
  const free = known.length - 2;
  const weights = known.map((_, i) => power(a.hash, known.length - i) ^ power(b.hash, known.length - i));
  const rest = known.reduce((sum, block, i) => sum ^ multiply(block, weights[i]!), a.mask ^ b.mask);
  known[free] = multiply(rest, inverse(weights[free]!));
  const tag = known.reduce((sum, block, i) => sum ^ multiply(block, power(a.hash, known.length - i)), a.mask);
  const sealed = new Uint8Array(3 * BLOCK_BYTES);
  sealed.set(options.first);
  sealed.set(bytesOf(known[free]!), BLOCK_BYTES);
  sealed.set(bytesOf(tag), 2 * BLOCK_BYTES);
  return sealed;
}

async function gcmKey(
  primitives: Primitives,
  key: Bytes,
  { counterBlock }: { readonly counterBlock: number },
): Promise<{ hash: bigint; mask: bigint }> {
  const hash = numberOf(await primitives.keystream(key, 0, BLOCK_BYTES));
  return { hash, mask: numberOf(await primitives.keystream(key, counterBlock, BLOCK_BYTES)) };
}

function blocks(bytes: Bytes): bigint[] {
  const padded = new Uint8Array(Math.ceil(bytes.length / BLOCK_BYTES) * BLOCK_BYTES);
  padded.set(bytes);
  const count = padded.length / BLOCK_BYTES;
  return Array.from({ length: count }, (_, i) =>
    numberOf(padded.slice(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES)),
  );
}

function numberOf(bytes: Bytes): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function bytesOf(number: bigint): Bytes {
  const bytes = new Uint8Array(BLOCK_BYTES);
  for (let i = BLOCK_BYTES - 1, left = number; i >= 0; i--, left >>= 8n) bytes[i] = Number(left & 255n);
  return bytes;
}

/** In the field of GCM, where the first bit of a block is the lowest power. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  for (let bit = 127n, shifted = a; bit >= 0n; bit--) {
    if (((b >> bit) & 1n) === 1n) product ^= shifted;
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ REDUCTION : shifted >> 1n;
  }
  return product;
}

function power(base: bigint, exponent: number): bigint {
  let result = base;
  for (let i = 1; i < exponent; i++) result = multiply(result, base);
  return result;
}

/** By Fermat: base to the power of 2^128 - 2. */
function inverse(base: bigint): bigint {
  let result = multiply(base, base);
  let square = result;
  for (let i = 2; i < 128; i++) {
    square = multiply(square, square);
    result = multiply(result, square);
  }
  return result;
}
