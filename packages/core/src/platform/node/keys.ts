import {
  createHash,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  hash,
  sign,
  verify,
  type KeyObject,
} from "node:crypto";
import { createRequire } from "node:module";
import {
  concatBytes,
  hexToBytes,
  isStrictPoint,
  textToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";

/* OpenSSL takes and gives keys in DER: what stands before the key itself is always the same. */
const before = {
  ed25519: { seed: der("302e020100300506032b657004220420"), publicKey: der("302a300506032b6570032100") },
  x25519: { seed: der("302e020100300506032b656e04220420"), publicKey: der("302a300506032b656e032100") },
  mlKem768: { seed: der("3054020100300b060960864801650304040204428040") },
} as const;

const POINT_BYTES = 32;
const ML_KEM_SEED_BYTES = 64;
const ML_KEM_PUBLIC_BYTES = 1184;
const ML_KEM_CIPHERTEXT_BYTES = 1088;
const xWingLabel = textToBytes("\\.//^\\");

export const ed25519: Primitives["ed25519"] = {
  publicKey: async (seed) => publicBytes(privateKey(before.ed25519.seed, seed), POINT_BYTES),
  sign: async (message, seed) => new Uint8Array(sign(null, message, privateKey(before.ed25519.seed, seed))),
  // OpenSSL compares without the cofactor: what it accepts is signed, what it refuses is decided by the code that
  // browsers run, so that all take the same signatures.
  verify: async (signature, message, publicKey) =>
    isStrictPoint(publicKey) &&
    (isSigned(signature, message, publicKey) || isSignedSlowly(signature, message, publicKey)),
};

function isSigned(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return verify(null, message, publicKeyOf(before.ed25519.publicKey, publicKey), signature);
  } catch {
    return false;
  }
}

const load = createRequire(import.meta.url);

/** Loaded only where a signature looks wrong. */
function isSignedSlowly(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const { ed25519: slow } = load("@noble/curves/ed25519.js") as typeof import("@noble/curves/ed25519.js");
  try {
    return slow.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

export const xWing: Primitives["xWing"] = {
  async publicKey(seed) {
    const { mlKem, x } = xWingKeys(seed);
    return concatBytes(publicBytes(mlKem, ML_KEM_PUBLIC_BYTES), publicBytes(x, POINT_BYTES));
  },
  async sharedSecret(seed, cipherText) {
    const { mlKem, x } = xWingKeys(seed);
    const point = cipherText.slice(ML_KEM_CIPHERTEXT_BYTES);
    const first = decapsulate(mlKem, cipherText.slice(0, ML_KEM_CIPHERTEXT_BYTES));
    const second = diffieHellman({
      privateKey: x,
      publicKey: publicKeyOf(before.x25519.publicKey, point),
    });
    const all = concatBytes(first, second, point, publicBytes(x, POINT_BYTES), xWingLabel);
    return new Uint8Array(hash("sha3-256", all, "buffer"));
  },
};

function xWingKeys(seed: Bytes): { readonly mlKem: KeyObject; readonly x: KeyObject } {
  const outputLength = ML_KEM_SEED_BYTES + POINT_BYTES;
  const expanded = new Uint8Array(createHash("shake256", { outputLength }).update(seed).digest());
  return {
    mlKem: privateKey(before.mlKem768.seed, expanded.slice(0, ML_KEM_SEED_BYTES)),
    x: privateKey(before.x25519.seed, expanded.slice(ML_KEM_SEED_BYTES)),
  };
}

function privateKey(prefix: Bytes, seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(concatBytes(prefix, seed)), format: "der", type: "pkcs8" });
}

function publicKeyOf(prefix: Bytes, bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(concatBytes(prefix, bytes)), format: "der", type: "spki" });
}

function publicBytes(key: KeyObject, length: number): Bytes {
  return new Uint8Array(createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-length));
}

function der(hex: string): Bytes {
  return hexToBytes(hex)!;
}
