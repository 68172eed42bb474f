import { bytesToHex, concatBytes, hexToBytes, type Bytes } from "../../base/index.ts";
import type { Curves } from "./curves.ts";

/* WebCrypto takes private keys in DER: what stands before the key itself is always the same. */
const before = {
  Ed25519: hexToBytes("302e020100300506032b657004220420")!,
  X25519: hexToBytes("302e020100300506032b656e04220420")!,
} as const;

/** The point that a secret is multiplied with to give its public point. */
const base = new Uint8Array(32);
base[0] = 9;

/** What the curves give for a key of zeros. */
const ofZeros = [
  "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29",
  "2fe57da347cd62431528daac5fbb290730fff684afc4cfc2ed90995f58cb3b74",
];

/** WebCrypto's curves. A signature that it refuses may still be one: see `curves.ts`. */
export const nativeCurves: Curves = {
  async publicKey(seed) {
    const { x } = await crypto.subtle.exportKey("jwk", await privateKey("Ed25519", seed, "sign"));
    const text = atob(x!.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  },
  async sign(message, seed) {
    const key = await privateKey("Ed25519", seed, "sign");
    return new Uint8Array(await crypto.subtle.sign("Ed25519", key, message));
  },
  async verify(signature, message, publicKey) {
    try {
      const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
      return await crypto.subtle.verify("Ed25519", key, signature, message);
    } catch {
      return false;
    }
  },
  publicPoint: (secret) => multiplied(secret, base),
  sharedPoint: multiplied,
};

/**
 * Whether this browser has these curves. Some of them sign the same in another way each time: that is as good, since
 * nothing hangs on what a signature is but that it is one.
 */
export async function isNative(): Promise<boolean> {
  const known = nativeCurves;
  const zeros = new Uint8Array(32);
  try {
    const key = await known.publicKey(zeros);
    const given = [key, await known.publicPoint(zeros)].map(bytesToHex);
    return (
      given.join() === ofZeros.join() && (await known.verify(await known.sign(zeros, zeros), zeros, key))
    );
  } catch {
    return false;
  }
}

async function multiplied(secret: Bytes, point: Bytes): Promise<Bytes> {
  const key = await privateKey("X25519", secret, "deriveBits");
  const other = await crypto.subtle.importKey("raw", point, "X25519", false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: other }, key, 256));
}

function privateKey(name: keyof typeof before, seed: Bytes, usage: "sign" | "deriveBits") {
  return crypto.subtle.importKey("pkcs8", concatBytes(before[name], seed), name, true, [usage]);
}
