import type { Bytes } from "../../src/base/index.ts";
import type { ByteRange, SourceFile } from "../../src/model/index.ts";
import { hashOf, randomOf } from "./random.ts";

/** What a made-up file holds: the same id, the same bytes, in whatever order they are read. */
export interface MadeContent {
  readonly id: string;
  readonly sizeBytes: number;
  /** Text that compresses, or bytes that do not. */
  readonly isText: boolean;
  /** The first bytes, by which the kind is recognised. */
  readonly magic: readonly number[];
}

const blockBytes = 64 * 1024;

/** A file of a history that nobody lived. */
export function madeFile(path: string, modifiedMs: number, content: MadeContent): SourceFile {
  return {
    path,
    sizeBytes: content.sizeBytes,
    modifiedMs,
    open: (range) => readBlocks(content, range),
  };
}

// oxlint-disable-next-line typescript/require-await -- the port is asynchronous
async function* readBlocks(content: MadeContent, range: ByteRange = { start: 0 }): AsyncGenerator<Bytes> {
  const end = Math.min(range.end ?? content.sizeBytes, content.sizeBytes);
  let at = range.start;
  while (at < end) {
    const index = Math.floor(at / blockBytes);
    const from = at - index * blockBytes;
    const to = Math.min(blockBytes, end - index * blockBytes);
    yield block(content, index).slice(from, to);
    at = index * blockBytes + to;
  }
}

function block(content: MadeContent, index: number): Bytes {
  const random = randomOf(content.id, index);
  const words = new Uint32Array(blockBytes / 4);
  for (let i = 0; i < words.length; i++) words[i] = random.next();
  const bytes = new Uint8Array(words.buffer);
  if (content.isText) {
    const salt = hashOf(content.id) & 7;
    for (let i = 0; i < bytes.length; i++) bytes[i] = 0x61 + (((bytes[i]! & 7) + salt) % 16);
  }
  if (index === 0) bytes.set(content.magic);
  return bytes;
}
