import {
  bytesToText,
  isZstd,
  KeepsakeError,
  zstdHeader,
  type Bytes,
  type Primitives,
} from "../../../../base/index.ts";
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
 * WeChat keeps most texts as they are. Its database library (WCDB) can pack long ones as a frame of zstd:
 * plainly, or with a dictionary that lies in the app and in no backup.
 */
export function heldIn(value: SqliteValue | undefined, unpacker: Unpacker): Held {
  if (typeof value === "string") return { text: value };
  if (!(value instanceof Uint8Array)) return { text: "" };
  return isZstd(value) ? unpacked(value, unpacker) : textOf(value);
}

function textOf(bytes: Bytes): Held {
  try {
    return { text: bytesToText(bytes) };
  } catch {
    return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), bytes };
  }
}

function unpacked(bytes: Bytes, unpacker: Unpacker): Held {
  const { dictionary, sizeBytes } = zstdHeader(bytes) ?? {};
  const sealed = { text: undefined, bytes, sizeBytes };
  if (dictionary !== 0 || sizeBytes === undefined || sizeBytes > mostBytes) return sealed;
  try {
    return textOf(unpacker.decompress([{ bytes, size: sizeBytes }]));
  } catch (error) {
    if (KeepsakeError.is(error, "vault.corrupt")) return sealed;
    throw error;
  }
}
