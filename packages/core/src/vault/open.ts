import { bytesToText, hexToBytes, KeepsakeError, type Clock, type Primitives } from "../base/index.ts";
import { isDamage } from "./damage.ts";
import type { Head } from "./heads/head.ts";
import { newestHead, readHead } from "./heads/heads.ts";
import { directoryPacks, readDirectory, type Directory } from "./keys/directory.ts";
import { epochKeys, Keyring } from "./keys/keyring.ts";
import { deviceSigningSeed } from "./keys/device-seed.ts";
import { unlock, type Secret } from "./keys/unlock.ts";
import { readObject } from "./objects.ts";
import { PackReader } from "./pack/index.ts";
import type { Store } from "./store/store.ts";
import { stateSpec, type Anchor, type Snapshot, type Vault } from "./vault.ts";

export interface OpenOptions {
  readonly primitives: Primitives;
  readonly store: Store;
  readonly clock: Clock;
  readonly secret: Secret;
  readonly anchor?: Anchor | undefined;
}

/**
 * Opens a vault and its newest snapshot. Throws what `unlock` and `newestSnapshot` throw.
 * Words and passwords open it for reading; a device's key, for writing too.
 */
export async function openVault(options: OpenOptions): Promise<{ vault: Vault; snapshot: Snapshot }> {
  const { primitives, store, clock, secret } = options;
  const unlocked = await unlock(primitives, store, secret);
  const { document, documentHash, vaultId, authoritySeed, isNewAuthority } = unlocked;
  const entry = document.devices.find((each) => each.slot === unlocked.slot.id);
  const signingSeed =
    secret.kind === "device" ? deviceSigningSeed(primitives, secret.seed, vaultId) : undefined;
  const device =
    entry === undefined || signingSeed === undefined ? undefined : { writer: entry.writer, signingSeed };
  const keyring = new Keyring(
    unlocked.roots.map(({ epoch, root }) => epochKeys(primitives, root, epoch, vaultId)),
  );
  const vault: Vault = {
    primitives,
    store,
    clock,
    id: vaultId,
    keyring,
    document,
    documentHash,
    device,
    authoritySeed,
    isNewAuthority,
  };
  const snapshot = await newestSnapshot(vault, options.anchor);
  return { vault: { ...withPastKeys(vault, snapshot.directory), newest: snapshot.head.number }, snapshot };
}

/**
 * The newest snapshot that the store shows. Throws `vault.rolled-back` if it does not follow the anchor,
 * `vault.older-than-floor` if the slot document is older than the head's, `vault.corrupt` or `store.not-found`.
 */
export async function newestSnapshot(vault: Vault, anchor?: Anchor): Promise<Snapshot> {
  const head = await newestHead(vault, anchor);
  if (vault.document.version < head.slots) {
    throw new KeepsakeError("vault.older-than-floor", { details: { slots: vault.document.version } });
  }
  const directory = await readHeadDirectory(vault, head);
  return { head, directory, root: await readRoot(withPastKeys(vault, directory), head) };
}

/** An earlier version; its keys are those of the newest directory. Throws `store.not-found` if it was forgotten. */
export async function snapshotAt(vault: Vault, newest: Snapshot, number: number): Promise<Snapshot> {
  const head = await readHead(vault, number);
  if (head === undefined) throw new KeepsakeError("store.not-found", { details: { what: "head", number } });
  return { head, directory: newest.directory, root: await readRoot(vault, head) };
}

/** An earlier version with the keys as they were then, as long as no prune has taken them. */
export async function snapshotAsItWas(vault: Vault, number: number): Promise<Snapshot> {
  const head = await readHead(vault, number);
  if (head === undefined) throw new KeepsakeError("store.not-found", { details: { what: "head", number } });
  return { head, directory: await readHeadDirectory(vault, head), root: await readRoot(vault, head) };
}

/** The packs in which a head's key directory lies; undefined where it cannot be read. */
export async function headKeyPacks(vault: Vault, head: Head): Promise<readonly string[] | undefined> {
  try {
    return directoryPacks(head.directory, await readHeadDirectory(vault, head));
  } catch (error) {
    if (!isDamage(error)) throw error;
    return undefined;
  }
}

async function readHeadDirectory(vault: Vault, head: Head): Promise<Directory> {
  const keys = vault.keyring.epoch(head.epoch);
  const reader = new PackReader(vault.store);
  return readDirectory(vault.primitives, reader, { vaultId: vault.id, keys }, head.directory);
}

async function readRoot(vault: Vault, head: Head): Promise<unknown> {
  const reader = new PackReader(vault.store);
  const content = await readObject(vault.primitives, reader, stateSpec(vault, "root", head.epoch), head.root);
  return JSON.parse(bytesToText(content));
}

function withPastKeys(vault: Vault, directory: Directory): Vault {
  const known = new Set(vault.keyring.all.map((keys) => keys.epoch));
  const past = directory.past
    .filter(([epoch]) => !known.has(epoch))
    .map(([epoch, root]) => epochKeys(vault.primitives, hexToBytes(root)!, epoch, vault.id));
  return { ...vault, keyring: new Keyring([...vault.keyring.all, ...past]) };
}
