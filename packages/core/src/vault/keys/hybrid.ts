import { concatBytes, KeepsakeError, textToBytes, type Bytes, type Primitives } from "../../base/index.ts";
import { deriveKey, openObject, sealObject, type ObjectContext } from "../seal/index.ts";

const CIPHERTEXT_BYTES = 1120;
const RANDOM_BYTES = 64;

/** What a slot's seed gives: a key pair that the root is sealed to, and a key that vouches for the authority. */
export interface SlotKeys {
  readonly publicKey: Bytes;
  readonly secretKey: Bytes;
  readonly vouchKey: Bytes;
}

/** X-Wing (ML-KEM-768 with X25519) from the seed of a slot: FORMAT.md, "Slots". */
export async function slotKeys(primitives: Primitives, seed: Bytes, vaultId: Bytes): Promise<SlotKeys> {
  const secretKey = deriveKey(primitives, seed, "slot/kem", vaultId);
  return {
    publicKey: await primitives.xWing.publicKey(secretKey),
    secretKey,
    vouchKey: deriveKey(primitives, seed, "slot/vouch", vaultId),
  };
}

/** The slot's word that this authority is its vault's: made when the slot is made, checked before the box is trusted. */
export function vouch(primitives: Primitives, keys: SlotKeys, vaultId: Bytes, authority: Uint8Array): Bytes {
  return primitives.hmacSha256(
    keys.vouchKey,
    concatBytes(textToBytes("keepsake/1/authority"), vaultId, authority),
  );
}

/**
 * Seals to a public key: anybody can, so the document that holds the box is signed. What it takes is loaded here:
 * opening, which every start does, does not need it.
 */
export async function sealBox(
  primitives: Primitives,
  publicKey: Bytes,
  context: ObjectContext,
  plain: Bytes,
): Promise<Bytes> {
  const { ml_kem768_x25519: xWing } = await import("@noble/post-quantum/hybrid.js");
  const { cipherText, sharedSecret } = xWing.encapsulate(publicKey, primitives.random(RANDOM_BYTES));
  const key = deriveKey(primitives, sharedSecret, "slot/box", context.vaultId);
  return concatBytes(cipherText, await sealObject(primitives, key, { context, plain: [plain] }));
}

/** Throws `vault.corrupt` if the box was not sealed to this key and context. */
export async function openBox(
  primitives: Primitives,
  secretKey: Bytes,
  context: ObjectContext,
  box: Bytes,
): Promise<Bytes> {
  if (box.length < CIPHERTEXT_BYTES) throw new KeepsakeError("vault.corrupt", { details: { what: "box" } });
  const sharedSecret = await secretIn(primitives, secretKey, box.slice(0, CIPHERTEXT_BYTES));
  const key = deriveKey(primitives, sharedSecret, "slot/box", context.vaultId);
  return openObject(primitives, key, context, box.slice(CIPHERTEXT_BYTES));
}

/** Platforms refuse weak points of the curve each with an error of its own. */
async function secretIn(primitives: Primitives, secretKey: Bytes, cipherText: Bytes): Promise<Bytes> {
  try {
    return await primitives.xWing.sharedSecret(secretKey, cipherText);
  } catch (cause) {
    throw new KeepsakeError("vault.corrupt", { cause, details: { what: "box" } });
  }
}
