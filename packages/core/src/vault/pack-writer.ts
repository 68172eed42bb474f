import { PackWriter, type PackWriterOptions } from "./pack/index.ts";
import type { Vault } from "./vault.ts";

/** A writer of packs whose directories are sealed with the newest key. */
export function packWriter(
  vault: Vault,
  options: Pick<PackWriterOptions, "signal" | "onStored" | "aimBytes"> = {},
): PackWriter {
  const { primitives, store, id: vaultId, keyring } = vault;
  const { pack: key, epoch } = keyring.newest;
  return new PackWriter({ primitives, store, vaultId, key, epoch, ...options });
}
