import { concatBytes, KeepsakeError, textToBytes, type Bytes } from "../base/index.ts";
import { compareText, type ByteRange, type SourceFile } from "../model/index.ts";
import { isInsidePath, requireSafePath, type FileWriter, type Source, type Target } from "./source.ts";

/** Pieces in which files in memory are read: small enough that records lie across their edges. */
const pieceBytes = 256 * 1024;

/** A file whose bytes are in memory. */
export function memoryFile(path: string, content: Uint8Array | string, modifiedMs?: number): SourceFile {
  const bytes = typeof content === "string" ? textToBytes(content) : new Uint8Array(content);
  const file = { path, sizeBytes: bytes.length, open: (range?: ByteRange) => pieces(bytes, range) };
  return modifiedMs === undefined ? file : { ...file, modifiedMs };
}

// oxlint-disable-next-line typescript/require-await -- the port is asynchronous
async function* pieces(bytes: Bytes, range: ByteRange = { start: 0 }): AsyncGenerator<Bytes> {
  const end = Math.min(range.end ?? bytes.length, bytes.length);
  for (let at = range.start; at < end; at += pieceBytes)
    yield bytes.subarray(at, Math.min(end, at + pieceBytes));
}

/** A source in memory: files by path, as bytes or as text. */
export function memorySource(files: Readonly<Record<string, Uint8Array | string>>): Source {
  const byPath = new Map(
    Object.entries(files)
      .filter(([path]) => isInsidePath(path))
      .map(([path, content]) => [path, memoryFile(path, content)]),
  );
  const paths = [...byPath.keys()].sort(compareText);
  return {
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *files() {
      for (const path of paths) yield byPath.get(path)!;
    },
    file: (path) => Promise.resolve(byPath.get(path)),
    folders: () => Promise.resolve([...new Set(paths.flatMap((path) => /^[^/]+(?=\/)/.exec(path) ?? []))]),
  };
}

/** A target in memory, and what was written to it. */
export interface MemoryTarget extends Target {
  readonly written: ReadonlyMap<string, Bytes>;
  /** What was written, as a source. */
  source(): Source;
}

/** An empty target in memory. */
export function memoryTarget(): MemoryTarget {
  const written = new Map<string, Bytes>();
  const taken = new Set<string>();
  return {
    written,
    source: () => memorySource(Object.fromEntries(written)),
    has: (path) => Promise.resolve(taken.has(path)),
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async create(path) {
      requireSafePath(path);
      if (taken.has(path)) throw new KeepsakeError("format.target-exists");
      taken.add(path);
      return memoryWriter(path, written, taken);
    },
  };
}

function memoryWriter(path: string, written: Map<string, Bytes>, taken: Set<string>): FileWriter {
  const chunks: Bytes[] = [];
  return {
    write(bytes) {
      chunks.push(new Uint8Array(bytes));
      return Promise.resolve();
    },
    close() {
      written.set(path, concatBytes(...chunks));
      return Promise.resolve();
    },
    [Symbol.asyncDispose]() {
      if (!written.has(path)) taken.delete(path);
      return Promise.resolve();
    },
  };
}
