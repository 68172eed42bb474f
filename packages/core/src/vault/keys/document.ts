import {
  bytesToHex,
  bytesToText,
  concatBytes,
  hexToBytes,
  KeepsakeError,
  textToBytes,
  u32ToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import { checkFileHeader, fileHeader, FORMAT_VERSION, HEADER_BYTES } from "../seal/index.ts";
import { isHex, isKnown, isKnownSlot, isSlot, type Slot } from "./slot.ts";

/** A device that may write heads. */
export interface Device {
  readonly writer: number;
  /** Its Ed25519 public key. */
  readonly verify: string;
  /** Its slot. */
  readonly slot: string;
  /** Heads of this number and later are not taken from it any more. */
  readonly revokedFrom?: number;
}

/** FORMAT.md, "The slot document": who may open the vault and who may write it, signed by the authority. */
export interface SlotDocument {
  readonly format: number;
  /** Readers of an older format must not touch the vault. */
  readonly leastFormat: number;
  readonly vault: string;
  /** Grows by one with each document. */
  readonly version: number;
  /** SHA-256 of the document before; empty for the first. */
  readonly previous: string;
  readonly authority: string;
  /** Generation of the root that the boxes hold. */
  readonly epoch: number;
  readonly slots: readonly Slot[];
  readonly devices: readonly Device[];
  /** Where the authority changed because every slot that held it was lost: a device's word for the new one. */
  readonly endorsement?: { readonly writer: number; readonly signature: string };
}

const SIGNATURE_BYTES = 64;
const LIMIT_BYTES = 1024 * 1024;
/** The length of a document doubles from here, so that it does not tell how many slots and devices there are. */
const LEAST_BYTES = 32 * 1024;
const signedAs = textToBytes("keepsake/1/slots");
const endorsedAs = textToBytes("keepsake/1/endorse");

/** The document as a file: header, length, JSON filled up with spaces, the authority's signature. Throws `base.limit`. */
export async function encodeDocument(
  { ed25519 }: Primitives,
  document: SlotDocument,
  authoritySeed: Bytes,
): Promise<Bytes> {
  const json = filledUp(textToBytes(JSON.stringify(document)));
  const body = concatBytes(fileHeader("slots"), u32ToBytes(json.length), json);
  return concatBytes(body, await ed25519.sign(concatBytes(signedAs, body), authoritySeed));
}

function filledUp(json: Bytes): Bytes {
  const frameBytes = HEADER_BYTES + 4 + SIGNATURE_BYTES;
  let fileBytes = LEAST_BYTES;
  while (fileBytes < json.length + frameBytes) fileBytes *= 2;
  if (fileBytes > LIMIT_BYTES) throw new KeepsakeError("base.limit", { details: { what: "slots" } });
  const filled = new Uint8Array(fileBytes - frameBytes).fill(0x20);
  filled.set(json);
  return filled;
}

/**
 * The document of a file whose signature is its own authority's. Whether that authority is the vault's is for a
 * slot, a device or an endorsement to say. Throws `vault.corrupt` or `vault.newer-format`.
 */
export async function decodeDocument(primitives: Primitives, file: Bytes): Promise<SlotDocument> {
  checkFileHeader(file, "slots");
  if (file.length < HEADER_BYTES + 4 + SIGNATURE_BYTES) throw damaged("length");
  const length = new DataView(file.buffer, file.byteOffset).getUint32(HEADER_BYTES);
  const end = HEADER_BYTES + 4 + length;
  if (file.length > LIMIT_BYTES || file.length !== end + SIGNATURE_BYTES) throw damaged("length");
  const document = parseDocument(file.subarray(HEADER_BYTES + 4, end));
  const signed = concatBytes(signedAs, file.subarray(0, end));
  if (!(await isSignedBy(primitives, document.authority, file.subarray(end), signed)))
    throw damaged("signature");
  return document;
}

/** Whether a file is a slot document with a password that whoever has it may guess at without limit. */
export async function hasOfflinePassword(primitives: Primitives, file: Bytes): Promise<boolean> {
  try {
    const { slots } = await decodeDocument(primitives, file);
    return slots.some(({ kind }) => kind === "password");
  } catch (error) {
    if (KeepsakeError.is(error, "vault.corrupt")) return false;
    throw error;
  }
}

/** A device's signature that `authority` follows the document of hash `previous`. */
export async function endorse(
  { ed25519 }: Primitives,
  document: Omit<SlotDocument, "endorsement">,
  deviceSeed: Bytes,
): Promise<string> {
  return bytesToHex(await ed25519.sign(endorsementBytes(document), deviceSeed));
}

/** Whether a device that the document before lists, and does not revoke, vouches for the new authority. */
export async function isEndorsed(
  primitives: Primitives,
  document: SlotDocument,
  before: SlotDocument,
): Promise<boolean> {
  const { endorsement } = document;
  const device = before.devices.find((each) => each.writer === endorsement?.writer);
  if (endorsement === undefined || device === undefined || device.revokedFrom !== undefined) return false;
  const signature = hexToBytes(endorsement.signature);
  return (
    signature !== undefined &&
    (await isSignedBy(primitives, device.verify, signature, endorsementBytes(document)))
  );
}

export function documentHash(primitives: Primitives, file: Bytes): string {
  return bytesToHex(primitives.sha256(file));
}

/** Whether the Ed25519 signature is that of the key in hex. Never throws. */
export async function isSignedBy(
  { ed25519 }: Primitives,
  publicKey: string,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  const key = hexToBytes(publicKey);
  if (key?.length !== 32 || signature.length !== SIGNATURE_BYTES) return false;
  return ed25519.verify(signature, message, key);
}

function endorsementBytes(document: Omit<SlotDocument, "endorsement">): Bytes {
  const { vault, version, previous, authority } = document;
  return concatBytes(endorsedAs, textToBytes(JSON.stringify([vault, version, previous, authority])));
}

const knownFields = {
  document: "format leastFormat vault version previous authority epoch slots devices endorsement".split(" "),
  device: ["writer", "verify", "slot", "revokedFrom"],
  endorsement: ["writer", "signature"],
};

/**
 * Throws `vault.newer-format` where the document holds what we do not know: the next one, which we would write, would
 * not hold it any more.
 */
export function requireKnown(document: SlotDocument): void {
  const { slots, devices, endorsement = {} } = document;
  const isAllKnown =
    isKnown(document, knownFields.document) &&
    slots.every(isKnownSlot) &&
    devices.every((device) => isKnown(device, knownFields.device)) &&
    isKnown(endorsement, knownFields.endorsement);
  if (!isAllKnown) throw new KeepsakeError("vault.newer-format", { details: { what: "slots" } });
}

function parseDocument(json: Bytes): SlotDocument {
  let value: unknown;
  try {
    value = JSON.parse(bytesToText(json));
  } catch (cause) {
    throw new KeepsakeError("vault.corrupt", { cause, details: { what: "slots-json" } });
  }
  const document = value as SlotDocument;
  if (typeof document !== "object" || document === null) throw damaged("shape");
  if (isCount(document.leastFormat) && document.leastFormat > FORMAT_VERSION) {
    throw new KeepsakeError("vault.newer-format", { details: { format: document.leastFormat } });
  }
  if (!isWhole(document)) throw damaged("shape");
  return document;
}

function isWhole({ format, leastFormat, version, epoch, ...document }: SlotDocument): boolean {
  return (
    [format, leastFormat, version].every(isCount) &&
    isU32(epoch) &&
    isHex(document.vault, 16) &&
    (document.previous === "" || isHex(document.previous, 32)) &&
    isHex(document.authority, 32) &&
    isListOf(document.slots, isSlot) &&
    isListOf(document.devices, isDevice) &&
    (document.endorsement === undefined || isEndorsement(document.endorsement))
  );
}

function isListOf<T>(value: readonly T[], isItem: (item: T) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isDevice(device: Device | null): boolean {
  if (typeof device !== "object" || device === null) return false;
  const isEnd = device.revokedFrom === undefined || isCount(device.revokedFrom);
  return isU32(device.writer) && isHex(device.verify, 32) && isHex(device.slot, 8) && isEnd;
}

function isEndorsement(value: SlotDocument["endorsement"] | null): boolean {
  return typeof value === "object" && value !== null && isU32(value.writer) && isHex(value.signature, 64);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isU32(value: unknown): boolean {
  return isCount(value) && value < 2 ** 32;
}

function damaged(what: string): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: `slots-${what}` } });
}
