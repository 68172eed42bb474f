import {
  concatBytes,
  KeepsakeError,
  u32ToBytes,
  type Bytes,
  type Primitives,
  type ZstdFrame,
} from "../../base/index.ts";

const STORED = 0;
const ZSTD = 1;
const PREFIX_BYTES = 5;
const FRAME_PREFIX_BYTES = 8;
const LEVEL = 3;
const SAMPLE_BYTES = 16 * 1024;
/** Above this share of its size, compressing is not worth the reading time. */
const WORTHWHILE = 0.97;

/**
 * FORMAT.md, "Content": method, plain length, then the bytes as they are, or as zstd frames, each with its plain and
 * its stored length. `splits` are offsets at which a new frame begins: unlike streams compress better apart.
 */
export function packContent(
  primitives: Primitives,
  plain: Bytes,
  { splits = [], level = LEVEL }: { readonly splits?: readonly number[]; readonly level?: number } = {},
): Bytes {
  const frames: Bytes[] = [];
  let start = 0;
  for (const end of [...splits, plain.length]) {
    if (end === start) continue;
    const frame = primitives.compress(plain.subarray(start, end), level);
    frames.push(u32ToBytes(end - start), u32ToBytes(frame.length), frame);
    start = end;
  }
  const length = frames.reduce((sum, frame) => sum + frame.length, 0);
  return length < plain.length
    ? concatBytes(prefix(ZSTD, plain.length), ...frames)
    : concatBytes(...storeContent(plain));
}

/** Content as `packContent` makes it, not compressed, in pieces. */
export function storeContent(plain: Bytes): [prefix: Bytes, plain: Bytes] {
  return [prefix(STORED, plain.length), plain];
}

/** Pictures and films are compressed already: a sample tells, and saves the work on the whole. */
export function isCompressible(primitives: Primitives, plain: Bytes): boolean {
  if (plain.length <= 2 * SAMPLE_BYTES) return plain.length > 0;
  const middle = (plain.length - SAMPLE_BYTES) >> 1;
  const sample = plain.subarray(middle, middle + SAMPLE_BYTES);
  return primitives.compress(sample, 1).length < SAMPLE_BYTES * WORTHWHILE;
}

/** The bytes that went in; `vault.corrupt` if it is nothing that `packContent` makes or longer than `limitBytes`. */
export function unpackContent(primitives: Primitives, content: Bytes, limitBytes: number): Bytes {
  if (content.length < PREFIX_BYTES) throw damaged("short-content");
  const length = u32At(content, 1);
  if (length > limitBytes) throw damaged("content-too-long");
  if (content[0] === STORED && content.length === PREFIX_BYTES + length)
    return content.subarray(PREFIX_BYTES);
  if (content[0] !== ZSTD) throw damaged("content-method");
  return unpackFrames(primitives, content, length);
}

function unpackFrames(primitives: Primitives, content: Bytes, length: number): Bytes {
  const frames: ZstdFrame[] = [];
  let filled = 0;
  let offset = PREFIX_BYTES;
  while (offset < content.length) {
    if (offset + FRAME_PREFIX_BYTES > content.length) throw damaged("frame-prefix");
    const size = u32At(content, offset);
    const end = offset + FRAME_PREFIX_BYTES + u32At(content, offset + 4);
    if (end > content.length || filled + size > length) throw damaged("frame-length");
    frames.push({ bytes: content.subarray(offset + FRAME_PREFIX_BYTES, end), size });
    filled += size;
    offset = end;
  }
  if (filled !== length) throw damaged("content-length");
  return primitives.decompress(frames);
}

function prefix(method: number, plainBytes: number): Bytes {
  return concatBytes(new Uint8Array([method]), u32ToBytes(plainBytes));
}

function u32At(bytes: Bytes, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset);
}

function damaged(what: string): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what } });
}
