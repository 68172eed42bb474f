import { concatBytes, KeepsakeError, type Bytes, type Finding } from "../base/index.ts";
import type { SourceFile } from "../model/index.ts";
import { formatLimits } from "./format.ts";

/** A folder or a single file from which a history is read. Nothing in it is changed, no link in it is followed. */
export interface Source {
  /** All files, in order of path by code units. What is passed over, such as a link, goes to `found`. */
  files(found?: (finding: Finding) => void): AsyncIterable<SourceFile>;
  /** The file of that path; undefined if there is none, or if the path is not safe. */
  file(path: string): Promise<SourceFile | undefined>;
  /** The names of the folders right below, in order by code units: a look that costs little, however many files there are. */
  folders(): Promise<readonly string[]>;
  /** Paths of folders that hold nothing, in order by code units; absent where there can be none. */
  emptyFolders?(): AsyncIterable<string>;
  /** The same place, looked at anew; absent where nothing can change. */
  afresh?(): Source;
}

/** Where a history is written. A path outside of it, or through a link, is refused with `format.unsafe-path`. */
export interface Target {
  /** A new file; throws `format.target-exists` if there is one. */
  create(path: string): Promise<FileWriter>;
  /** Whether there is a file of that path, or will be. */
  has(path: string): Promise<boolean>;
  /** Takes over to copy a whole file, now or later, so that text need not wait; without it, writers copy themselves. */
  put?(path: string, file: SourceFile): Promise<void>;
}

/** A file that is being written. Disposed before `close`, it is taken away again. */
export interface FileWriter extends AsyncDisposable {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** What a listing says of a file: equal stamps, and the file need not be read again. */
export interface SourceStamp {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs?: number;
}

/** The stamps of all files, in order of path. */
export async function* sourceStamps(source: Source): AsyncGenerator<SourceStamp> {
  for await (const { path, sizeBytes, modifiedMs } of source.files())
    yield modifiedMs === undefined ? { path, sizeBytes } : { path, sizeBytes, modifiedMs };
}

const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const refused = /[\\:*?"<>|\u0000-\u001f]|[. ]$/;

/**
 * True for a relative path with `/` between its parts that leads nowhere else on any system: no `.`, `..`, empty
 * part, drive, backslash or control character, and no name that Windows keeps for itself.
 */
export function isSafePath(path: string): boolean {
  if (path === "" || path.length > formatLimits.pathLength) return false;
  return path.split("/").every((part) => part !== "" && !refused.test(part) && !reserved.test(part));
}

/** A part of a path that leads out of it or nowhere, a drive, and what no name holds. */
const leadsOut = /(?:^|\/)\.{0,2}(?:\/|$)|^[A-Za-z]:|[\\\u0000]/;

/** A path to read is as safe if it stays inside; names that only Windows refuses may be read. */
export function isInsidePath(path: string): boolean {
  return path.length <= formatLimits.pathLength && !leadsOut.test(path);
}

/** Throws `format.unsafe-path` unless the path is safe to write. */
export function requireSafePath(path: string): void {
  if (!isSafePath(path)) throw new KeepsakeError("format.unsafe-path");
}

/** The first bytes of a file, as many as a detector looks at. */
export async function sniff(file: SourceFile): Promise<Bytes> {
  return readBytes(file, Math.min(file.sizeBytes, formatLimits.sniffBytes));
}

/** The bytes of a file up to a limit; throws `base.limit` when the file holds more and `isWhole` is asked. */
export async function readBytes(file: SourceFile, limit: number, isWhole = false): Promise<Bytes> {
  const chunks: Bytes[] = [];
  let length = 0;
  for await (const chunk of file.open({ start: 0, end: isWhole ? limit + 1 : limit })) {
    chunks.push(chunk);
    length += chunk.length;
    if (isWhole && length > limit) throw new KeepsakeError("base.limit", { details: { limit } });
  }
  return concatBytes(...chunks);
}
