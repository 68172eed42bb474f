import { KeepsakeError, type Bytes, type Primitives } from "../../base/index.ts";
import { deriveKey } from "../seal/index.ts";

/** One generation of the keys that hang on the root: FORMAT.md, "Keys". */
export interface EpochKeys {
  readonly epoch: number;
  readonly root: Bytes;
  /** Seals the bodies of heads. */
  readonly head: Bytes;
  /** Seals roots, trees, the key directory and its pages. */
  readonly state: Bytes;
  /** Seals the directories of packs and the journals. */
  readonly pack: Bytes;
}

export function epochKeys(primitives: Primitives, root: Bytes, epoch: number, vaultId: Bytes): EpochKeys {
  return {
    epoch,
    root,
    head: deriveKey(primitives, root, "head", vaultId),
    state: deriveKey(primitives, root, "state", vaultId),
    pack: deriveKey(primitives, root, "pack", vaultId),
  };
}

/** The generations that are known, the newest first. */
export class Keyring {
  readonly #epochs: readonly EpochKeys[];

  constructor(epochs: readonly EpochKeys[]) {
    this.#epochs = epochs.toSorted((a, b) => b.epoch - a.epoch);
  }

  get newest(): EpochKeys {
    return this.#epochs[0]!;
  }

  get all(): readonly EpochKeys[] {
    return this.#epochs;
  }

  /** Throws `vault.older-than-floor` for a generation that this keyring does not reach. */
  epoch(epoch: number): EpochKeys {
    const keys = this.#epochs.find((each) => each.epoch === epoch);
    if (keys === undefined) throw new KeepsakeError("vault.older-than-floor", { details: { epoch } });
    return keys;
  }
}
