import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { bytesToHex, bytesToText, hexToBytes, KeepsakeError } from "@keepsake/core/base";
import type { Anchor, DeviceKey } from "@keepsake/core/vault";
import { readIfThere } from "./folders.ts";
import { configFolder } from "../where.ts";
import { updateFile } from "./update.ts";

/** What this device keeps of one vault, in a file that only its owner can read. */
export interface Profile {
  /** The vault's id, hex. */
  readonly vault: string;
  readonly key: DeviceKey;
  /** Every place where a copy of the vault was seen, and the head that it showed last. */
  readonly stores: Readonly<Record<string, Anchor>>;
  /** When each copy was made level last, milliseconds. */
  readonly leveledAt?: Readonly<Record<string, number>>;
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
  return file === undefined ? undefined : parsed(bytesToText(file));
}

function parsed(text: string): Profile {
  try {
    const { seed, authority, ...rest } = JSON.parse(text) as ProfileJson;
    return { ...rest, key: { seed: hexToBytes(seed)!, authority } };
  } catch (cause) {
    throw new KeepsakeError("cli.no-file", { cause, details: { what: "profile" } });
  }
}

/**
 * Changes what this device keeps of a vault: `change` is given what is there at that moment, which another process may
 * have written since it was read. Gives what is there afterwards.
 */
export async function updateProfile(
  env: NodeJS.ProcessEnv,
  vault: string,
  change: (kept: Profile | undefined) => Profile,
): Promise<Profile> {
  let changed: Profile | undefined;
  await updateFile(profilePath(env, vault), (before) => {
    changed = change(before === undefined ? undefined : parsed(before));
    const { key, ...rest } = changed;
    const json: ProfileJson = { ...rest, seed: bytesToHex(key.seed), authority: key.authority };
    return `${JSON.stringify(json, null, 2)}\n`;
  });
  return changed!;
}

/** Keeps a device's key; what is known of the vault's copies stays. */
export async function keepKey(env: NodeJS.ProcessEnv, vault: string, key: DeviceKey): Promise<Profile> {
  return updateProfile(env, vault, (kept) => ({ vault, stores: {}, ...kept, key }));
}

/** Notes that a copy holds all that the vault does. */
export async function noteLevel(
  env: NodeJS.ProcessEnv,
  profile: Profile,
  { place, now }: { readonly place: string; readonly now: number },
): Promise<void> {
  await updateProfile(env, profile.vault, (kept = profile) => ({
    ...kept,
    leveledAt: { ...kept.leveledAt, [place]: now },
  }));
}

/** Notes that the person showed to have the words, and whether a kit was made. */
export async function noteWords(
  env: NodeJS.ProcessEnv,
  { vault, key }: Pick<Profile, "vault" | "key">,
  {
    isChecked,
    isKitMade,
    now,
  }: { readonly isChecked: boolean; readonly isKitMade: boolean; readonly now: number },
): Promise<void> {
  await updateProfile(env, vault, (kept) => {
    const { wordsCheckedAt: _, ...rest } = kept ?? { vault, key, stores: {} };
    return { ...rest, ...(isChecked && { wordsCheckedAt: now }), ...(isKitMade && { kitMadeAt: now }) };
  });
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

/** What a person opens is what is meant where none is named. */
export async function rememberStore(env: NodeJS.ProcessEnv, place: string): Promise<void> {
  // What the agent opens is none of the person's choices.
  if (env["KEEPSAKE_UNATTENDED"] === "1") return;
  if ((await lastStore(env)) === place) return;
  const settings: Settings = { lastStore: place };
  await updateFile(settingsPath(env), () => `${JSON.stringify(settings)}\n`);
}

function settingsPath(env: NodeJS.ProcessEnv): string {
  return join(configFolder(env), "settings.json");
}
