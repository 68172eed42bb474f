import { ed25519 as nobleEd25519 } from "@noble/curves/ed25519.js";
import { ml_kem768_x25519 as nobleXWing } from "@noble/post-quantum/hybrid.js";
import type { Primitives } from "../../base/index.ts";

export const ed25519: Primitives["ed25519"] = {
  publicKey: (seed) => new Uint8Array(nobleEd25519.getPublicKey(seed)),
  sign: (message, seed) => new Uint8Array(nobleEd25519.sign(message, seed)),
  verify(signature, message, publicKey) {
    try {
      return nobleEd25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
};

export const xWing: Primitives["xWing"] = {
  publicKey: (seed) => new Uint8Array(nobleXWing.keygen(seed).publicKey),
  sharedSecret: (seed, cipherText) => new Uint8Array(nobleXWing.decapsulate(cipherText, seed)),
};
