import { ed25519 } from "@noble/curves/ed25519.js";
import {
  bytesToHex,
  hexToBytes,
  KeepsakeError,
  textToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import { deriveKey } from "../seal/index.ts";
import { numberName } from "../store/names.ts";
import type { Store } from "../store/store.ts";
import {
  documentHash,
  encodeDocument,
  endorse,
  type Device,
  type Slot,
  type SlotDocument,
  type SlotKind,
} from "./document.ts";
import { sealBox, slotKeys, vouch } from "./hybrid.ts";
import { passwordParameters, passwordToSeed } from "./password.ts";
import { documentNumbers, type BoxJson } from "./unlock.ts";

/** A slot before its box is sealed. */
export type OpenSlot = Omit<Slot, "box">;

/** A document before its boxes are sealed. */
export interface DocumentDraft extends Omit<SlotDocument, "slots" | "version" | "authority"> {
  readonly slots: readonly OpenSlot[];
}

/** What the boxes of a document will hold. */
export interface BoxSecrets {
  readonly roots: readonly { readonly epoch: number; readonly root: Bytes }[];
  readonly authoritySeed: Bytes;
}

export function authorityPublicKey(authoritySeed: Bytes): Bytes {
  return new Uint8Array(ed25519.getPublicKey(authoritySeed));
}

/** A slot for the seed of words, of a password or of a device. */
export function seedSlot(
  primitives: Primitives,
  options: { kind: SlotKind; seed: Bytes; vaultId: Bytes; authority: Bytes },
): OpenSlot {
  const keys = slotKeys(primitives, options.seed, options.vaultId);
  return {
    id: bytesToHex(primitives.random(8)),
    kind: options.kind,
    publicKey: bytesToHex(keys.publicKey),
    vouch: bytesToHex(vouch(primitives, keys, options.vaultId, options.authority)),
  };
}

/** A slot for a password: for stores of a person's own only, because whoever has the store can guess offline. */
export async function passwordSlot(
  primitives: Primitives,
  options: { password: string; vaultId: Bytes; authority: Bytes },
): Promise<OpenSlot> {
  const salt = primitives.random(16);
  const seed = await passwordToSeed(primitives, options.password, salt, passwordParameters);
  const slot = seedSlot(primitives, { kind: "password", seed, ...options });
  return { ...slot, kdf: { ...passwordParameters, salt: bytesToHex(salt) } };
}

/** A device's signing key, and its entry in the document. */
export function deviceEntry(
  primitives: Primitives,
  options: { seed: Bytes; vaultId: Bytes; writer: number; slot: OpenSlot },
): Device {
  const verify = ed25519.getPublicKey(deviceSigningSeed(primitives, options.seed, options.vaultId));
  return { writer: options.writer, verify: bytesToHex(verify), slot: options.slot.id };
}

export function deviceSigningSeed(primitives: Primitives, seed: Bytes, vaultId: Bytes): Bytes {
  return deriveKey(primitives, seed, "device/sign", vaultId);
}

/**
 * Seals the boxes, signs, and stores the document under the next free number. `endorser`: the device that vouches for
 * an authority that is not the one before.
 */
export async function storeDocument(
  primitives: Primitives,
  store: Store,
  draft: DocumentDraft,
  secrets: BoxSecrets,
  endorser?: { readonly writer: number; readonly signingSeed: Bytes },
): Promise<{ document: SlotDocument; hash: string }> {
  const slots: Slot[] = [];
  for (const slot of draft.slots) slots.push(await sealSlot(primitives, draft, slot, secrets));
  const authority = bytesToHex(authorityPublicKey(secrets.authoritySeed));
  for (;;) {
    const version = ((await documentNumbers(store))[0] ?? 0) + 1;
    const unendorsed: SlotDocument = { ...draft, slots, version, authority };
    const document = endorser === undefined ? unendorsed : withEndorsement(unendorsed, endorser);
    const file = encodeDocument(document, secrets.authoritySeed);
    if ((await store.put(`slots/${numberName(version)}`, file)) === "stored") {
      return { document, hash: documentHash(primitives, file) };
    }
  }
}

function withEndorsement(
  document: SlotDocument,
  { writer, signingSeed }: { writer: number; signingSeed: Bytes },
): SlotDocument {
  return { ...document, endorsement: { writer, signature: endorse(document, signingSeed) } };
}

async function sealSlot(
  primitives: Primitives,
  draft: DocumentDraft,
  slot: OpenSlot,
  { roots, authoritySeed }: BoxSecrets,
): Promise<Slot> {
  const publicKey = hexToBytes(slot.publicKey);
  const vaultId = hexToBytes(draft.vault);
  if (publicKey === undefined || vaultId === undefined) throw new KeepsakeError("base.unexpected");
  const plain: BoxJson = {
    roots: roots.map(({ epoch, root }) => [epoch, bytesToHex(root)]),
    ...(slot.kind === "device" ? {} : { authority: bytesToHex(authoritySeed) }),
  };
  const context = { type: "slot", vaultId, epoch: draft.epoch, id: hexToBytes(slot.id)! } as const;
  const box = await sealBox(primitives, publicKey, context, textToBytes(JSON.stringify(plain)));
  return { ...slot, box: bytesToHex(box) };
}
