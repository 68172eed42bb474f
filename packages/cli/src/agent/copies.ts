import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readProfiles } from "../device/profile.ts";

/** The places of all copies of a vault that this device knows of, the one that backups go to first. */
export async function knownCopies(env: NodeJS.ProcessEnv, store: string): Promise<string[]> {
  const profiles = await readProfiles(env);
  const own = profiles.find(({ stores }) => Object.hasOwn(stores, store));
  return [...new Set([store, ...Object.keys(own?.stores ?? {})])];
}

/** Whether a copy can be looked at now: its drive is plugged in. */
export async function isReachable(place: string): Promise<boolean> {
  return stat(join(place, "heads")).then(
    () => true,
    () => false,
  );
}
