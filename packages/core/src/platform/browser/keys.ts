import { sha3_256, shake256 } from "@noble/hashes/sha3.js";
import { ml_kem768 as mlKem } from "@noble/post-quantum/ml-kem.js";
import { concatBytes, isStrictPoint, textToBytes, type Bytes, type Primitives } from "../../base/index.ts";
import { curves } from "./curves.ts";

const ML_KEM_SEED_BYTES = 64;
const ML_KEM_CIPHERTEXT_BYTES = 1088;
const X_WING_SEED_BYTES = 96;
const xWingLabel = textToBytes("\\.//^\\");

export const ed25519: Primitives["ed25519"] = {
  publicKey: async (seed) => (await curves()).publicKey(seed),
  sign: async (message, seed) => (await curves()).sign(new Uint8Array(message), seed),
  async verify(signature, message, publicKey) {
    if (!isStrictPoint(publicKey)) return false;
    const known = await curves();
    return known.verify(new Uint8Array(signature), new Uint8Array(message), new Uint8Array(publicKey));
  },
};

export const xWing: Primitives["xWing"] = {
  async publicKey(seed) {
    const { kem, secret } = xWingKeys(seed);
    return concatBytes(new Uint8Array(kem.publicKey), await (await curves()).publicPoint(secret));
  },
  async sharedSecret(seed, cipherText) {
    const known = await curves();
    const { kem, secret } = xWingKeys(seed);
    const point = cipherText.slice(ML_KEM_CIPHERTEXT_BYTES);
    const first = mlKem.decapsulate(cipherText.slice(0, ML_KEM_CIPHERTEXT_BYTES), kem.secretKey);
    const second = await known.sharedPoint(secret, point);
    const all = concatBytes(first, second, point, await known.publicPoint(secret), xWingLabel);
    return new Uint8Array(sha3_256(all));
  },
};

function xWingKeys(seed: Bytes): {
  readonly kem: ReturnType<typeof mlKem.keygen>;
  readonly secret: Bytes;
} {
  const expanded = new Uint8Array(shake256(seed, { dkLen: X_WING_SEED_BYTES }));
  return {
    kem: mlKem.keygen(expanded.slice(0, ML_KEM_SEED_BYTES)),
    secret: expanded.slice(ML_KEM_SEED_BYTES),
  };
}
