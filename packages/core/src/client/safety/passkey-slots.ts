import { bytesToHex, textToBytes, type Bytes, type Primitives } from "../../base/index.ts";
import { passkeySeed, type Secret, type Slot } from "../../vault/index.ts";
import { base64ToBytes } from "../base64.ts";

/**
 * What we ask every passkey for. It is the same for all, so that the touch that logs in opens the vault as well, before
 * anybody has seen which slot is its; what a passkey makes of it is its own.
 */
export function passkeySalt(primitives: Primitives): Bytes {
  return primitives.sha256(textToBytes("keepsake/1/passkey-salt"));
}

/** Whether a slot is that of a passkey. */
export function isSlotOf({ passkey }: Slot, id: string): boolean {
  const bytes = base64ToBytes(id);
  return bytes !== undefined && passkey?.credential === bytesToHex(bytes);
}

/** What opens the vault in which `putPasskey` has put a passkey. */
export function passkeyOpens(
  primitives: Primitives,
  { id, secret }: { readonly id: string; readonly secret: Bytes },
): Secret {
  const salt = bytesToHex(passkeySalt(primitives));
  const seedOf = (slot: Slot, vaultId: Bytes): Promise<Bytes | undefined> => {
    const isOurs = isSlotOf(slot, id) && slot.passkey?.salt === salt;
    return Promise.resolve(isOurs ? passkeySeed(primitives, secret, vaultId) : undefined);
  };
  return { kind: "passkey", seedOf };
}
