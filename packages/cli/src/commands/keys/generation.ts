import { loadHistory } from "@keepsake/core/history";
import { rotate, rotateCollections } from "@keepsake/core/care";
import { newestSnapshot, type Snapshot, type Vault } from "@keepsake/core/vault";
import { winRace } from "../races.ts";

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
