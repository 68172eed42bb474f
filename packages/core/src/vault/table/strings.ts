import { bytesToHex, hexToBytes, KeepsakeError, type Bytes } from "../../base/index.ts";
import { readPlacesOfTexts, readTemplates, writeTemplates } from "./templates.ts";
import { looseRoom, type Room } from "../room.ts";
import {
  readBlockUnits,
  readBlockUtf8,
  readTextBlock,
  readWholeBlock,
  writeTextBlock,
  type BlockUnits,
  type BlockUtf8,
} from "./text-block.ts";
import { ByteReader, ByteWriter } from "./varint.ts";

/** FORMAT.md, "Columns of text": how the texts of a column are written. */
const PLAIN = 0;
const DISTINCT = 1;
const IDS = 2;
const HEX = 3;
const TEMPLATES = 4;
const SAME = 5;

/** Up to 63 bits: longer ones are texts. */
const decimalId = /^(?:0|-?[1-9][0-9]{0,17})$/;
const hexKey = /^(?:[0-9a-f]{2}){4,}$/;
const SAMPLE = 16;

/** The columns of texts that lie before one in its lane: a list, or what finds one where it is asked for. */
export interface Columns {
  readonly length: number;
  at(place: number): readonly string[] | undefined;
}

/** Writes the column in the way that its content suggests; any column can be written in any way that fits it. */
export function encodeTexts(texts: readonly string[], before: readonly (readonly string[])[] = []): Bytes {
  const writer = new ByteWriter();
  const same = before.findLastIndex((column) => areEqual(column, texts));
  if (same !== -1) {
    writer.byte(SAME);
    writer.unsigned(before.length - same);
    return writer.finish();
  }
  const distinct = new Set(texts);
  if (distinct.size * 2 <= texts.length) writeDistinct(writer, texts, [...distinct]);
  else if (texts.every((text) => decimalId.test(text))) writeIds(writer, texts);
  else if (texts.every((text) => hexKey.test(text))) writeHex(writer, texts);
  else if (looksMade(texts)) writeMade(writer, texts);
  else writePlain(writer, texts);
  return writer.finish();
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}

/** All texts of a column of `count` texts. */
export function decodeTexts(column: Bytes, count: number, before: Columns = []): readonly string[] {
  const reader = new ByteReader(column);
  const method = reader.byte();
  if (method === SAME) return readSame(reader, count, before);
  const read = readers[method];
  if (read === undefined || count > column.length * 256 + 256) throw damaged();
  const texts = read(reader, count);
  if (texts.length !== count || reader.remaining > 0) throw damaged();
  return texts;
}

function readSame(reader: ByteReader, count: number, before: Columns): readonly string[] {
  const place = before.length - reader.unsigned();
  const texts = place < 0 ? undefined : before.at(place);
  if (texts?.length !== count || reader.remaining > 0) throw damaged();
  return texts;
}

/**
 * A text that holds every text of a column of `count` texts, some of them once only, and maybe others between them;
 * nothing where a column before it has them.
 */
export function wholeTexts(column: Bytes, count: number): string {
  const reader = new ByteReader(column);
  const method = reader.byte();
  if (method === SAME) return "";
  if (method === PLAIN) return readWholeBlock(reader);
  if (method !== DISTINCT) return decodeTexts(column, count).join("\n");
  const size = reader.unsigned();
  return wholeTexts(reader.bytes(reader.unsigned()), size);
}

const readers: Readonly<Record<number, (reader: ByteReader, count: number) => string[]>> = {
  [PLAIN]: readTextBlock,
  [DISTINCT]: readDistinct,
  [IDS]: readIds,
  [HEX]: (reader, count) => Array.from({ length: count }, () => bytesToHex(reader.bytes(reader.unsigned()))),
  [TEMPLATES]: readTemplates,
};

function writePlain(writer: ByteWriter, texts: readonly string[]): void {
  writer.byte(PLAIN);
  writeTextBlock(writer, texts);
}

function writeMade(writer: ByteWriter, texts: readonly string[]): void {
  writer.byte(TEMPLATES);
  writeTemplates(writer, texts);
}

function writeDistinct(writer: ByteWriter, texts: readonly string[], distinct: readonly string[]): void {
  const places = new Map(distinct.map((text, place) => [text, place]));
  const inner = encodeTexts(distinct);
  writer.byte(DISTINCT);
  writer.unsigned(distinct.length);
  writer.unsigned(inner.length);
  writer.bytes(inner);
  for (const text of texts) writer.unsigned(places.get(text)!);
}

function readDistinct(reader: ByteReader, count: number): string[] {
  const size = reader.unsigned();
  const distinct = decodeTexts(reader.bytes(reader.unsigned()), size);
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    const text = distinct[reader.unsigned()];
    if (text === undefined) throw damaged();
    texts.push(text);
  }
  return texts;
}

/** The texts of a column; where these are distinct ones, `places` tells which each text is. */
export interface TextColumn extends BlockUnits {
  readonly places: Uint32Array | undefined;
}

/** The texts of a column as UTF-8, where they lie in it so, each once; undefined where they do not. */
export function decodeUtf8Column(column: Bytes, count: number, room: Room): BlockUtf8 | undefined {
  const reader = new ByteReader(column);
  if (reader.byte() !== PLAIN) return undefined;
  const block = readBlockUtf8(reader, room);
  if (block !== undefined && (block.starts.length !== count + 1 || reader.remaining > 0)) throw damaged();
  return block;
}

