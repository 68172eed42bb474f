import {
  bytesToHex,
  bytesToText,
  equalBytes,
  hexToBytes,
  KeepsakeError,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import type { Store } from "../store/store.ts";
import { nameNumber, numberName } from "../store/names.ts";
import { decodeDocument, documentHash, isEndorsed, type SlotDocument } from "./document.ts";
import { openBox, slotKeys, vouch, type SlotKeys } from "./hybrid.ts";
import { passwordToSeed } from "./password.ts";
import type { Slot } from "./slot.ts";
import { wordsToSeed } from "./words.ts";

/** What a person or a device holds to open a vault. */
export type Secret =
  | { readonly kind: "words"; readonly words: string }
  | { readonly kind: "password"; readonly password: string }
  /** What asks guards or a passkey: undefined where the slot is not its own. It is asked for few slots. */
  | {
      readonly kind: "guarded" | "passkey";
      readonly seedOf: (slot: Slot, vaultId: Bytes) => Promise<Bytes | undefined>;
    }
  | { readonly kind: "family"; readonly seed: Bytes }
  /** A device knows its vault's authority, so that no store can give it another vault for this one. */
  | { readonly kind: "device"; readonly seed: Bytes; readonly authority: string };

/** What a slot's box holds, and where it was found. */
export interface Unlocked {
  readonly document: SlotDocument;
  readonly documentHash: string;
  readonly vaultId: Bytes;
  readonly slot: Slot;
  /** The newest generation's root and the one before it, so that a rotation cut short leaves the vault open. */
  readonly roots: readonly { readonly epoch: number; readonly root: Bytes }[];
  /** Signs slot documents; the boxes of devices and passkeys do not hold it. */
  readonly authoritySeed: Bytes | undefined;
  /** The authority is another than the device knew; an endorsed one. The person is told. */
  readonly isNewAuthority: boolean;
}

/** The plaintext of a box; all bytes are hex. */
export interface BoxJson {
  readonly roots: readonly (readonly [epoch: number, root: string])[];
  readonly authority?: string;
}

const LIMIT_BYTES = 1024 * 1024;
/**
 * How many documents, and slots of each, a secret is tried on where each trial costs: Argon2id, one of few guesses, a
 * question to the person. A store can plant documents that cost a gigabyte and seconds each to try.
 */
const mostTrials: Readonly<Partial<Record<Secret["kind"], { documents: number; slots: number }>>> = {
  password: { documents: 4, slots: 4 },
  guarded: { documents: 1, slots: 1 },
  passkey: { documents: 1, slots: 8 },
};

interface StoredDocument {
  readonly document: SlotDocument;
  readonly hash: string;
}

/**
 * Opens the newest slot document that this secret vouches for.
 * Throws `vault.not-found`, `vault.wrong-key`, `keys.replaced`, `vault.altered-keys`, `vault.corrupt`, `vault.newer-format` or
 * `vault.unsafe-parameters`.
 */
export async function unlock(primitives: Primitives, store: Store, secret: Secret): Promise<Unlocked> {
  const numbers = await documentNumbers(store);
  if (numbers.length === 0) throw new KeepsakeError("vault.not-found");
  const known =
    secret.kind === "device" ? await openNewest(primitives, store, numbers[0]!, secret) : undefined;
  if (known !== undefined) return known;
  const documents = await readDocuments(primitives, store, numbers);
  if (documents.length === 0) throw new KeepsakeError("vault.corrupt", { details: { what: "slots" } });
  let isMatching = false;
  for (const [place, stored] of documents.slice(0, mostTrials[secret.kind]?.documents).entries()) {
    for (const match of await matchingSlots(primitives, stored.document, secret)) {
      isMatching = true;
      const trust = await trustIn(primitives, documents.slice(place), match, secret);
      if (trust === undefined) continue;
      if (await isFollowed(primitives, documents, place)) throw new KeepsakeError("keys.replaced");
      return openSlot(primitives, stored, match, trust === "successor");
    }
  }
  throw new KeepsakeError(isMatching ? "vault.altered-keys" : "vault.wrong-key");
}

/** The numbers under which slot documents lie, the newest first. */
async function documentNumbers(store: Store): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { name } of store.list("slots/")) {
    const number = nameNumber(name.slice("slots/".length));
    if (number !== undefined) numbers.push(number);
  }
  return numbers.sort((a, b) => b - a);
}

/**
 * Whether the store has slot documents that came after the one by which a vault was opened: what devices write that came
 * in since counts as never written until it is opened again.
 */
export async function hasNewerKeys({
  store,
  document,
}: {
  readonly store: Store;
  readonly document: SlotDocument;
}): Promise<boolean> {
  const [newest = 0] = await documentNumbers(store);
  return newest > document.version;
}

/**
 * Most devices find themselves in the newest document, under the authority that they know: the ones before it say
 * nothing then. Undefined where it is not so.
 */
async function openNewest(
  primitives: Primitives,
  store: Store,
  number: number,
  secret: Extract<Secret, { kind: "device" }>,
): Promise<Unlocked | undefined> {
  const stored = await readDocument(primitives, store, number);
  if (stored?.document.authority !== secret.authority) return undefined;
  const [match] = await matchingSlots(primitives, stored.document, secret);
  return match && openSlot(primitives, stored, match, false);
}

