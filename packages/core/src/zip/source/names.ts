import { bytesToText, type Bytes } from "../../base/index.ts";
import { Fields } from "../bytes.ts";
import { crc32 } from "../crc32.ts";

/** The extra field that holds a name in UTF-8. */
export const UNICODE_PATH = 0x7075;
const gbk = new TextDecoder("gbk", { fatal: true });
/** Takes any bytes: a name that is no text in any way we know is still a name. */
const anything = new TextDecoder("latin1");

/**
 * The name of an entry with `/` between its parts. Many programs do not say in what they wrote it: then it is UTF-8
 * where it can be, else GBK, as Chinese Windows writes it.
 */
export function entryName(raw: Bytes, inUnicode: Bytes | undefined): string {
  const name = unicodePath(raw, inUnicode) ?? utf8(raw) ?? chinese(raw) ?? anything.decode(raw);
  return name.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
}

/** The name once more in UTF-8, which holds as long as it is of the name that stands there. */
function unicodePath(raw: Bytes, field: Bytes | undefined): string | undefined {
  if (field === undefined || field.length < 5 || field[0] !== 1) return undefined;
  return new Fields(field).u32(1) === crc32(raw) ? utf8(field.subarray(5)) : undefined;
}

function utf8(bytes: Bytes): string | undefined {
  try {
    return bytesToText(bytes);
  } catch {
    return undefined;
  }
}

function chinese(bytes: Bytes): string | undefined {
  try {
    return gbk.decode(bytes);
  } catch {
    return undefined;
  }
}
