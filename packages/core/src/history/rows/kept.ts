import { bytesToHex, concatBytes, hexToBytes, KeepsakeError, type Bytes } from "../../base/index.ts";

/** A file of a kept folder: FORMAT.md, "Kept folders". */
export interface KeptFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** When it was written to last, microseconds UTC. */
  readonly modifiedUs?: number;
  /** SHA-256 of all of it, hex. */
  readonly digest: string;
  /** Digests of its parts of 4 MiB, where there is more than one. */
  readonly parts?: readonly string[];
  /** Where there are many parts: digests of contents that list up to 256 of them each. */
  readonly lists?: readonly string[];
}

/** A folder that holds nothing. */
export interface KeptFolder {
  readonly path: string;
  readonly isFolder: true;
}

export type KeptEntry = KeptFile | KeptFolder;

/** A list names so many parts: one gibibyte. */
export const LIST_PARTS = 256;
const DIGEST_BYTES = 32;

export function isKeptFile(entry: KeptEntry): entry is KeptFile {
  return !("isFolder" in entry);
}

/** The contents that an entry names itself, by digest. */
export function namedContents(entry: KeptEntry): readonly string[] {
  if (!isKeptFile(entry)) return [];
  return entry.lists ?? entry.parts ?? [entry.digest];
}

/** Digests of parts as lists, each a content of its own. */
export function toLists(parts: readonly string[]): Bytes[] {
  const lists: Bytes[] = [];
  for (let at = 0; at < parts.length; at += LIST_PARTS)
    lists.push(concatBytes(...parts.slice(at, at + LIST_PARTS).map((digest) => hexToBytes(digest)!)));
  return lists;
}

/** Throws `vault.corrupt` unless the bytes are a list. */
export function fromList(list: Bytes): string[] {
  if (list.length === 0 || list.length % DIGEST_BYTES !== 0 || list.length > LIST_PARTS * DIGEST_BYTES)
    throw new KeepsakeError("vault.corrupt", { details: { what: "part-list" } });
  return Array.from({ length: list.length / DIGEST_BYTES }, (_, i) =>
    bytesToHex(list.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES)),
  );
}
