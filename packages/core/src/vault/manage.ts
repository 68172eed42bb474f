import { bytesToHex, KeepsakeError, type Bytes, type Primitives } from "../base/index.ts";
import { newestHead } from "./heads/heads.ts";
import { requireWritable } from "./heads/head.ts";
import { requireKnown, type Device } from "./keys/document.ts";
import { epochKeys, Keyring } from "./keys/keyring.ts";
import { checkNewPassword } from "./keys/password.ts";
import {
  deviceEntry,
  passwordSlot,
  seedSlot,
  storeDocument,
  type DocumentDraft,
  type OpenSlot,
} from "./keys/slots.ts";
import { deviceSigningSeed } from "./keys/device-seed.ts";
import type { Slot, SlotKind } from "./keys/slot.ts";
import { seedToWords, type WordLanguage } from "./keys/words.ts";
import { newestSnapshot } from "./open.ts";
import { publishSame } from "./publish.ts";
import { FORMAT_VERSION } from "./seal/index.ts";
import type { DeviceKey, Vault } from "./vault.ts";

/*
 * What people do with their keys. Each step writes one slot document; the boxes of all slots are sealed anew to their
 * public keys, so that nobody's words or password are needed but one's own.
 */

/**
 * Sets, changes or (with undefined) removes the password of a vault that lies in stores of the person's own alone: who
 * has the store can guess at it. It takes the place of a guarded one. Throws `keys.no-authority`, `keys.weak-password`. */
export async function setPassword(vault: Vault, password: string | undefined): Promise<Vault> {
  const { vaultId, authority } = await boundTo(vault);
  const others = openSlots(vault).filter(({ kind }) => !isPassword(kind));
  if (password === undefined) return storeSlots(vault, others);
  checkNewPassword(password);
  return storeSlots(vault, [
    ...others,
    await passwordSlot(vault.primitives, { password, vaultId, authority }),
  ]);
}

/** A slot made of a seed that others helped to find, with what the public must know of it. */
export type MadeSlot =
  | { readonly kind: "guarded"; readonly seed: Bytes; readonly of: Required<Pick<Slot, "kdf" | "guards">> }
  | { readonly kind: "family"; readonly seed: Bytes; readonly of: Required<Pick<Slot, "family">> }
  | { readonly kind: "passkey"; readonly seed: Bytes; readonly of: Required<Pick<Slot, "passkey">> };

/**
 * Puts a slot into the document in place of those that `replaces` names. A guarded password takes the place of every
 * other password: one that can be guessed offline would make its guards worth nothing. Throws `keys.no-authority`.
 */
export async function putSlot(
  vault: Vault,
  made: MadeSlot,
  replaces: (slot: Slot) => boolean = () => false,
): Promise<Vault> {
  const { vaultId, authority } = await boundTo(vault);
  const slot = await seedSlot(vault.primitives, { kind: made.kind, seed: made.seed, vaultId, authority });
  const isReplaced = (each: Slot): boolean =>
    replaces(each) || (made.kind === "guarded" && isPassword(each.kind));
  const others = vault.document.slots.filter((each) => !isReplaced(each)).map(withoutBox);
  return storeSlots(vault, [...others, { ...slot, ...made.of }]);
}

/** Takes slots out; a rotation has to follow, or what they opened stays open to them. Throws `keys.no-authority`. */
export async function dropSlots(vault: Vault, isDropped: (slot: Slot) => boolean): Promise<Vault> {
  requireAuthority(vault);
  return storeSlots(vault, vault.document.slots.filter((slot) => !isDropped(slot)).map(withoutBox));
}

function isPassword(kind: SlotKind): boolean {
  return kind === "password" || kind === "guarded";
}

/** Gives new words to the person. What it throws stops what they were made for: nothing is stored yet. */
type HandOver = (words: readonly string[]) => Promise<void>;

/**
 * Replaces the recovery words, once the person has the new ones; the old ones open nothing that is written after the
 * next rotation.
 */
export async function replaceWords(vault: Vault, language: WordLanguage, handOver: HandOver): Promise<Vault> {
  const { vaultId, authority } = await boundTo(vault);
  const seed = vault.primitives.random(32);
  await handOver(await seedToWords(seed, language));
  const slot = await seedSlot(vault.primitives, { kind: "words", seed, vaultId, authority });
  const others = openSlots(vault).filter(({ kind }) => kind !== "words");
  return storeSlots(vault, [slot, ...others]);
}

/** Adds this device, so that it may write; its name is put into the key directory with its first version. */
export async function addDevice(vault: Vault): Promise<{ vault: Vault; deviceKey: DeviceKey }> {
  const { primitives } = vault;
  const { vaultId, authority } = await boundTo(vault);
  const seed = primitives.random(32);
  const stored = await addOtherDevice(vault, await newDeviceOf(primitives, { seed, vaultId, authority }));
  const signingSeed = deviceSigningSeed(primitives, seed, vaultId);
  const device = { writer: stored.writer, signingSeed };
  return { vault: { ...stored.vault, device }, deviceKey: { seed, authority: bytesToHex(authority) } };
}

/** What a device says of itself to one that may add it. None of it is secret. */
export interface NewDevice {
  readonly slot: OpenSlot;
  /** Its Ed25519 public key. */
  readonly verify: string;
}

