import { KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { looseRoom, type Room } from "../room.ts";
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
  /** Bytes, as they lie, where all of them are ASCII. */
  readonly units: Uint16Array<ArrayBuffer> | Bytes;
  readonly starts: Uint32Array;
}

/** Texts as UTF-8, one after the other, which begin at so many code units. */
export interface BlockUtf8 {
  readonly bytes: Bytes;
  readonly starts: Uint32Array;
}

/** The texts of a block. Unless they are checked, what is written as ASCII may be none. */
export function readBlockUnits(
  reader: ByteReader,
  room: Room = looseRoom,
  isChecked: boolean = true,
): BlockUnits {
  const { starts, length, encoding, bytes } = readUndecoded(reader, room);
  if (encoding === UTF8 && bytes.length === length) {
    if (isChecked && !isAscii(bytes)) throw damaged();
    return { units: bytes, starts };
  }
  const units = room.uint16(length);
  const isWhole =
    encoding === UTF8 ? decodeUtf8(bytes, 0, units, length) === bytes.length : decodeUtf16(bytes, units);
  if (!isWhole) throw damaged();
  return { units, starts };
}

/** The texts of a block as they lie, where they lie in UTF-8 that is not ASCII alone. It may not be valid. */
export function readBlockUtf8(reader: ByteReader, room: Room): BlockUtf8 | undefined {
  const { starts, length, encoding, bytes } = readUndecoded(reader, room);
  return encoding === UTF8 && bytes.length > length ? { bytes, starts } : undefined;
}

function readUndecoded(
  reader: ByteReader,
  room: Room,
): {
  readonly starts: Uint32Array;
  readonly length: number;
  readonly encoding: number;
  readonly bytes: Bytes;
} {
  const count = reader.unsigned();
  if (count > reader.remaining) throw damaged();
  const starts = room.uint32(count + 1);
  starts[0] = 0;
  reader.unsignedInto(starts.subarray(1), reader.remaining);
  let length = 0;
  for (let i = 1; i <= count; i++) {
    length += starts[i]!;
    starts[i] = length;
  }
  const encoding = reader.byte();
  const bytes = reader.bytes(reader.unsigned());
  if (length > bytes.length) throw damaged();
  return { starts, length, encoding, bytes };
}

/** Passes over a block: how many texts it has, and its UTF-8, where that is how it is written. */
export function skipBlock(reader: ByteReader): { readonly size: number; readonly utf8: Bytes | undefined } {
  const size = reader.unsigned();
  if (size > reader.remaining) throw damaged();
  reader.skip(size);
  const encoding = reader.byte();
  const bytes = reader.bytes(reader.unsigned());
  return { size, utf8: encoding === UTF8 ? bytes : undefined };
}

/** Stands for no place. */
const NOWHERE = -1;

/**
 * Decodes UTF-8 from a byte on to so many code units. Gives the byte behind them; -1 where it is not valid as far as
 * it was read, or where they end within a character.
 */
export function decodeUtf8(bytes: Bytes, start: number, units: Uint16Array, length: number): number {
  let i = start;
  for (let at = 0; at < length;) {
    if (i + 2 >= bytes.length) return decodeEnd(bytes, i, units, { at, length });
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
    const wide = decodeOne(bytes, i, units, { at, length });
    if (wide === 0) return NOWHERE;
    at += wide === 4 ? 2 : 1;
    i += wide;
  }
  return i;
}

/** Where units are put, and where they end. */
interface Target {
  readonly at: number;
  readonly length: number;
}

/** The same of the last bytes, where one character is not followed by two bytes more. */
function decodeEnd(bytes: Bytes, start: number, units: Uint16Array, { at: first, length }: Target): number {
  let i = start;
  for (let at = first; at < length;) {
    const wide = decodeOne(bytes, i, units, { at, length });
    if (wide === 0) return NOWHERE;
    at += wide === 4 ? 2 : 1;
    i += wide;
  }
  return i;
}

/** Decodes one character. Gives how many bytes it has; 0 where there is none, or no room for all of it. */
function decodeOne(bytes: Bytes, i: number, units: Uint16Array, { at, length }: Target): number {
  const first = bytes[i];
  if (first === undefined) return 0;
  if (first < 0x80) {
    units[at] = first;
    return 1;
  }
  const more = moreBytes(first);
  const code = characterAt(bytes, i, more);
  if (code === undefined) return 0;
  if (code > 0xffff) {
    if (at + 1 === length) return 0;
    units[at] = 0xd7c0 + (code >> 10);
    units[at + 1] = 0xdc00 + (code & 0x3ff);
  } else units[at] = code;
  return 1 + more;
}

/** Whether two more bytes follow, of which any will do. */
function leadsThree(first: number): boolean {
  return first > 0xe0 && first < 0xf0 && first !== 0xed;
}

/** One byte for each code unit. */
function isAscii(bytes: Bytes): boolean {
  let all = 0;
  for (let i = 0; i < bytes.length; i++) all |= bytes[i]!;
  return all < 0x80;
}

/** How many more bytes a character of more than one has, by its first byte. */
function moreBytes(first: number): number {
  return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
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
