import { bytesToHex, KeepsakeError } from "../../base/index.ts";
import { newestSnapshot, rotateRoot, type KeyEntry, type Snapshot, type Vault } from "../../vault/index.ts";
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

const MOST = 10;

/** Does something to the newest version, again from its beginning where another device was quicker. */
export async function winRace<T>(
  vault: Vault,
  act: (history: History) => Promise<{ readonly snapshot: Snapshot | "raced"; readonly value: T }>,
): Promise<{ readonly snapshot: Snapshot; readonly value: T }> {
  for (let race = 0; race < MOST; race++) {
    const { snapshot, value } = await act(await loadHistory(vault, await newestSnapshot(vault)));
    if (snapshot !== "raced") return { snapshot, value };
  }
  throw new KeepsakeError("vault.raced", { retry: "later" });
}

/** A new generation of all keys, and the version that puts it to use. */
export async function startGeneration(vault: Vault): Promise<{ vault: Vault; snapshot: Snapshot }> {
  const begun = await rotate(await loadHistory(vault, await newestSnapshot(vault)));
  if (begun.snapshot !== "raced") return { vault: begun.vault, snapshot: begun.snapshot };
  return { vault: begun.vault, snapshot: await useGeneration(begun.vault) };
}

/** The version that puts a generation to use whose keys are there. */
export async function useGeneration(vault: Vault): Promise<Snapshot> {
  const { snapshot } = await winRace(vault, async (history) => {
    return { snapshot: await rotateCollections(history), value: undefined };
  });
  return snapshot;
}
