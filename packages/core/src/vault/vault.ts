import type { Bytes, Clock, Primitives } from "../base/index.ts";
import type { Head } from "./heads/head.ts";
import type { Directory } from "./keys/directory.ts";
import type { SlotDocument } from "./keys/document.ts";
import type { Keyring } from "./keys/keyring.ts";
import type { ObjectSpec } from "./objects.ts";
import type { Store } from "./store/store.ts";

/** The head that a device saw last: a store that shows less was rolled back. */
export interface Anchor {
  readonly number: number;
  readonly hash: string;
}

/** A vault that is open. `device` is there only for one that may write. */
export interface Vault {
  readonly primitives: Primitives;
  readonly store: Store;
  readonly clock: Clock;
  readonly id: Bytes;
  readonly keyring: Keyring;
  readonly document: SlotDocument;
  readonly documentHash: string;
  readonly device: { readonly writer: number; readonly signingSeed: Bytes } | undefined;
  readonly authoritySeed: Bytes | undefined;
  readonly isNewAuthority: boolean;
  /** The number of the newest head when it was opened: newer ones are looked for from there on. */
  readonly newest?: number;
}

/** One version of a vault: its head, its root as history wrote it, and the keys as they are now. */
export interface Snapshot {
  readonly head: Head;
  readonly root: unknown;
  readonly directory: Directory;
}

/** What a device keeps, in a file that only its owner can read. */
export interface DeviceKey {
  readonly seed: Bytes;
  readonly authority: string;
}

/** The key for roots and trees of a generation. */
export function stateSpec(
  vault: Vault,
  type: "root" | "tree" | "page" | "directory",
  epoch: number,
): ObjectSpec {
  return { type, vaultId: vault.id, key: vault.keyring.epoch(epoch).state, epoch };
}