/** The new device of a seed, which stays with it. */
export async function newDeviceOf(
  primitives: Primitives,
  { seed, vaultId, authority }: { readonly seed: Bytes; readonly vaultId: Bytes; readonly authority: Bytes },
): Promise<NewDevice> {
  const slot = await seedSlot(primitives, { kind: "device", seed, vaultId, authority });
  const { verify } = await deviceEntry(primitives, { seed, vaultId, writer: 0, slot });
  return { slot, verify };
}

/** Adds a device whose seed stays with it. Throws `keys.no-authority`: a device's own key may not add others. */
export async function addOtherDevice(
  vault: Vault,
  { slot, verify }: NewDevice,
): Promise<{ vault: Vault; writer: number }> {
  const writer = Math.max(-1, ...vault.document.devices.map((device) => device.writer)) + 1;
  const devices = [...vault.document.devices, { writer, verify, slot: slot.id }];
  return { vault: await storeSlots(vault, [...openSlots(vault), slot], { devices }), writer };
}

/**
 * Takes a device out: its later heads count as never written, and its key opens nothing that is written after the
 * rotation that goes with it. What it could read before stays read.
 */
export async function revokeDevice(vault: Vault, writer: number): Promise<Vault> {
  const revokedFrom = (await newestHead(vault)).number + 1;
  const revoked = vault.document.devices.find((device) => device.writer === writer);
  if (revoked === undefined || writer === vault.device?.writer) throw new KeepsakeError("keys.no-device");
  const devices = vault.document.devices.map((device) =>
    device === revoked ? { ...device, revokedFrom } : device,
  );
  const slots = openSlots(vault).filter(({ id }) => id !== revoked.slot);
  return rotateRoot(vault, { slots, devices });
}

/** Starts a new generation of the root, sealed to every slot. What is written from now on hangs on it. */
export async function rotateRoot(
  vault: Vault,
  change: { readonly slots?: readonly OpenSlot[]; readonly devices?: readonly Device[] } = {},
): Promise<Vault> {
  const epoch = vault.document.epoch + 1;
  const root = vault.primitives.random(32);
  const keyring = new Keyring([...vault.keyring.all, epochKeys(vault.primitives, root, epoch, vault.id)]);
  return storeSlots({ ...vault, keyring }, change.slots ?? openSlots(vault), { ...change, epoch });
}

/**
 * All words and passwords are lost, and this device lives: a new authority takes over, which the device endorses,
 * with new words, once the person has them. Other devices accept it, and say so; a password has to be set again.
 */
export async function rescueVault(
  vault: Vault,
  language: WordLanguage,
  handOver: HandOver,
): Promise<{ vault: Vault; authority: string }> {
  const { primitives, id: vaultId, device } = vault;
  if (device === undefined) throw new KeepsakeError("keys.no-device");
  const [authoritySeed, seed] = [primitives.random(32), primitives.random(32)];
  const authority = await primitives.ed25519.publicKey(authoritySeed);
  await handOver(await seedToWords(seed, language));
  const words = await seedSlot(primitives, { kind: "words", seed, vaultId, authority });
  const devices = openSlots(vault).filter(({ kind }) => kind === "device");
  const stored = await storeSlots({ ...vault, authoritySeed }, [words, ...devices], { endorser: device });
  return { vault: stored, authority: bytesToHex(authority) };
}

async function boundTo(vault: Vault): Promise<{ vaultId: Bytes; authority: Bytes }> {
  const authority = await vault.primitives.ed25519.publicKey(requireAuthority(vault));
  return { vaultId: vault.id, authority };
}

function requireAuthority({ authoritySeed }: Vault): Bytes {
  if (authoritySeed === undefined) throw new KeepsakeError("keys.no-authority");
  return authoritySeed;
}

function openSlots({ document }: Vault): OpenSlot[] {
  return document.slots.map(withoutBox);
}

function withoutBox(slot: Slot): OpenSlot {
  const { box: _, ...open } = slot;
  return open;
}

async function storeSlots(
  vault: Vault,
  slots: readonly OpenSlot[],
  change: {
    readonly devices?: readonly Device[];
    readonly epoch?: number;
    readonly endorser?: NonNullable<Vault["device"]>;
  } = {},
): Promise<Vault> {
  const { primitives, store, document, keyring } = vault;
  const authoritySeed = requireAuthority(vault);
  requireKnown(document);
  if (vault.device !== undefined) requireWritable(await newestHead(vault));
  if (!slots.some(({ kind }) => kind === "words")) throw new KeepsakeError("keys.last-slot");
  const draft: DocumentDraft = {
    format: FORMAT_VERSION,
    leastFormat: document.leastFormat,
    vault: document.vault,
    previous: vault.documentHash,
    version: document.version,
    authority: document.authority,
    epoch: change.epoch ?? document.epoch,
    slots,
    devices: change.devices ?? document.devices,
  };
  const roots = keyring.all.slice(0, 2).map(({ epoch, root }) => ({ epoch, root }));
  const stored = await storeDocument(primitives, store, draft, {
    roots,
    authoritySeed,
    endorser: change.endorser,
  });
  const changed = { ...vault, document: stored.document, documentHash: stored.hash };
  // A head that names the new document: from then on, no store can show the old one instead. A rotation has its own.
  if (vault.device !== undefined && change.epoch === undefined)
    await publishSame(changed, await newestSnapshot(changed), "keys");
  return changed;
}
