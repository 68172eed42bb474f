import { bytesToHex, KeepsakeError, type Bytes } from "../base/index.ts";
import { newestHead } from "./heads/heads.ts";
import { requireWritable } from "./heads/head.ts";
import { requireKnown, type Device, type Slot } from "./keys/document.ts";
import { epochKeys, Keyring } from "./keys/keyring.ts";
import { checkNewPassword } from "./keys/password.ts";
import {
  deviceEntry,
  deviceSigningSeed,
  passwordSlot,
  seedSlot,
  storeDocument,
  type DocumentDraft,
  type OpenSlot,
} from "./keys/slots.ts";
import { seedToWords, type WordLanguage } from "./keys/words.ts";
import { newestSnapshot } from "./open.ts";
import { publishSame } from "./publish.ts";
import { FORMAT_VERSION } from "./seal/index.ts";
import type { DeviceKey, Vault } from "./vault.ts";

/*
 * What people do with their keys. Each step writes one slot document; the boxes of all slots are sealed anew to their
 * public keys, so that nobody's words or password are needed but one's own.
 */

/** Sets, changes or (with undefined) removes the password. Throws `keys.no-authority`, `keys.weak-password`. */
export async function setPassword(vault: Vault, password: string | undefined): Promise<Vault> {
  const { vaultId, authority } = boundTo(vault);
  const others = openSlots(vault).filter(({ kind }) => kind !== "password");
  if (password === undefined) return storeSlots(vault, others);
  checkNewPassword(password);
  return storeSlots(vault, [
    ...others,
    await passwordSlot(vault.primitives, { password, vaultId, authority }),
  ]);
}

/** Replaces the recovery words; the old ones open nothing that is written after the next rotation. */
export async function replaceWords(
  vault: Vault,
  language: WordLanguage,
): Promise<{ vault: Vault; words: readonly string[] }> {
  const { vaultId, authority } = boundTo(vault);
  const seed = vault.primitives.random(32);
  const slot = seedSlot(vault.primitives, { kind: "words", seed, vaultId, authority });
  const others = openSlots(vault).filter(({ kind }) => kind !== "words");
  return { vault: await storeSlots(vault, [slot, ...others]), words: await seedToWords(seed, language) };
}

/** Adds this device, so that it may write; its name is put into the key directory with its first version. */
export async function addDevice(vault: Vault): Promise<{ vault: Vault; deviceKey: DeviceKey }> {
  const { primitives } = vault;
  const { vaultId, authority } = boundTo(vault);
  const seed = primitives.random(32);
  const writer = Math.max(-1, ...vault.document.devices.map((device) => device.writer)) + 1;
  const slot = seedSlot(primitives, { kind: "device", seed, vaultId, authority });
  const devices = [...vault.document.devices, deviceEntry(primitives, { seed, vaultId, writer, slot })];
  const stored = await storeSlots(vault, [...openSlots(vault), slot], { devices });
  const device = { writer, signingSeed: deviceSigningSeed(primitives, seed, vaultId) };
  return { vault: { ...stored, device }, deviceKey: { seed, authority: stored.document.authority } };
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
 * with new words. Other devices accept it, and say so; a password has to be set again.
 */
export async function rescueVault(
  vault: Vault,
  language: WordLanguage,
): Promise<{ vault: Vault; words: readonly string[]; authority: string }> {
  const { primitives, id: vaultId, device } = vault;
  if (device === undefined) throw new KeepsakeError("keys.no-device");
  const [authoritySeed, seed] = [primitives.random(32), primitives.random(32)];
  const authority = primitives.ed25519.publicKey(authoritySeed);
  const words = seedSlot(primitives, { kind: "words", seed, vaultId, authority });
  const devices = openSlots(vault).filter(({ kind }) => kind === "device");
  const stored = await storeSlots({ ...vault, authoritySeed }, [words, ...devices], { endorser: device });
  return { vault: stored, words: await seedToWords(seed, language), authority: bytesToHex(authority) };
}

function boundTo({ primitives, id: vaultId, authoritySeed }: Vault): { vaultId: Bytes; authority: Bytes } {
  if (authoritySeed === undefined) throw new KeepsakeError("keys.no-authority");
  return { vaultId, authority: primitives.ed25519.publicKey(authoritySeed) };
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
  const { primitives, store, document, authoritySeed, keyring } = vault;
  if (authoritySeed === undefined) throw new KeepsakeError("keys.no-authority");
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