/** The documents that are whole, the newest first. */
async function readDocuments(
  primitives: Primitives,
  store: Store,
  numbers: readonly number[],
): Promise<StoredDocument[]> {
  const documents: StoredDocument[] = [];
  for (const number of numbers) {
    const stored = await readDocument(primitives, store, number);
    if (stored !== undefined) documents.push(stored);
  }
  return documents;
}

/** Undefined for a file that is damaged, or lies under another number than its own: as if never written. */
async function readDocument(
  primitives: Primitives,
  store: Store,
  number: number,
): Promise<StoredDocument | undefined> {
  const file = await store.get(`slots/${numberName(number)}`, { offset: 0, length: LIMIT_BYTES });
  if (file === undefined) return undefined;
  try {
    const document = await decodeDocument(primitives, file);
    return document.version === number ? { document, hash: documentHash(primitives, file) } : undefined;
  } catch (error) {
    if (KeepsakeError.is(error, "vault.corrupt")) return undefined;
    throw error;
  }
}

interface Match {
  readonly slot: Slot;
  readonly keys: SlotKeys;
  readonly vaultId: Bytes;
}

/** The slots of the document whose public key is the one that the secret gives. */
async function matchingSlots(
  primitives: Primitives,
  document: SlotDocument,
  secret: Secret,
): Promise<Match[]> {
  const vaultId = hexToBytes(document.vault)!;
  const matches: Match[] = [];
  const slots = document.slots.filter((each) => each.kind === secret.kind);
  const isOneForAll = mostTrials[secret.kind] === undefined;
  let keys: SlotKeys | undefined;
  for (const slot of slots.slice(0, mostTrials[secret.kind]?.slots)) {
    if (keys === undefined || !isOneForAll) {
      const seed = await secretSeed(primitives, secret, slot, vaultId);
      keys = seed === undefined ? undefined : await slotKeys(primitives, seed, vaultId);
    }
    if (keys !== undefined && bytesToHex(keys.publicKey) === slot.publicKey)
      matches.push({ slot, keys, vaultId });
  }
  return matches;
}

async function secretSeed(
  primitives: Primitives,
  secret: Secret,
  slot: Slot,
  vaultId: Bytes,
): Promise<Bytes | undefined> {
  if (secret.kind === "words") return wordsToSeed(secret.words);
  if (secret.kind === "device" || secret.kind === "family") return secret.seed;
  if (secret.kind === "password")
    return passwordToSeed(primitives, secret.password, hexToBytes(slot.kdf!.salt)!, slot.kdf!);
  return secret.seedOf(slot, vaultId);
}

/** All but devices vouch for their authority; a device knows it, or follows an unbroken chain from it. */
async function trustIn(
  primitives: Primitives,
  documents: readonly StoredDocument[],
  match: Match,
  secret: Secret,
): Promise<"known" | "successor" | undefined> {
  const { document } = documents[0]!;
  if (secret.kind !== "device") return hasVouched(primitives, document, match) ? "known" : undefined;
  if (secret.authority === document.authority) return "known";
  return (await isSuccessor(primitives, documents, secret.authority)) ? "successor" : undefined;
}

function hasVouched(primitives: Primitives, document: SlotDocument, { keys, slot, vaultId }: Match): boolean {
  const word = vouch(primitives, keys, vaultId, hexToBytes(document.authority)!);
  return equalBytes(word, hexToBytes(slot.vouch)!);
}

/** Whether a newer document, which no slot of the secret is in, follows the one at `place`. */
async function isFollowed(
  primitives: Primitives,
  documents: readonly StoredDocument[],
  place: number,
): Promise<boolean> {
  const { authority } = documents[place]!.document;
  for (const [i, newer] of documents.slice(0, place).entries()) {
    if (newer.document.authority === authority) return true;
    if (await isSuccessor(primitives, documents.slice(i), authority)) return true;
  }
  return false;
}

/** Whether the first document's authority follows, endorsed by a device, the one that was known: an unbroken chain. */
async function isSuccessor(
  primitives: Primitives,
  documents: readonly StoredDocument[],
  known: string,
): Promise<boolean> {
  let newer = documents[0]!;
  for (const older of documents.slice(1)) {
    if (older.hash !== newer.document.previous) continue;
    const isChange = older.document.authority !== newer.document.authority;
    if (isChange && !(await isEndorsed(primitives, newer.document, older.document))) return false;
    if (older.document.authority === known) return true;
    newer = older;
  }
  return false;
}

async function openSlot(
  primitives: Primitives,
  { document, hash }: StoredDocument,
  { slot, keys, vaultId }: Match,
  isNewAuthority: boolean,
): Promise<Unlocked> {
  const context = { type: "slot", vaultId, epoch: document.epoch, id: hexToBytes(slot.id)! } as const;
  const plain = await openBox(primitives, keys.secretKey, context, hexToBytes(slot.box)!);
  const json = JSON.parse(bytesToText(plain)) as BoxJson;
  const roots = json.roots.map(([epoch, root]) => ({ epoch, root: hexToBytes(root)! }));
  const authoritySeed = json.authority === undefined ? undefined : hexToBytes(json.authority);
  return { document, documentHash: hash, vaultId, slot, roots, authoritySeed, isNewAuthority };
}
