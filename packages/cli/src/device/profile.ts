import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { bytesToHex, bytesToText, hexToBytes, KeepsakeError } from "@keepsake/core/base";
import type { Anchor, DeviceKey } from "@keepsake/core/vault";
import { configFolder, readIfThere, writePrivate } from "./folders.ts";

/** What this device keeps of one vault, in a file that only its owner can read. */
export interface Profile {
  /** The vault's id, hex. */
  readonly vault: string;
  readonly key: DeviceKey;
  /** Every place where a copy of the vault was seen, and the head that it showed last. */
  readonly stores: Readonly<Record<string, Anchor>>;
  /** When the person last showed that the recovery words are at hand, milliseconds. */
  readonly wordsCheckedAt?: number;
  /** When the recovery kit was printed last. */
  readonly kitMadeAt?: number;
}

interface ProfileJson extends Omit<Profile, "key"> {
  readonly seed: string;
  readonly authority: string;
}

const FOLDER = "vaults";

export async function readProfiles(env: NodeJS.ProcessEnv): Promise<Profile[]> {
  const folder = join(configFolder(env), FOLDER);
  const names = await readdir(folder).catch(() => []);
  const profiles: Profile[] = [];
  for (const name of names.filter((each) => /^[0-9a-f]{32}\.json$/.test(each)).sort()) {
    const profile = await readProfile(join(folder, name));
    if (profile !== undefined) profiles.push(profile);
  }
  return profiles;
}

async function readProfile(path: string): Promise<Profile | undefined> {
  const file = await readIfThere(path);
  if (file === undefined) return undefined;
  try {
    const { seed, authority, ...rest } = JSON.parse(bytesToText(file)) as ProfileJson;
    return { ...rest, key: { seed: hexToBytes(seed)!, authority } };
  } catch (cause) {
    throw new KeepsakeError("cli.no-file", { cause, details: { what: "profile" } });
  }
}

export async function writeProfile(env: NodeJS.ProcessEnv, profile: Profile): Promise<void> {
  const { key, ...rest } = profile;
  const json: ProfileJson = { ...rest, seed: bytesToHex(key.seed), authority: key.authority };
  await writePrivate(profilePath(env, profile.vault), `${JSON.stringify(json, null, 2)}\n`);
}

function profilePath(env: NodeJS.ProcessEnv, vault: string): string {
  return join(configFolder(env), FOLDER, `${vault}.json`);
}

interface Settings {
  readonly lastStore?: string;
}

/** The place of the store that the person used last; undefined if none was. */
export async function lastStore(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const file = await readIfThere(settingsPath(env));
  try {
    return file === undefined ? undefined : (JSON.parse(bytesToText(file)) as Settings).lastStore;
  } catch {
    return undefined;
  }
}

export async function rememberStore(env: NodeJS.ProcessEnv, place: string): Promise<void> {
  // What the agent opens is none of the person's choices.
  if (env["KEEPSAKE_UNATTENDED"] === "1") return;
  if ((await lastStore(env)) === place) return;
  const settings: Settings = { lastStore: place };
  await writePrivate(settingsPath(env), `${JSON.stringify(settings)}\n`);
}

function settingsPath(env: NodeJS.ProcessEnv): string {
  return join(configFolder(env), "settings.json");
}
