import { KeepsakeError } from "@keepsake/core/base";
import { loadHistory, type History } from "@keepsake/core/history";
import { newestSnapshot, type Snapshot, type Vault } from "@keepsake/core/vault";

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
