import { concatBytes, textToBytes, type Bytes } from "../../base/index.ts";

/** An entry that was written, as the list at the end of a zip names it; a folder's path ends with a slash. */
export interface Written {
  readonly path: string;
  readonly isDeflated: boolean;
  /** When the file was written to last, milliseconds UTC. */
  readonly modifiedMs: number;
  /** Where it begins. */
  readonly at: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
}

const [full16, full32] = [0xffff, 0xffffffff];
/** Names are UTF-8; sizes and the checksum stand behind the bytes. */
const flags = 0x0808;
const plainVersion = 20;
const largeVersion = 45;
const unix = 3;
/** What its owner may write and everyone may read: a file, and a folder, which DOS has a mark for as well. */
const attributes = { file: 0o100644 * 0x10000, folder: 0o040755 * 0x10000 + 0x10 };
const [LARGE, TIMES] = [0x0001, 0x5455];

/** What stands before the bytes of an entry, when no more is known of it than its name. */
export function localHeader(entry: Pick<Written, "path" | "isDeflated" | "modifiedMs">): Bytes {
  const name = textToBytes(entry.path);
  const extra = timeField(entry.modifiedMs);
  return concatBytes(
    u32(0x04034b50),
    u16(plainVersion, ...about(entry)),
    u32(0, 0, 0),
    u16(name.length, extra.length),
    name,
    extra,
  );
}

/** What stands behind them. */
export function descriptor({ crc, packedBytes, sizeBytes }: Written): Bytes {
  const isLarge = packedBytes >= full32 || sizeBytes >= full32;
  return concatBytes(u32(0x08074b50, crc), (isLarge ? u64 : u32)(packedBytes, sizeBytes));
}

/** An entry in the list. Numbers that are too large for their fields stand in an extra one. */
export function listed(entry: Written): Bytes {
  const { path, crc, sizeBytes, packedBytes, at } = entry;
  const name = textToBytes(path);
  const large = [sizeBytes, packedBytes, at].filter((value) => value >= full32);
  const largeField = large.length === 0 ? [] : [u16(LARGE, 8 * large.length), u64(...large)];
  const extra = concatBytes(...largeField, timeField(entry.modifiedMs));
  const version = large.length === 0 ? plainVersion : largeVersion;
  return concatBytes(
    u32(0x02014b50),
    u16((unix << 8) | largeVersion, version, ...about(entry)),
    u32(crc, Math.min(packedBytes, full32), Math.min(sizeBytes, full32)),
    u16(name.length, extra.length, 0, 0, 0),
    u32(path.endsWith("/") ? attributes.folder : attributes.file, Math.min(at, full32)),
    name,
    extra,
  );
}

interface List {
  readonly entries: number;
  readonly sizeBytes: number;
  readonly at: number;
}

/** The end of a zip; of a large one, what says so before it. */
export function endOf({ entries, sizeBytes, at }: List): Bytes {
  const isLarge = entries >= full16 || sizeBytes >= full32 || at >= full32;
  const count = Math.min(entries, full16);
  return concatBytes(
    isLarge ? largeEnd({ entries, sizeBytes, at }) : new Uint8Array(),
    u32(0x06054b50),
    u16(0, 0, count, count),
    u32(Math.min(sizeBytes, full32), Math.min(at, full32)),
    u16(0),
  );
}

function largeEnd({ entries, sizeBytes, at }: List): Bytes {
  return concatBytes(
    u32(0x06064b50),
    u64(44),
    u16((unix << 8) | largeVersion, largeVersion),
    u32(0, 0),
    u64(entries, entries, sizeBytes, at),
    u32(0x07064b50, 0),
    u64(at + sizeBytes),
    u32(1),
  );
}

function about({ isDeflated, modifiedMs }: Pick<Written, "isDeflated" | "modifiedMs">): number[] {
  return [flags, isDeflated ? 8 : 0, ...localTime(new Date(modifiedMs))];
}

/** Time and day where the writing is done, to two seconds; 1980 is the first year that there is. */
function localTime(date: Date): readonly [time: number, day: number] {
  const year = date.getFullYear() - 1980;
  if (!(year >= 0 && year < 128)) return [0, 0x21];
  const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
  return [time, (year << 9) | ((date.getMonth() + 1) << 5) | date.getDate()];
}

/** The time once more, to the second and without a zone. */
function timeField(modifiedMs: number): Bytes {
  const seconds = Math.floor(modifiedMs / 1000);
  if (seconds < -(2 ** 31) || seconds >= 2 ** 31) return new Uint8Array();
  return concatBytes(u16(TIMES, 5), Uint8Array.of(1), u32(seconds >>> 0));
}

function u16(...values: readonly number[]): Bytes {
  const bytes = new DataView(new ArrayBuffer(2 * values.length));
  for (const [i, value] of values.entries()) bytes.setUint16(2 * i, value, true);
  return new Uint8Array(bytes.buffer);
}

function u32(...values: readonly number[]): Bytes {
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  for (const [i, value] of values.entries()) bytes.setUint32(4 * i, value, true);
  return new Uint8Array(bytes.buffer);
}

function u64(...values: readonly number[]): Bytes {
  const bytes = new DataView(new ArrayBuffer(8 * values.length));
  for (const [i, value] of values.entries()) bytes.setBigUint64(8 * i, BigInt(value), true);
  return new Uint8Array(bytes.buffer);
}
