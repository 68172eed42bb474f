import { bytesToHex, hexToBytes, KeepsakeError } from "../../base/index.ts";
import { decodeIntegers, encodeIntegers } from "./integers.ts";
import type { Room } from "../room.ts";
import { readTextBlock, skipBlock, writeTextBlock } from "./text-block.ts";
import { ByteReader, ByteWriter } from "./varint.ts";

/*
 * Texts that machines write (paths, XML) repeat a pattern around numbers and keys. A template is the text with each
 * number and each long run of hex digits replaced by a mark; a mark that stands in the text itself is escaped.
 */
const NUMBER = "\u0001";
const TWO_DIGITS = "\u0002";
const HEX = "\u0003";
const ESCAPE = "\u0004";
const variable = /[0-9a-f]{16,}|[0-9]+|[\u0001-\u0004]/g;
const mark = /\u0004[\u0001-\u0004]|[\u0001-\u0003]/g;
/** The numbers of a text go into columns by their place in it; all from the last place on share one. */
const MAX_COLUMNS = 24;

/** FORMAT.md, "Templates": the distinct templates, which one each text has, the columns of numbers, the hex keys. */
export function writeTemplates(writer: ByteWriter, texts: readonly string[]): void {
  const templates = new Map<string, number>();
  const columns: number[][] = [];
  const keys = new ByteWriter();
  const used = texts.map((text) => {
    const template = toTemplate(text, columns, keys);
    const known = templates.get(template) ?? templates.size;
    templates.set(template, known);
    return known;
  });
  writeTextBlock(writer, [...templates.keys()]);
  for (const template of used) writer.unsigned(template);
  writer.unsigned(columns.length);
  for (const column of columns.map(encodeIntegers)) {
    writer.unsigned(column.length);
    writer.bytes(column);
  }
  writer.bytes(keys.finish());
}

/** The texts of a column of templates, which ends with its last hex key. Throws `vault.corrupt`. */
export function readTemplates(reader: ByteReader, count: number): string[] {
  const templates = readTextBlock(reader);
  const used = Array.from({ length: count }, () => templates[reader.unsigned()] ?? missing());
  const columnCount = reader.unsigned();
  if (columnCount > MAX_COLUMNS) throw damaged("columns");
  const columns = Array.from({ length: columnCount }, () => ({
    values: decodeIntegers(reader.bytes(reader.unsigned())),
    next: 0,
  }));
  const nextOf = (place: number): number => {
    const column = columns[Math.min(place, MAX_COLUMNS - 1)] ?? missing();
    return column.values[column.next++] ?? missing();
  };
  const texts = used.map((template) => {
    let place = 0;
    return template.replace(mark, (found) => {
      if (found.length === 2) return found[1]!;
      if (found === HEX) return bytesToHex(reader.bytes(reader.unsigned()));
      const value = String(nextOf(place++));
      return found === TWO_DIGITS ? value.padStart(2, "0") : value;
    });
  });
  if (reader.remaining > 0 || columns.some(({ values, next }) => next < values.length)) throw damaged("rest");
  return texts;
}

/**
 * The place of each text among the templates, where these are the texts: nothing stands in them for anything. Unless it
 * is checked, a mark may stand in a template as itself, behind U+0004.
 */
export function readPlacesOfTexts(
  reader: ByteReader,
  count: number,
  room: Room,
  isChecked: boolean,
): Uint32Array | undefined {
  const { size, utf8 } = skipBlock(reader);
  if (utf8 === undefined || (isChecked && utf8.some(isMark))) return undefined;
  const places = room.uint32(count);
  reader.unsignedInto(places, size);
  if (reader.unsigned() === 0 && reader.remaining === 0) return places;
  if (isChecked) throw damaged("rest");
  return undefined;
}

function isMark(byte: number): boolean {
  return byte > 0 && byte <= ESCAPE.charCodeAt(0);
}

function missing(): never {
  throw damaged("value");
}

function damaged(what: string): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: `templates-${what}` } });
}

function toTemplate(text: string, columns: number[][], keys: ByteWriter): string {
  let place = 0;
  const note = (digits: string): void => {
    const column = Math.min(place++, MAX_COLUMNS - 1);
    (columns[column] ??= []).push(Number(digits));
  };
  return text.replace(variable, (found) => {
    if (found.length >= 16 && found.length % 2 === 0 && /[a-f]/.test(found)) {
      keys.unsigned(found.length / 2);
      keys.bytes(hexToBytes(found)!);
      return HEX;
    }
    if (found <= ESCAPE) return ESCAPE + found;
    if (/^[0-9]{2}$/.test(found)) {
      note(found);
      return TWO_DIGITS;
    }
    if (!/^(?:0|[1-9][0-9]{0,14})$/.test(found)) return found;
    note(found);
    return NUMBER;
  });
}
