import { bytesToHex } from "../../base/index.ts";
import { rotateRoot, type KeyEntry, type Snapshot, type Vault } from "../../vault/index.ts";
import { loadHistory, type History } from "../state/state.ts";
import { newBatch } from "../write/batch.ts";
import { commitBatch } from "../write/commit.ts";

/**
 * A new generation of the root and of every collection's key. No message and no attachment is uploaded again: what
 * was written stays sealed as it is, and its keys lie in the key directory, which is sealed anew.
 */
export async function rotate(history: History): Promise<{ vault: Vault; snapshot: Snapshot | "raced" }> {
  const isCutShort = history.vault.document.epoch > history.snapshot.head.epoch;
  const vault = isCutShort ? history.vault : await rotateRoot(history.vault);
  return { vault, snapshot: await rotateCollections(await loadHistory(vault, history.snapshot)) };
}

/** The second half of a rotation: the version that puts the new generation to use. */
export async function rotateCollections(history: History): Promise<Snapshot | "raced"> {
  const { primitives, keyring } = history.vault;
  const { epoch } = keyring.newest;
  const batch = newBatch(history);
  for (const entry of history.entries.values()) {
    if (entry.ref !== undefined || entry.keys.some(([each]) => each === epoch)) continue;
    const renewed: KeyEntry = { ...entry, keys: [...entry.keys, [epoch, bytesToHex(primitives.random(32))]] };
    batch.entries.set(entry.id, renewed);
  }
  return commitBatch(batch, { verb: "rotate" });
}
