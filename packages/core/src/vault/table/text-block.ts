import { KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { ByteReader, ByteWriter } from "./varint.ts";

const UTF8 = 0;
const UTF16 = 1;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * FORMAT.md, "Blocks of text": all lengths in UTF-16 code units, then all texts as one: UTF-8, or UTF-16LE where
 * a lone surrogate has no UTF-8.
 */
export function writeTextBlock(writer: ByteWriter, texts: readonly string[]): void {
  writer.unsigned(texts.length);
  for (const text of texts) writer.unsigned(text.length);
  const whole = texts.join("");
  const isUtf8 = whole.isWellFormed();
  const bytes = isUtf8 ? textToBytes(whole) : utf16Bytes(whole);
  writer.byte(isUtf8 ? UTF8 : UTF16);
  writer.unsigned(bytes.length);
  writer.bytes(bytes);
}

export function readTextBlock(reader: ByteReader): string[] {
  const { lengths, whole } = readBlock(reader);
  let start = 0;
  const texts = lengths.map((length) => whole.slice(start, (start += length)));
  if (start !== whole.length) throw damaged();
  return texts;
}

/** All texts of a block as one, with nothing between them. */
export function readWholeBlock(reader: ByteReader): string {
  return readBlock(reader).whole;
}

function readBlock(reader: ByteReader): { lengths: number[]; whole: string } {
  const count = reader.unsigned();
  if (count > reader.remaining) throw damaged();
  const lengths: number[] = [];
  for (let i = 0; i < count; i++) lengths.push(reader.unsigned());
  const encoding = reader.byte();
  const bytes = reader.bytes(reader.unsigned());
  return { lengths, whole: encoding === UTF8 ? utf8Text(bytes) : utf16Text(bytes) };
}

/** Texts as code units, which are cut at `starts`. */
export interface BlockUnits {
  readonly units: Uint16Array<ArrayBuffer>;
  readonly starts: Uint32Array;
}

/** The texts of a block. */
export function readBlockUnits(reader: ByteReader): BlockUnits {
  const count = reader.unsigned();
  if (count > reader.remaining) throw damaged();
  const starts = new Uint32Array(count + 1);
  let length = 0;
  for (let i = 1; i <= count; i++) {
    length += reader.unsigned();
    starts[i] = length;
  }
  const encoding = reader.byte();
  const bytes = reader.bytes(reader.unsigned());
  if (length > bytes.length) throw damaged();
  const units = new Uint16Array(length);
  if (encoding === UTF8 ? !decodeUtf8(bytes, units) : !decodeUtf16(bytes, units)) throw damaged();
  return { units, starts };
}

/** How many texts a block has, and whether it is UTF-8 and none of them holds a character of 1 to `most`. */
export function skipBlock(
  reader: ByteReader,
  most: number,
): { readonly size: number; readonly isPlain: boolean } {
  const size = reader.unsigned();
  if (size > reader.remaining) throw damaged();
  for (let i = 0; i < size; i++) reader.unsigned();
  let isPlain = reader.byte() === UTF8;
  const bytes = reader.bytes(reader.unsigned());
  for (let i = 0; i < bytes.length && isPlain; i++) isPlain = bytes[i]! > most || bytes[i] === 0;
  return { size, isPlain };
}

/** Decodes UTF-8 to code units; false unless it is valid and fills them. */
function decodeUtf8(bytes: Bytes, units: Uint16Array): boolean {
  if (bytes.length === units.length) return decodeAscii(bytes, units);
  let at = 0;
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i]!;
    if (first < 0x80) {
      units[at++] = first;
      i++;
      continue;
    }
    // Most of Chinese: three bytes, of which the first is no special case.
    const second = bytes[i + 1]!;
    const third = bytes[i + 2]!;
    if (leadsThree(first) && (second & 0xc0) === 0x80 && (third & 0xc0) === 0x80) {
      units[at++] = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
      i += 3;
      continue;
    }
    const more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    const code = characterAt(bytes, i, more);
    if (code === undefined) return false;
    if (code > 0xffff) {
      units[at++] = 0xd7c0 + (code >> 10);
      units[at++] = 0xdc00 + (code & 0x3ff);
    } else units[at++] = code;
    i += 1 + more;
  }
  return at === units.length;
}

/** Whether two more bytes follow, of which any will do. */
function leadsThree(first: number): boolean {
  return first > 0xe0 && first < 0xf0 && first !== 0xed;
}

/** One byte for each code unit. */
function decodeAscii(bytes: Bytes, units: Uint16Array): boolean {
  let all = 0;
  for (let i = 0; i < bytes.length; i++) all |= bytes[i]!;
  units.set(bytes);
  return all < 0x80;
}

/** A character of so many more bytes; undefined where it is none. */
function characterAt(bytes: Bytes, start: number, more: number): number | undefined {
  const first = bytes[start]!;
  if (first < 0xc2 || first > 0xf4) return undefined;
  let code = first & (0x3f >> more);
  for (let i = start + 1; i <= start + more; i++) {
    if (i >= bytes.length || (bytes[i]! & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (bytes[i]! & 0x3f);
  }
  return isScalar(code, more) ? code : undefined;
}

/** Whether a character is one that is written in so many more bytes. */
function isScalar(code: number, more: number): boolean {
  if (more === 1) return true;
  if (more === 2) return code > 0x7ff && (code & 0xf800) !== 0xd800;
  return code > 0xffff && code <= 0x10ffff;
}

function decodeUtf16(bytes: Bytes, units: Uint16Array): boolean {
  if (bytes.length !== 2 * units.length) return false;
  for (let i = 0; i < units.length; i++) units[i] = bytes[2 * i]! | (bytes[2 * i + 1]! << 8);
  return true;
}

function utf8Text(bytes: Bytes): string {
  try {
    return strictUtf8.decode(bytes);
  } catch (cause) {
    throw damaged(cause);
  }
}

function utf16Bytes(text: string): Bytes {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), true);
  return bytes;
}

function utf16Text(bytes: Bytes): string {
  if (bytes.length % 2 !== 0) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) text += String.fromCharCode(view.getUint16(i, true));
  return text;
}

function damaged(cause?: unknown): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: "text-block" }, cause });
}
