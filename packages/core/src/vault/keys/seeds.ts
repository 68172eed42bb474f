import {
  concatBytes,
  textToBytes,
  type Argon2Parameters,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import { deriveKey } from "../seal/index.ts";
import type { Keyring } from "./keyring.ts";
import { passwordBytes, stretch } from "./password.ts";

/*
 * Seeds of slots that hang on more than one thing: FORMAT.md, "Secrets and slots". All are bound to the vault.
 */

/** What the two guards say to a password: outputs of the OPRF, 64 bytes each, in the order of the slot. */
export type GuardOutputs = readonly [Bytes, Bytes];

/** The seed of a guarded password. Throws `vault.unsafe-parameters`. */
export async function guardedSeed(
  primitives: Primitives,
  given: { readonly outputs: GuardOutputs; readonly password: string; readonly vaultId: Bytes },
  kdf: Argon2Parameters & { readonly salt: Bytes },
): Promise<Bytes> {
  const joined = concatBytes(...given.outputs, passwordBytes(given.password));
  return stretch(primitives, deriveKey(primitives, joined, "guarded", given.vaultId), kdf.salt, kdf);
}

/** What a guard is told of a seed that opened: nobody without the seed can say it, and no other guard is told the same. */
export function openedToken(primitives: Primitives, seed: Bytes, record: string, vaultId: Bytes): Bytes {
  return deriveKey(primitives, seed, `guard/opened/${record}`, vaultId);
}

/** The seed of a family slot: neither share, of 32 bytes each, says anything of it. */
export function familySeed(primitives: Primitives, held: Bytes, delayed: Bytes, vaultId: Bytes): Bytes {
  return deriveKey(primitives, concatBytes(held, delayed), "family", vaultId);
}

/** The seed of what a passkey answers to the salt of its slot. */
export function passkeySeed(primitives: Primitives, output: Bytes, vaultId: Bytes): Bytes {
  return deriveKey(primitives, output, "passkey", vaultId);
}

/** What a password is to the guards: the input of the OPRF. */
export function guardInput(password: string, vaultId: Bytes): Bytes {
  return concatBytes(textToBytes("keepsake/1/guard"), new Uint8Array([0]), vaultId, passwordBytes(password));
}

/**
 * The seeds of who pays for a vault, the newest first: every device that opens it has them. The newest signs; tickets
 * hang on the oldest, which stays what it is. One that was taken out knows none that sign, once another has moved on.
 */
export function payerSeeds({
  primitives,
  keyring,
  id,
}: {
  readonly primitives: Primitives;
  readonly keyring: Keyring;
  readonly id: Bytes;
}): readonly Bytes[] {
  return keyring.all.map(({ root }) => deriveKey(primitives, root, "payer", id));
}
