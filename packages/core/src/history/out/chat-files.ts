import type { ByteRange, SourceFile } from "../../model/index.ts";
import { PackReader, type Store } from "../../vault/index.ts";
import { readAttachment, readAttachmentRange, type StoredAttachment } from "../rows/attachments.ts";
import type { History } from "../state/state.ts";
import { AttachmentTables } from "./attachment-tables.ts";

/** An attachment as it comes out of a vault. */
export interface RestoredFile extends SourceFile {
  /** Where its content lies: `restoreFiles` takes many at once. */
  readonly stored: StoredAttachment;
  /** The collection of its chat. */
  readonly collection: string;
}

/** How the content of files is read. */
export interface FilesRead {
  /** Where it is fetched from, if not where all else is. */
  readonly store?: Store | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The files of one chat, for who looks at it: each by the SHA-256 of its content; undefined if the vault does not hold it.
 * Throws `vault.corrupt` or `store.not-found`.
 */
export async function chatFiles(
  history: History,
  collection: string,
  { store = history.vault.store, signal }: FilesRead = {},
): Promise<(sha256: string) => RestoredFile | undefined> {
  const packs = new PackReader(store, { signal });
  const storedByDigest = await new AttachmentTables(history).of(collection);
  return (sha256) => {
    const stored = storedByDigest.get(sha256);
    return stored && restoredFile({ history, packs, collection }, stored);
  };
}

interface Opening {
  readonly history: History;
  readonly packs: PackReader;
  readonly collection: string;
}

/** The content of an attachment as a file. */
export function restoredFile(from: Opening, stored: StoredAttachment): RestoredFile {
  const { sha256, sizeBytes } = stored;
  return {
    path: `attachments/${sha256.slice(0, 2)}/${sha256}`,
    sizeBytes,
    sha256,
    stored,
    collection: from.collection,
    open: (range) => openStored(from, stored, range),
  };
}

/** The whole is compared with its digest at the end; of a range, each part that is read with its own. */
async function* openStored(
  { history, packs }: Opening,
  stored: StoredAttachment,
  range?: ByteRange,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { primitives, id } = history.vault;
  const { start = 0, end = stored.sizeBytes } = range ?? {};
  const isWhole = start === 0 && end >= stored.sizeBytes;
  const pieces = isWhole
    ? readAttachment(primitives, packs, id, stored)
    : readAttachmentRange(primitives, packs, id, { stored, start, end });
  for await (const piece of pieces) if (piece.length > 0) yield piece;
}
