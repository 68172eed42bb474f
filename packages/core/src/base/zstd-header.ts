const magic = [0x28, 0xb5, 0x2f, 0xfd] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;

/** What a zstd frame says of itself (RFC 8878, 3.1.1.1). */
export interface ZstdHeader {
  /** The number of the dictionary that it takes; 0 for none. */
  readonly dictionary: number;
  /** How many bytes it holds, where it says so. */
  readonly sizeBytes: number | undefined;
  readonly hasChecksum: boolean;
  /** Where its blocks begin. */
  readonly end: number;
}

/** Whether bytes begin as a zstd frame does, and no UTF-8. */
export function isZstd(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** The header of a zstd frame; undefined for what is none, or ends within it. */
export function zstdHeader(bytes: Uint8Array): ZstdHeader | undefined {
  const descriptor = bytes[4];
  if (!isZstd(bytes) || descriptor === undefined) return undefined;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const flag = (descriptor >> 6) as 0 | 1 | 2 | 3;
  const sizeLength = flag === 0 && isSingleSegment ? 1 : CONTENT_SIZE_BYTES[flag];
  const idLength = DICTIONARY_ID_BYTES[(descriptor & 3) as 0 | 1 | 2 | 3];
  const start = 5 + (isSingleSegment ? 0 : 1);
  const end = start + idLength + sizeLength;
  if (end > bytes.length) return undefined;
  const size = littleEndianAt(bytes, start + idLength, sizeLength);
  return {
    dictionary: littleEndianAt(bytes, start, idLength),
    sizeBytes: sizeLength === 0 ? undefined : size + (flag === 1 ? 256 : 0),
    hasChecksum: (descriptor & 4) !== 0,
    end,
  };
}

/** The first byte counts least; NaN where there are not so many. */
export function littleEndianAt(bytes: Uint8Array, at: number, length: number): number {
  if (at + length > bytes.length) return NaN;
  let value = 0;
  for (let i = at + length - 1; i >= at; i--) value = value * 256 + bytes[i]!;
  return value;
}
