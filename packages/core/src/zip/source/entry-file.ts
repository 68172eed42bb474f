import type { Bytes } from "../../base/index.ts";
import type { ByteRange, SourceFile } from "../../model/index.ts";
import { damaged, Fields, readRange } from "../bytes.ts";
import { crc32 } from "../crc32.ts";
import { localBytes, type Entry } from "./entries.ts";
import { inflated } from "./inflate.ts";

const pieceBytes = 1024 * 1024;
const LOCAL = 0x04034b50;

/** A file in a zip. What cannot be read as it is listed throws `format.zip-damaged`. */
export function entryFile(zip: SourceFile, path: string, entry: Entry): SourceFile {
  const { sizeBytes, modifiedMs, crc } = entry;
  return {
    path,
    sizeBytes,
    ...(modifiedMs !== undefined && { modifiedMs }),
    changed: crc.toString(16),
    open: (range) => opened(zip, entry, range),
  };
}

async function* opened(
  zip: SourceFile,
  entry: Entry,
  range: ByteRange = { start: 0 },
): AsyncGenerator<Bytes> {
  const { start } = range;
  const end = Math.min(range.end ?? entry.sizeBytes, entry.sizeBytes);
  if (start > 0 || end < entry.sizeBytes) yield* part(zip, entry, { start, end });
  else yield* checked(unpacked(zip, entry), entry);
}

/** All of it, compared with what the list says of it. */
async function* checked(pieces: AsyncIterable<Bytes>, { sizeBytes, crc }: Entry): AsyncGenerator<Bytes> {
  let [length, sum] = [0, 0];
  for await (const piece of pieces) {
    length += piece.length;
    if (length > sizeBytes) throw damaged();
    sum = crc32(piece, sum);
    for (let at = 0; at < piece.length; at += pieceBytes) yield piece.subarray(at, at + pieceBytes);
  }
  if (length < sizeBytes || sum !== crc) throw damaged();
}

interface Part {
  readonly start: number;
  readonly end: number;
}

/** What is packed has to be unpacked from its beginning, wherever the part begins. */
async function* part(zip: SourceFile, entry: Entry, { start, end }: Part): AsyncGenerator<Bytes> {
  if (start >= end) return;
  const isStored = entry.method === 0;
  let at = isStored ? start : 0;
  for await (const piece of unpacked(zip, entry, isStored ? { start, end } : undefined)) {
    const wanted = piece.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += piece.length;
    for (let from = 0; from < wanted.length; from += pieceBytes)
      yield wanted.subarray(from, from + pieceBytes);
    if (at >= end) return;
  }
  throw damaged();
}

async function* unpacked(zip: SourceFile, entry: Entry, stored?: Part): AsyncGenerator<Bytes> {
  if (entry.packedBytes === 0) return;
  const start = await dataStart(zip, entry);
  const { start: from, end: to } = stored ?? { start: 0, end: entry.packedBytes };
  const packed = zip.open({ start: start + from, end: start + to });
  yield* entry.method === 0 ? packed : inflated(packed);
}

/** The local header says again what the list says; only its length is needed. */
async function dataStart(zip: SourceFile, entry: Entry): Promise<number> {
  const local = new Fields(await readRange(zip, entry.at, entry.at + localBytes));
  if (local.bytes.length < localBytes || local.u32(0) !== LOCAL) throw damaged();
  return entry.at + localBytes + local.u16(26) + local.u16(28);
}
