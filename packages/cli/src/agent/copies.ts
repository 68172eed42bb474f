import { readProfiles } from "../device/profile.ts";

/** The places of all copies of a vault that this device knows of, the one that backups go to first. */
export async function knownCopies(env: NodeJS.ProcessEnv, store: string): Promise<string[]> {
  const profiles = await readProfiles(env);
  const own = profiles.find(({ stores }) => Object.hasOwn(stores, store));
  return [...new Set([store, ...Object.keys(own?.stores ?? {})])];
}
