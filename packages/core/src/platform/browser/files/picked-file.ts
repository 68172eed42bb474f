import { KeepsakeError, type Bytes } from "../../../base/index.ts";
import type { ByteRange, SourceFile } from "../../../model/index.ts";

const pieceBytes = 1024 * 1024;

/** A file that a person picked or dropped, read where it lies. Once it is changed or gone, it cannot be read. */
export function pickedFile(file: File, path: string = file.name): SourceFile {
  const { size: sizeBytes, lastModified: modifiedMs } = file;
  return { path, sizeBytes, modifiedMs, open: (range) => pieces(file, range) };
}

async function* pieces(file: File, range: ByteRange = { start: 0 }): AsyncGenerator<Bytes> {
  const end = Math.min(range.end ?? file.size, file.size);
  for (let at = range.start; at < end; at += pieceBytes) {
    const piece = file.slice(at, Math.min(end, at + pieceBytes));
    yield new Uint8Array(await piece.arrayBuffer().catch(unreadable));
  }
}

function unreadable(cause: unknown): never {
  throw new KeepsakeError("format.unreadable", { cause });
}
