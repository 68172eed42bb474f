import { setTimeout } from "node:timers/promises";
import { bytesToHex, KeepsakeError, throwIfAborted } from "@keepsake/core/base";
import { loadHistory, type History } from "@keepsake/core/history";
import { limitStore } from "@keepsake/core/store";
import {
  openVault,
  wordsToSeed,
  type Secret,
  type Snapshot,
  type Store,
  type Vault,
} from "@keepsake/core/vault";
import type { Context } from "../context.ts";
import * as words from "../ui/messages/keys.ts";
import { keepKey, lastStore, readProfiles, rememberStore, updateProfile, type Profile } from "./profile.ts";
import { askSecret, givenSecret } from "./secrets.ts";
import { openStore, placeOf } from "./stores/stores.ts";

/** To a store with a limit: more at once would only wait for each other. */
const CALLS_AT_ONCE = 4;

/** A vault that a command works on. */
export interface Opened {
  readonly vault: Vault;
  readonly snapshot: Snapshot;
  readonly place: string;
  /** What this device keeps of the vault; undefined if it is none of its devices. */
  readonly profile: Profile | undefined;
}

/** The place of the store: from the command line, the environment, or the last time. Throws `cli.no-store`. */
export async function storePlace({ input, env }: Pick<Context, "input" | "env">): Promise<string> {
  const named = input.text("store") ?? env["KEEPSAKE_STORE"];
  const path = named === undefined || named === "" ? await lastStore(env) : named;
  if (path === undefined) throw new KeepsakeError("cli.no-store");
  return placeOf(path);
}

/** Opens the vault with this device's key, or with what the person gives. */
export async function open(context: Context): Promise<Opened> {
  const place = await storePlace(context);
  const opened = await openAt(context, place, limited(context, await openStore(context, place)));
  await rememberStore(context.env, place);
  return opened;
}

/** The store, asked for no more a second than the person allows. */
function limited({ input, signal }: Context, store: Store): Store {
  const bytesPerSecond = input.number("limitRate", 1);
  if (bytesPerSecond === undefined) return store;
  // Who waits for a turn stops waiting as soon as the person stops the work.
  const sleep = async (delayMs: number): Promise<void> => {
    await setTimeout(delayMs, undefined, { signal }).catch(() => undefined);
    throwIfAborted(signal);
  };
  return limitStore(store, { calls: CALLS_AT_ONCE, bytesPerSecond, sleep });
}

/** As `open`, with the history loaded. */
export async function openHistory(context: Context): Promise<Opened & { readonly history: History }> {
  const opened = await open(context);
  return { ...opened, history: await loadHistory(opened.vault, opened.snapshot) };
}

/** A vault that a command writes to. */
export interface Writable extends Opened {
  readonly history: History;
  readonly profile: Profile;
}

/** As `open`, for commands that write. Throws `cli.not-this-device` where only reading is possible. */
export async function openToWrite(context: Context): Promise<Writable> {
  return loadToWrite(await open(context));
}

/** The same for a vault that is open already. */
export async function loadToWrite(opened: Opened): Promise<Writable> {
  const { profile, vault, snapshot } = opened;
  const history = await loadHistory(vault, snapshot);
  if (vault.device === undefined || profile === undefined) throw new KeepsakeError("cli.not-this-device");
  return { ...opened, history, profile };
}

/** As `open`, with words or password even if the device could open it: for what people do with their keys. */
export async function openForKeys(context: Context): Promise<Opened> {
  const place = await storePlace(context);
  const opened = await openForKeysAt(context, place);
  await rememberStore(context.env, place);
  return opened;
}

/** The same for the vault at a place. */
export async function openForKeysAt(context: Context, place: string): Promise<Opened> {
  const store = await openStore(context, place);
  await requireVault(store);
  return openBySecret(context, place, store, await askSecret(context));
}

/** Opens the vault in a store that may be a copy of the one at `place`. */
export async function openAt(context: Context, place: string, store: Store): Promise<Opened> {
  await requireVault(store);
  const given = await givenSecret(context);
  if (given !== undefined) return openBySecret(context, place, store, given);
  const byDevice = await openByDevice(context, place, store);
  return byDevice ?? openBySecret(context, place, store, await askSecret(context));
}

/** Nobody is asked for words where there is no vault. */
export async function requireVault(store: Store): Promise<void> {
  for await (const _ of store.list("slots/")) return;
  throw new KeepsakeError("vault.not-found");
}

