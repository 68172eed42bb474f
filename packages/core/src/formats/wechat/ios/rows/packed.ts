import { bytesToText, KeepsakeError, type Bytes, type Primitives } from "../../../../base/index.ts";
import type { SqliteValue } from "../../../../sqlite/index.ts";

/** What a row's column of text holds. */
export type Held =
  | { readonly text: string; readonly bytes?: undefined }
  /** Bytes that are no UTF-8, and the text that they come nearest to. */
  | { readonly text: string; readonly bytes: Bytes }
  /** A frame that cannot be unpacked, and how many bytes of text it says lie in it. */
  | { readonly text: undefined; readonly bytes: Bytes; readonly sizeBytes: number | undefined };

export type Unpacker = Pick<Primitives, "decompress">;

/** What says that it holds more is kept as it is. */
const mostBytes = 16 * 1024 * 1024;

/**
 * WeChat keeps most texts as they are. Its database library (WCDB) can pack long ones as a frame of zstd, from
 * WeChat 8 on: plainly, or with a dictionary that lies in the app and in no backup.
 */
export function heldIn(value: SqliteValue | undefined, unpacker: Unpacker): Held {
  if (typeof value === "string") return { text: value };
  if (!(value instanceof Uint8Array)) return { text: "" };
  const frame = frameOf(value);
  return frame === undefined ? textOf(value) : unpacked(value, frame, unpacker);
}

function textOf(bytes: Bytes): Held {
  try {
    return { text: bytesToText(bytes) };
  } catch {
    return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), bytes };
  }
}

interface Frame {
  readonly hasDictionary: boolean;
  readonly sizeBytes: number | undefined;
}

function unpacked(bytes: Bytes, { hasDictionary, sizeBytes }: Frame, unpacker: Unpacker): Held {
  const sealed = { text: undefined, bytes, sizeBytes };
  if (hasDictionary || sizeBytes === undefined || sizeBytes > mostBytes) return sealed;
  try {
    return textOf(unpacker.decompress([{ bytes, size: sizeBytes }]));
  } catch (error) {
    if (KeepsakeError.is(error, "vault.corrupt")) return sealed;
    throw error;
  }
}

/** No UTF-8 begins so. */
const magic = [0x28, 0xb5, 0x2f, 0xfd] as const;
const dictionaryBytes = [0, 1, 2, 4] as const;
const sizeFieldBytes = [0, 2, 4, 8] as const;

/** What the header of a zstd frame says (RFC 8878, 3.1.1.1); undefined for bytes that are none. */
function frameOf(bytes: Bytes): Frame | undefined {
  if (!magic.every((byte, i) => bytes[i] === byte)) return undefined;
  const descriptor = bytes[4] ?? 0;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const flag = (descriptor >> 6) as 0 | 1 | 2 | 3;
  const length = flag === 0 && isSingleSegment ? 1 : sizeFieldBytes[flag];
  const dictionaryLength = dictionaryBytes[(descriptor & 3) as 0 | 1 | 2 | 3];
  const start = 5 + (isSingleSegment ? 0 : 1);
  const dictionary = numberAt(bytes, start, dictionaryLength);
  const size = length === 0 ? undefined : numberAt(bytes, start + dictionaryLength, length);
  return {
    hasDictionary: dictionary !== 0,
    sizeBytes: size === undefined ? undefined : size + (length === 2 ? 256 : 0),
  };
}

/** The first byte counts least; undefined where there are not so many. */
function numberAt(bytes: Bytes, at: number, length: number): number | undefined {
  if (at + length > bytes.length) return undefined;
  let value = 0;
  for (let i = at + length - 1; i >= at; i--) value = value * 256 + bytes[i]!;
  return value;
}
