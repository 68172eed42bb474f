import type { Bytes } from "../../../../base/index.ts";
import { ByteReader } from "./protobuf.ts";

const MOST_ENTRIES = 100_000;
/** Where the size stands in the file beside it. */
const SIZE_IN_CHECKS = 32;
/** The size, and four bytes that say nothing. */
const HEADER_BYTES = 8;
const SIZE_BYTES = 4;

/**
 * The texts of an MMKV file by their keys: what was written last counts, and what is no text is left out. `checks` is
 * the file beside it, which knows the size where the file itself does not. Ends where it is broken.
 */
export function readMmkv(bytes: Bytes, checks: Bytes | undefined): Map<string, string> {
  const texts = new Map<string, string>();
  const size = sizeAt(bytes, 0) || sizeAt(checks, SIZE_IN_CHECKS);
  const reader = new ByteReader(bytes.subarray(HEADER_BYTES, SIZE_BYTES + size));
  for (let i = 0; i < MOST_ENTRIES && !reader.isAtEnd; i++) {
    const key = reader.sized();
    const value = reader.sized();
    if (key === undefined || value === undefined) break;
    const text = textIn(value);
    if (text === undefined) texts.delete(plainText(key) ?? "");
    else texts.set(plainText(key) ?? "", text);
  }
  return texts;
}

function sizeAt(bytes: Bytes | undefined, at: number): number {
  if (bytes === undefined || bytes.length < at + SIZE_BYTES) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at, true);
}

/** A text is kept with its length before it. */
function textIn(value: Bytes): string | undefined {
  const reader = new ByteReader(value);
  const text = reader.sized();
  return text === undefined || !reader.isAtEnd ? undefined : plainText(text);
}

function plainText(bytes: Bytes): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
