import {
  bytesToHex,
  bytesToText,
  concatBytes,
  hexToBytes,
  KeepsakeError,
  textToBytes,
  u32ToBytes,
  u64ToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import type { Keyring } from "../keys/keyring.ts";
import { isSignedBy, type SlotDocument } from "../keys/document.ts";
import { checkRef, type Ref } from "../pack/index.ts";
import { checkFileHeader, fileHeader, HEADER_BYTES, openObject, sealObject } from "../seal/index.ts";

/** What a head seals. */
export interface HeadBody {
  readonly root: Ref;
  /** The newest key directory: it opens this and every earlier snapshot. */
  readonly directory: Ref;
  /** Generation of the key that seals both. */
  readonly epoch: number;
  /** The least slot document that a store may show beside this head. */
  readonly slots: number;
  /** Over all that the snapshot holds, however it is stored. */
  readonly contentRoot: string;
  /** When the writer's clock said it was; shown, never relied upon. */
  readonly time: number;
  /** What was done: the verb, and what a list of snapshots shows of it. */
  readonly verb: string;
  readonly counts: { readonly chats: number; readonly messages: number; readonly attachments: number };
  readonly needs: Needs;
}

/**
 * FORMAT.md, "Versions": words for what whoever reads this version must know, and for what whoever writes the next
 * must know, so as not to drop it. Format 1 has none.
 */
interface Needs {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

export const noNeeds: Needs = { read: [], write: [] };

/** Throws `vault.newer-format` where a writer of this format would drop what the version holds. */
export function requireWritable({ needs }: HeadBody): void {
  if (needs.write.length > 0) throw newerFormat(needs);
}

function newerFormat({ read, write }: Needs): KeepsakeError {
  return new KeepsakeError("vault.newer-format", { details: { needs: [...read, ...write].join(" ") } });
}

/** A head as it was read: its signature is that of a device of the vault. */
export interface Head extends HeadBody {
  readonly number: number;
  readonly writer: number;
  readonly parents: readonly string[];
  /** SHA-256 of the whole file; what a child's `parents` names. */
  readonly hash: string;
}

export interface HeadDraft {
  readonly number: number;
  readonly writer: number;
  readonly parents: readonly string[];
  readonly body: HeadBody;
}

const SIGNATURE_BYTES = 64;
const HASH_BYTES = 32;
/** Bodies are filled up to this with spaces, so that their length tells nothing. */
const BODY_BYTES = 640;
const CLEAR_BYTES: number = HEADER_BYTES + 16 + 8 + 4 + 1;
const MAX_PARENTS = 16;
const signedAs = textToBytes("keepsake/1/head");

/** FORMAT.md, "Heads": clear part, sealed body, signature. */
export async function encodeHead(
  primitives: Primitives,
  options: { vaultId: Bytes; keyring: Keyring; signingSeed: Bytes },
  draft: HeadDraft,
): Promise<Bytes> {
  const { vaultId, keyring, signingSeed } = options;
  const clear = concatBytes(
    fileHeader("head"),
    vaultId,
    u64ToBytes(draft.number),
    u32ToBytes(draft.writer),
    new Uint8Array([draft.parents.length]),
    ...draft.parents.map((parent) => hexToBytes(parent)!),
  );
  const json = JSON.stringify(draft.body);
  const body = textToBytes(json.padEnd(Math.ceil(json.length / BODY_BYTES) * BODY_BYTES));
  const context = { type: "head", vaultId, epoch: draft.body.epoch, id: primitives.sha256(clear) } as const;
  const sealed = await sealObject(primitives, keyring.epoch(draft.body.epoch).head, {
    context,
    plain: [body],
  });
  const unsigned = concatBytes(clear, u32ToBytes(sealed.length), sealed);
  const signature = await primitives.ed25519.sign(concatBytes(signedAs, unsigned), signingSeed);
  return concatBytes(unsigned, signature);
}

/**
 * The head of a file, checked against the number it was found under, the vault and its devices.
 * Undefined: not a head of this vault, as if never written. Throws `vault.older-than-floor` where the head is
 * a device's but sealed with a newer key than the keyring's, and `vault.newer-format`.
 */
export async function decodeHead(
  primitives: Primitives,
  options: { vaultId: Bytes; keyring: Keyring; document: SlotDocument },
  number: number,
  file: Bytes,
): Promise<Head | undefined> {
  const parts = splitHead(file);
  if (parts === undefined || parts.number !== number) return undefined;
  if (bytesToHex(options.vaultId) !== parts.vault) return undefined;
  const device = options.document.devices.find((each) => each.writer === parts.writer);
  if (device === undefined || number >= (device.revokedFrom ?? Infinity)) return undefined;
  const signed = concatBytes(signedAs, parts.unsigned);
  if (!(await isSignedBy(primitives, device.verify, parts.signature, signed))) return undefined;
  const body = await openBody(primitives, options, parts);
  const { writer, parents } = parts;
  return { ...body, number, writer, parents, hash: bytesToHex(primitives.sha256(file)) };
}

interface HeadParts {
  readonly vault: string;
  readonly number: number;
  readonly writer: number;
  readonly parents: readonly string[];
  readonly clear: Bytes;
  readonly sealed: Bytes;
  readonly unsigned: Bytes;
  readonly signature: Bytes;
}

function splitHead(file: Bytes): HeadParts | undefined {
  try {
    checkFileHeader(file, "head");
  } catch (error) {
    if (KeepsakeError.is(error, "vault.newer-format")) throw error;
    return undefined;
  }
  if (file.length < CLEAR_BYTES + 4 + SIGNATURE_BYTES) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const parentCount = view.getUint8(CLEAR_BYTES - 1);
  const clearEnd = CLEAR_BYTES + parentCount * HASH_BYTES;
  const end = file.length - SIGNATURE_BYTES;
  if (parentCount > MAX_PARENTS || clearEnd + 4 > end || clearEnd + 4 + view.getUint32(clearEnd) !== end)
    return undefined;
  const parents = Array.from({ length: parentCount }, (_, i) =>
    bytesToHex(file.subarray(CLEAR_BYTES + i * HASH_BYTES, CLEAR_BYTES + (i + 1) * HASH_BYTES)),
  );
  return {
    vault: bytesToHex(file.subarray(HEADER_BYTES, HEADER_BYTES + 16)),
    number: Number(view.getBigUint64(HEADER_BYTES + 16)),
    writer: view.getUint32(HEADER_BYTES + 24),
    parents,
    clear: file.slice(0, clearEnd),
    sealed: file.slice(clearEnd + 4, end),
    unsigned: file.slice(0, end),
    signature: file.slice(end),
  };
}

async function openBody(
  primitives: Primitives,
  options: { vaultId: Bytes; keyring: Keyring },
  parts: HeadParts,
): Promise<HeadBody> {
  const id = primitives.sha256(parts.clear);
  for (const keys of options.keyring.all) {
    const context = { type: "head", vaultId: options.vaultId, epoch: keys.epoch, id } as const;
    const bytes = await openObject(primitives, keys.head, context, parts.sealed).catch((error: unknown) => {
      if (!KeepsakeError.is(error, "vault.corrupt")) throw error;
    });
    if (bytes !== undefined) return parseBody(bytes);
  }
  throw new KeepsakeError("vault.older-than-floor", { details: { head: parts.number } });
}

function parseBody(bytes: Bytes): HeadBody {
  const body = JSON.parse(bytesToText(bytes)) as HeadBody;
  checkRef(body.root);
  checkRef(body.directory);
  if (body.needs.read.length > 0) throw newerFormat(body.needs);
  return body;
}