async function openBySecret(context: Context, place: string, store: Store, secret: Secret): Promise<Opened> {
  const { vault, snapshot } = await openWith(context, place, store, secret);
  const id = bytesToHex(vault.id);
  const own = (await readProfiles(context.env)).find((profile) => profile.vault === id);
  const byDevice = own === undefined ? undefined : await tryDevice(context, place, store, own);
  if (byDevice === undefined) return { vault, snapshot, place, profile: undefined };
  // The device may write, the secret may change keys: together both.
  return { ...byDevice, vault: { ...vault, device: byDevice.vault.device } };
}

/** Opens the vault by a secret; a password may be one that guards limit, words may be those that a helper told. */
async function openWith(
  context: Context,
  place: string,
  store: Store,
  secret: Secret,
): Promise<{ readonly vault: Vault; readonly snapshot: Snapshot }> {
  const { primitives, clock, env } = context;
  try {
    return await openVault({ primitives, store, clock, secret });
  } catch (error) {
    const isWrong = KeepsakeError.is(error, "vault.wrong-key") || KeepsakeError.is(error, "keys.replaced");
    if (isWrong && secret.kind === "words") return openByHelp(context, store, secret.words, error);
    if (!isWrong || secret.kind !== "password") throw error;
    const { openByGuards } = await import("./guarded.ts");
    const known = (await readProfiles(env)).filter(({ stores }) => Object.hasOwn(stores, place));
    const places = [place, ...known.flatMap(({ stores }) => Object.keys(stores))];
    const options = { primitives, store, clock, password: secret.password };
    const opened = await openByGuards(context, places, options);
    if (opened === undefined) throw error;
    return opened;
  }
}

async function openByHelp(
  { primitives, clock }: Context,
  store: Store,
  words: string,
  wrong: KeepsakeError,
): Promise<{ readonly vault: Vault; readonly snapshot: Snapshot }> {
  const secret: Secret = { kind: "family", seed: await wordsToSeed(words) };
  return openVault({ primitives, store, clock, secret }).catch((error: unknown) => {
    throw KeepsakeError.is(error, "vault.wrong-key") ? wrong : error;
  });
}

/** Undefined where no key of this device opens the vault. */
async function openByDevice(context: Context, place: string, store: Store): Promise<Opened | undefined> {
  const profiles = await readProfiles(context.env);
  const isHere = ({ stores }: Profile): boolean => Object.hasOwn(stores, place);
  for (const profile of [...profiles.filter(isHere), ...profiles.filter((each) => !isHere(each))]) {
    const opened = await tryDevice(context, place, store, profile);
    if (opened !== undefined) return opened;
  }
  return undefined;
}

async function tryDevice(
  context: Context,
  place: string,
  store: Store,
  profile: Profile,
): Promise<Opened | undefined> {
  const { primitives, clock, input, output, env } = context;
  const known = profile.stores[place] ?? newestAnchor(profile);
  const anchor = input.flag("acceptOlder") ? undefined : known;
  const secret: Secret = { kind: "device", ...profile.key };
  try {
    const { vault, snapshot } = await openVault({ primitives, store, clock, secret, anchor });
    if (vault.isNewAuthority) output.warn(words.newAuthority);
    const { authority } = vault.document;
    const isKnown = profile.key.authority === authority;
    const kept = isKnown ? profile : await keepKey(env, profile.vault, { ...profile.key, authority });
    const seen = await noteSeen(context, kept, { place, snapshot });
    return { vault, snapshot, place, profile: seen };
  } catch (error) {
    if (KeepsakeError.is(error, "vault.wrong-key") || KeepsakeError.is(error, "vault.revoked-device"))
      return undefined;
    if (KeepsakeError.is(error, "keys.replaced")) output.warn(words.deviceTakenOut);
    throw error;
  }
}

function newestAnchor({ stores }: Profile): Profile["stores"][string] | undefined {
  return Object.values(stores).sort((a, b) => b.number - a.number)[0];
}

/**
 * Remembers the head that a store shows: one that shows less later on was rolled back. Gives what is kept of the vault
 * then.
 */
export async function noteSeen(
  { env, input }: Pick<Context, "env" | "input">,
  profile: Profile,
  { place, snapshot }: { readonly place: string; readonly snapshot: Snapshot },
): Promise<Profile> {
  const { number, hash } = snapshot.head;
  if (profile.stores[place]?.hash === hash) return profile;
  return updateProfile(env, profile.vault, (kept = profile) => {
    const before = kept.stores[place];
    // Another process may have seen more meanwhile.
    const isOlder = before !== undefined && before.number > number && !input.flag("acceptOlder");
    return isOlder ? kept : { ...kept, stores: { ...kept.stores, [place]: { number, hash } } };
  });
}
