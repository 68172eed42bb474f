import {
  bytesToHex,
  equalBytes,
  hexToBytes,
  KeepsakeError,
  textToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import { numberName } from "../store/names.ts";
import type { Store } from "../store/store.ts";
import { deviceSigningSeed } from "./device-seed.ts";
import {
  decodeDocument,
  documentHash,
  encodeDocument,
  endorse,
  type Device,
  type SlotDocument,
} from "./document.ts";
import { sealBox, slotKeys, vouch } from "./hybrid.ts";
import { passwordParameters, passwordToSeed } from "./password.ts";
import { holdsAuthority, type Slot, type SlotKind } from "./slot.ts";
import type { BoxJson } from "./unlock.ts";

/** A slot before its box is sealed. */
export type OpenSlot = Omit<Slot, "box">;

/** A document before its boxes are sealed; `version` and `authority` are still those of the one before it. */
export interface DocumentDraft extends Omit<SlotDocument, "slots"> {
  readonly slots: readonly OpenSlot[];
}

/** What the boxes of a document will hold. */
export interface BoxSecrets {
  readonly roots: readonly { readonly epoch: number; readonly root: Bytes }[];
  readonly authoritySeed: Bytes;
  /** The device that vouches for an authority that is not the one before. */
  readonly endorser?: { readonly writer: number; readonly signingSeed: Bytes } | undefined;
}

/** A slot for a seed, whatever gives it; what the public must know beside is put to it. */
export async function seedSlot(
  primitives: Primitives,
  options: { kind: SlotKind; seed: Bytes; vaultId: Bytes; authority: Bytes },
): Promise<OpenSlot> {
  const keys = await slotKeys(primitives, options.seed, options.vaultId);
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
  const slot = await seedSlot(primitives, { kind: "password", seed, ...options });
  return { ...slot, kdf: { ...passwordParameters, salt: bytesToHex(salt) } };
}

/** A device's signing key, and its entry in the document. */
export async function deviceEntry(
  primitives: Primitives,
  options: { seed: Bytes; vaultId: Bytes; writer: number; slot: OpenSlot },
): Promise<Device> {
  const signingSeed = deviceSigningSeed(primitives, options.seed, options.vaultId);
  const verify = await primitives.ed25519.publicKey(signingSeed);
  return { writer: options.writer, verify: bytesToHex(verify), slot: options.slot.id };
}

/** So many numbers may be taken by what is no document of this vault's. */
const MOST_TAKEN = 100;

/**
 * Seals the boxes, signs, stores the document under the number after the one before, and reads it back.
 * `endorser`: the device that vouches for an authority that is not the one before. Throws `vault.raced` where another
 * device has changed the keys meanwhile, `store.unavailable` where the store does not keep what it took.
 */
export async function storeDocument(
  primitives: Primitives,
  store: Store,
  draft: DocumentDraft,
  secrets: BoxSecrets,
): Promise<{ document: SlotDocument; hash: string }> {
  const slots: Slot[] = [];
  for (const slot of draft.slots) slots.push(await sealSlot(primitives, draft, slot, secrets));
  const authority = bytesToHex(await primitives.ed25519.publicKey(secrets.authoritySeed));
  for (let version = draft.version + 1; version <= draft.version + MOST_TAKEN; version++) {
    const unendorsed: SlotDocument = { ...draft, slots, version, authority };
    const document =
      secrets.endorser === undefined
        ? unendorsed
        : await withEndorsement(primitives, unendorsed, secrets.endorser);
    const file = await encodeDocument(primitives, document, secrets.authoritySeed);
    const outcome = await store.put(`slots/${numberName(version)}`, file);
    const there = await store.get(`slots/${numberName(version)}`);
    if (there !== undefined && equalBytes(there, file))
      return { document, hash: documentHash(primitives, file) };
    if (outcome === "stored") break;
    if (there !== undefined && (await isSignedByAny(primitives, there, [authority, draft.authority])))
      throw new KeepsakeError("vault.raced");
  }
  throw new KeepsakeError("store.unavailable", { retry: "later", details: { what: "slots" } });
}

/** Whether it is a document of one of these authorities; anything else counts as never written. */
async function isSignedByAny(
  primitives: Primitives,
  file: Bytes,
  authorities: readonly string[],
): Promise<boolean> {
  try {
    return authorities.includes((await decodeDocument(primitives, file)).authority);
  } catch (error) {
    if (KeepsakeError.is(error, "vault.corrupt")) return false;
    throw error;
  }
}

async function withEndorsement(
  primitives: Primitives,
  document: SlotDocument,
  { writer, signingSeed }: { writer: number; signingSeed: Bytes },
): Promise<SlotDocument> {
  const signature = await endorse(primitives, document, signingSeed);
  return { ...document, endorsement: { writer, signature } };
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
    ...(holdsAuthority(slot.kind) ? { authority: bytesToHex(authoritySeed) } : {}),
  };
  const context = { type: "slot", vaultId, epoch: draft.epoch, id: hexToBytes(slot.id)! } as const;
  const box = await sealBox(primitives, publicKey, context, textToBytes(JSON.stringify(plain)));
  return { ...slot, box: bytesToHex(box) };
}
