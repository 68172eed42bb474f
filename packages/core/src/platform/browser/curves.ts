import type { Bytes } from "../../base/index.ts";
import { isNative, nativeCurves } from "./native-curves.ts";

/** Signatures by Ed25519, secrets by X25519. Private keys are their 32 bytes. */
export interface Curves {
  publicKey(seed: Bytes): Promise<Bytes>;
  sign(message: Bytes, seed: Bytes): Promise<Bytes>;
  /** Of a key that `isStrictPoint` takes. */
  verify(signature: Bytes, message: Bytes, publicKey: Bytes): Promise<boolean>;
  publicPoint(secret: Bytes): Promise<Bytes>;
  /** Throws where the point is of small order. */
  sharedPoint(secret: Bytes, point: Bytes): Promise<Bytes>;
}

let chosen: Promise<Curves> | undefined;

/** Those that serve here; chosen once. */
export function curves(): Promise<Curves> {
  return (chosen ??= chosenCurves().catch((error: unknown) => {
    chosen = undefined;
    throw error;
  }));
}

/** Those of the browser; where it has none, or others than we need, those in code, which are loaded then. */
export async function chosenCurves(): Promise<Curves> {
  return (await isNative()) ? { ...nativeCurves, verify } : curvesInCode();
}

async function curvesInCode(): Promise<Curves> {
  return (await import("./curves-in-code.ts")).curvesInCode;
}

/**
 * Browsers compare without the cofactor: what they accept is signed, what they refuse is decided by the code that runs
 * where they have no curves, so that all take the same signatures. Where it cannot be had, it is refused.
 */
async function verify(signature: Bytes, message: Bytes, publicKey: Bytes): Promise<boolean> {
  if (await nativeCurves.verify(signature, message, publicKey)) return true;
  const slow = await curvesInCode().catch(() => undefined);
  return slow !== undefined && slow.verify(signature, message, publicKey);
}
