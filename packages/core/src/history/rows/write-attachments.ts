import { bytesToHex, concatBytes, type Bytes, type Primitives } from "../../base/index.ts";
import { addObject, encodeTable, type PackWriter, type Ref } from "../../vault/index.ts";
import type { RowKeys } from "./segment.ts";
import { attachmentSpec, PART_BYTES, tableSpec, type StoredAttachment } from "./attachments.ts";

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
