import {
  bytesToHex,
  concatBytes,
  hexToBytes,
  KeepsakeError,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import {
  addObject,
  decodeTable,
  encodeTable,
  readObject,
  type ObjectSpec,
  type PackReader,
  type PackWriter,
  type Ref,
} from "../../vault/index.ts";
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

/** The week of a time, as objects are given it; undefined before 1970's second week, where no time is known. */
export function weekOfTime(ms: number): number | undefined {
  const week = Math.floor(ms / (7 * 86_400_000));
  return week > 0 ? week : undefined;
}

/** Seals a content of one part whose digest is known. Durable once the writer is flushed. */
export async function writeSmallAttachment(
  primitives: Primitives,
  writer: PackWriter,
  vaultId: Bytes,
  {
    bytes,
    digest,
    week,
  }: { readonly bytes: Bytes; readonly digest: Bytes; readonly week?: number | undefined },
): Promise<StoredAttachment> {
  const key = primitives.random(32);
  const content = { bytes, digest, week, isMedia: true };
  const [pack, offset, length] = await addObject(primitives, writer, attachmentSpec(vaultId, key), content);
  const sha256 = bytesToHex(digest);
  const parts = [[pack, offset, length]] as const;
  return {
    sha256,
    sizeBytes: bytes.length,
    key: bytesToHex(key),
    parts,
    ...(week !== undefined && { week }),
  };
}

/** Seals a content part by part as it comes; its digest is known at the end. Durable once the writer is flushed. */
export async function writeAttachment(
  primitives: Primitives,
  writer: PackWriter,
  vaultId: Bytes,
  { content, week }: { readonly content: AsyncIterable<Bytes>; readonly week?: number | undefined },
): Promise<StoredAttachment> {
  const key = primitives.random(32);
  const whole = primitives.sha256Stream();
  const refs: Ref[] = [];
  let sizeBytes = 0;
  for await (const bytes of inParts(content)) {
    whole.update(bytes);
    sizeBytes += bytes.length;
    refs.push(
      await addObject(primitives, writer, attachmentSpec(vaultId, key), { bytes, week, isMedia: true }),
    );
  }
  const sha256 = bytesToHex(whole.digest());
  const parts =
    refs.length === 1 ? refs.map(([pack, offset, length]) => [pack, offset, length] as const) : refs;
  return { sha256, sizeBytes, key: bytesToHex(key), parts, ...(week !== undefined && { week }) };
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

/** Writes a collection's table of attachments. */
export async function writeAttachmentTable(
  primitives: Primitives,
  writer: PackWriter,
  keys: RowKeys,
  rows: readonly StoredAttachment[],
): Promise<Ref> {
  const [table] = encodeTable(rows, () => 0, 1);
  return await addObject(primitives, writer, tableSpec(keys), table!);
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

/** Pieces of any size as parts of 4 MiB, the last one shorter; one empty part for nothing at all. */
export async function* inParts(content: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  let pieces: Bytes[] = [];
  let length = 0;
  let count = 0;
  for await (const piece of content) {
    for (let rest = piece; rest.length > 0;) {
      const taken = rest.subarray(0, PART_BYTES - length);
      pieces.push(taken);
      length += taken.length;
      rest = rest.subarray(taken.length);
      if (length < PART_BYTES) continue;
      yield concatBytes(...pieces);
      [pieces, length] = [[], 0];
      count++;
    }
  }
  if (length > 0 || count === 0) yield concatBytes(...pieces);
}

function damaged(): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: "attachment" } });
}

function attachmentSpec(vaultId: Bytes, key: Bytes): ObjectSpec {
  return { type: "attachment", vaultId, key, epoch: 0 };
}

function tableSpec({ vaultId, collection, key, epoch }: RowKeys): ObjectSpec {
  return { type: "attachments", vaultId, key, epoch, collection };
}
