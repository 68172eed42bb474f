import { decompress as zstdDecompress } from "@bokuweb/zstd-wasm";
import { KeepsakeError, littleEndianAt, zstdHeader, type Bytes, type ZstdFrame } from "../../base/index.ts";

/** An empty frame that does not say how long it is: after it, the library makes the room that it is told to. */
const UNTOLD = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0, 1, 0, 0);

/** All frames in one call: of the small ones, the call itself takes longer than the frame. */
export function decompress(frames: readonly ZstdFrame[]): Bytes {
  let size = 0;
  for (const frame of frames) {
    // So that a lie about it takes no memory, and no frame goes on in the next one.
    if (!isOfSize(frame)) throw damaged("zstd-size");
    size += frame.size;
  }
  try {
    const plain = zstdDecompress(joined(frames), { defaultHeapSize: Math.max(1, size) });
    if (plain.length === size)
      return new Uint8Array(plain.buffer as ArrayBuffer, plain.byteOffset, plain.length);
  } catch (cause) {
    throw damaged("zstd", cause);
  }
  throw damaged("zstd-size");
}

/** Where frames are joined for the library, which copies them from there at once. */
let room = new Uint8Array(0);

function joined(frames: readonly ZstdFrame[]): Uint8Array {
  const length = frames.reduce((sum, { bytes }) => sum + bytes.length, UNTOLD.length);
  if (room.length < length) room = new Uint8Array(2 * length);
  room.set(UNTOLD);
  let filled = UNTOLD.length;
  for (const { bytes } of frames) {
    room.set(bytes, filled);
    filled += bytes.length;
  }
  return room.subarray(0, length);
}

const REPEATED = 1;

/** Whether the bytes are one frame, and it says that its content has that size. */
function isOfSize({ bytes, size }: ZstdFrame): boolean {
  const header = zstdHeader(bytes);
  if (header?.sizeBytes !== size) return false;
  return endOfBlocks(bytes, header.end) + (header.hasChecksum ? 4 : 0) === bytes.length;
}

/** NaN where the frame ends before its last block. */
function endOfBlocks(bytes: Uint8Array, start: number): number {
  for (let at = start; ;) {
    const header = littleEndianAt(bytes, at, 3);
    if (Number.isNaN(header)) return NaN;
    at += 3 + (((header >> 1) & 3) === REPEATED ? 1 : header >> 3);
    if ((header & 1) === 1) return at;
  }
}

function damaged(what: string, cause?: unknown): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { cause, details: { what } });
}
