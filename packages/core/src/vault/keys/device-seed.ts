import type { Bytes, Primitives } from "../../base/index.ts";
import { deriveKey } from "../seal/index.ts";

/** What a device signs with, from the seed of its slot. */
export function deviceSigningSeed(primitives: Primitives, seed: Bytes, vaultId: Bytes): Bytes {
  return deriveKey(primitives, seed, "device/sign", vaultId);
}
