import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import type { Curves } from "./curves.ts";

/** For browsers that have no such curves: the same, in JavaScript. */
export const curvesInCode: Curves = {
  publicKey: async (seed) => new Uint8Array(ed25519.getPublicKey(seed)),
  sign: async (message, seed) => new Uint8Array(ed25519.sign(message, seed)),
  async verify(signature, message, publicKey) {
    try {
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
  publicPoint: async (secret) => new Uint8Array(x25519.getPublicKey(secret)),
  sharedPoint: async (secret, point) => new Uint8Array(x25519.getSharedSecret(secret, point)),
};
