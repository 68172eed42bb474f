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

/** How long each text of a block is, and all of them as one. */
export function readBlock(reader: ByteReader): { lengths: number[]; whole: string } {
  const count = reader.unsigned();
  if (count > reader.remaining) throw damaged();
  const lengths: number[] = [];
  for (let i = 0; i < count; i++) lengths.push(reader.unsigned());
  const encoding = reader.byte();
  const bytes = reader.bytes(reader.unsigned());
  return { lengths, whole: encoding === UTF8 ? utf8Text(bytes) : utf16Text(bytes) };
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