interface TextReading {
  readonly before?: Columns;
  /** Those of the column, where they are known. */
  readonly marks?: Marks | undefined;
  readonly room?: Room | undefined;
  /** Whether what is wrong in a text is looked for, and templates are taken for texts only where they are. */
  readonly isChecked?: boolean | undefined;
}

/** The same as `decodeTexts`, without a string for each text. */
export function decodeTextColumn(
  column: Bytes,
  count: number,
  { before = [], marks, room = looseRoom, isChecked = true }: TextReading = {},
): TextColumn {
  const reader = new ByteReader(column);
  switch (reader.byte()) {
    case PLAIN: {
      const block = readBlockUnits(reader, room, isChecked);
      if (block.starts.length !== count + 1 || reader.remaining > 0) throw damaged();
      return { ...block, places: undefined };
    }
    case DISTINCT: {
      const size = reader.unsigned();
      const distinct = unitsOf(decodeTexts(reader.bytes(reader.unsigned()), size));
      return { ...distinct, places: readPlaces(reader, count, size, room) };
    }
    case TEMPLATES: {
      const places = marks ?? decodeMarks(column, count, { room, isChecked });
      if (places instanceof Uint32Array)
        return { ...readBlockUnits(new ByteReader(column.subarray(1)), room, isChecked), places };
    }
  }
  return { ...unitsOf(decodeTexts(column, count, before)), places: undefined };
}

function unitsOf(texts: readonly string[]): BlockUnits {
  const starts = new Uint32Array(texts.length + 1);
  for (let i = 0; i < texts.length; i++) starts[i + 1] = starts[i]! + texts[i]!.length;
  const units = new Uint16Array(starts.at(-1)!);
  for (const [i, text] of texts.entries())
    for (let at = 0; at < text.length; at++) units[starts[i]! + at] = text.charCodeAt(at);
  return { units, starts };
}

/** The numbers of a column of ids, where each is exact; undefined for any other column. */
export function decodeIds(column: Bytes, count: number, room: Room = looseRoom): Float64Array | undefined {
  const reader = new ByteReader(column);
  return reader.byte() === IDS && count <= column.length
    ? readExactIds(reader, room.float64(count))
    : undefined;
}

/** A number for each text of a column, the same for the same text alone. */
export type Marks = Float64Array | Uint32Array;

/** Undefined where the column does not tell. */
export function decodeMarks(
  column: Bytes,
  count: number,
  { room, isChecked }: { readonly room: Room; readonly isChecked: boolean },
): Marks | undefined {
  const reader = new ByteReader(column);
  switch (reader.byte()) {
    case IDS:
      return decodeIds(column, count, room);
    case DISTINCT: {
      const size = reader.unsigned();
      reader.bytes(reader.unsigned());
      return readPlaces(reader, count, size, room);
    }
    case TEMPLATES:
      return count > column.length ? undefined : readPlacesOfTexts(reader, count, room, isChecked);
    default:
      return undefined;
  }
}

/** The place of each text among so many distinct ones, up to the end of the column. */
function readPlaces(reader: ByteReader, count: number, size: number, room: Room): Uint32Array {
  if (count > reader.remaining) throw damaged();
  const places = room.uint32(count);
  reader.unsignedInto(places, size);
  if (reader.remaining > 0) throw damaged();
  return places;
}

function readExactIds(reader: ByteReader, ids: Float64Array): Float64Array | undefined {
  let last = 0;
  for (let i = 0; i < ids.length; i++) {
    const difference = reader.signedBig();
    last += Number(difference);
    if (typeof difference === "bigint" || !Number.isSafeInteger(last)) return undefined;
    ids[i] = last;
  }
  if (reader.remaining > 0) throw damaged();
  return ids;
}

function writeIds(writer: ByteWriter, texts: readonly string[]): void {
  writer.byte(IDS);
  let last = 0n;
  for (const text of texts) {
    const id = BigInt(text);
    const delta = id - last;
    writer.signed(delta > -0x4000_0000n && delta < 0x4000_0000n ? Number(delta) : delta);
    last = id;
  }
}

function readIds(reader: ByteReader, count: number): string[] {
  let last: bigint | number = 0;
  return Array.from({ length: count }, () => {
    last = sum(last, reader.signedBig());
    return String(last);
  });
}

/** Exact: in plain numbers as long as these are. */
function sum(a: bigint | number, b: bigint | number): bigint | number {
  if (typeof a === "number" && typeof b === "number" && Number.isSafeInteger(a + b)) return a + b;
  return BigInt(a) + BigInt(b);
}

function writeHex(writer: ByteWriter, texts: readonly string[]): void {
  writer.byte(HEX);
  for (const text of texts) {
    writer.unsigned(text.length / 2);
    writer.bytes(hexToBytes(text)!);
  }
}

/** Whether a sample of the texts looks like a machine's: many digits, and more than a word or two. */
function looksMade(texts: readonly string[]): boolean {
  const step = Math.max(1, Math.floor(texts.length / SAMPLE));
  let characters = 0;
  let digits = 0;
  for (let i = 0; i < texts.length; i += step) {
    const sample = texts[i]!.slice(0, 400);
    characters += sample.length;
    digits += sample.match(/[0-9]/g)?.length ?? 0;
  }
  return digits * 8 > characters && characters > texts.length / step;
}

function damaged(): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: "text-column" } });
}
