import { bytesToHex, hexToBytes, KeepsakeError, type Bytes, type Primitives } from "../../base/index.ts";
import { decodeTable, readObject, type ObjectSpec, type PackReader, type Ref } from "../../vault/index.ts";
import type { RowKeys } from "./segment.ts";

/** The length of an attachment's parts: FORMAT.md, "Attachments". */
export const PART_BYTES: number = 4 * 1024 * 1024;

/** Where an attachment's content lies, and the random key of its own that opens it. */
export interface StoredAttachment {
  /** SHA-256 of the whole content, hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly key: string;
  /** One part for each 4 MiB. A single part's digest is the whole's. */
  readonly parts: readonly (readonly [pack: string, offset: number, length: number, digest?: string])[];
  /** The week, counted since 1970, of the message by which it came; absent where it has none with a time. */
  readonly week?: number;
}

/** The content, part by part, each checked; throws at the end if the whole is not what its digest says. */
export async function* readAttachment(
  primitives: Primitives,
  reader: PackReader,
  vaultId: Bytes,
  attachment: StoredAttachment,
): AsyncGenerator<Bytes> {
  // A single part is read by the digest of the whole.
  const isSingle = attachment.parts.length === 1 && attachment.parts[0]![3] === undefined;
  const whole = isSingle ? undefined : primitives.sha256Stream();
  const spec = attachmentSpec(vaultId, hexToBytes(attachment.key)!);
  let sizeBytes = 0;
  for (const part of attachmentRefs(attachment)) {
    const bytes = await readObject(primitives, reader, spec, part);
    whole?.update(bytes);
    sizeBytes += bytes.length;
    yield bytes;
  }
  const isWhole = whole === undefined || bytesToHex(whole.digest()) === attachment.sha256;
  if (sizeBytes !== attachment.sizeBytes || !isWhole) {
    throw damaged();
  }
}

/** An attachment, and which of its bytes: from `start` up to and without `end`, which may lie behind the last one. */
export interface AttachmentRange {
  readonly stored: StoredAttachment;
  readonly start: number;
  readonly end: number;
}

/**
 * Some bytes of a content. Only the parts in which they lie are fetched, and each is compared with its digest and with
 * the length that its place gives it, so that nothing of another file or of another place comes out.
 */
export async function* readAttachmentRange(
  primitives: Primitives,
  reader: PackReader,
  vaultId: Bytes,
  { stored, start, end }: AttachmentRange,
): AsyncGenerator<Bytes> {
  const { sizeBytes } = stored;
  const refs = attachmentRefs(stored);
  if (refs.length !== Math.max(1, Math.ceil(sizeBytes / PART_BYTES))) throw damaged();
  const spec = attachmentSpec(vaultId, hexToBytes(stored.key)!);
  const until = Math.min(end, sizeBytes);
  if (start >= until) return;
  for (let at = Math.floor(start / PART_BYTES) * PART_BYTES; at < until; at += PART_BYTES) {
    const part = await readObject(primitives, reader, spec, refs[at / PART_BYTES]!);
    if (part.length !== Math.min(PART_BYTES, sizeBytes - at)) throw damaged();
    const slice = part.subarray(Math.max(0, start - at), until - at);
    if (slice.length > 0) yield slice;
  }
}

export function attachmentRefs({ parts, sha256 }: StoredAttachment): Ref[] {
  return parts.map(([pack, offset, length, digest]) => [pack, offset, length, digest ?? sha256]);
}

export async function readAttachmentTable(
  primitives: Primitives,
  reader: PackReader,
  keys: RowKeys,
  ref: Ref,
): Promise<StoredAttachment[]> {
  return decodeTable([
    await readObject(primitives, reader, tableSpec(keys), ref),
  ]) as unknown as StoredAttachment[];
}

function damaged(): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: "attachment" } });
}

export function attachmentSpec(vaultId: Bytes, key: Bytes): ObjectSpec {
  return { type: "attachment", vaultId, key, epoch: 0 };
}

export function tableSpec({ vaultId, collection, key, epoch }: RowKeys): ObjectSpec {
  return { type: "attachments", vaultId, key, epoch, collection };
}
