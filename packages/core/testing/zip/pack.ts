import { concatBytes, textToBytes, type Bytes } from "../../src/base/index.ts";

/** An entry of a zip as a test wants it: what is not said is as an honest program would write it. */
export interface Packed {
  readonly name: string | Bytes;
  readonly content?: string | Bytes;
  /** 0 is stored, 8 deflated; 8 if absent. */
  readonly method?: number;
  readonly flags?: number;
  readonly attributes?: number;
  readonly crc?: number;
  readonly sizeBytes?: number;
  readonly packedBytes?: number;
  /** The bytes as they lie there, instead of those that the content is packed to. */
  readonly packed?: Bytes;
  /** Where it says that it begins. */
  readonly at?: number;
  readonly extra?: Bytes;
  readonly localExtra?: Bytes;
  /** Whether its numbers stand in an extra field, as those of large files do. */
  readonly isLarge?: boolean;
}

interface ZipShape {
  readonly comment?: string;
  /** What lies before the zip without its places knowing of it. */
  readonly before?: Bytes;
  /** Whether the end is that of a large zip. */
  readonly isLarge?: boolean;
  /** How many entries it says there are. */
  readonly entries?: number;
}

const utf8Flag = 0x800;
const [full16, full32] = [0xffff, 0xffffffff];
const nothing = new Uint8Array();

/** A zip file in memory, written down field by field, so that every field can be wrong. */
export async function packZip(entries: readonly Packed[], shape: ZipShape = {}): Promise<Bytes> {
  const packed: Packed[] = [];
  for (const entry of entries) {
    const isReady = entry.packed !== undefined || (entry.method ?? 8) !== 8;
    packed.push(isReady ? entry : { ...entry, packed: await deflate(contentOf(entry)) });
  }
  return layZip(packed, shape);
}

/** The same of entries that are packed already, or are of another method. */
export function layZip(entries: readonly Packed[], shape: ZipShape = {}): Bytes {
  const [parts, heads]: [Bytes[], Bytes[]] = [[], []];
  let at = 0;
  for (const entry of entries) {
    const { local, head } = layOne(entry, at);
    parts.push(local);
    heads.push(head);
    at += local.length;
  }
  const list = concatBytes(...heads);
  const count = shape.entries ?? entries.length;
  const isLarge = shape.isLarge === true;
  const comment = textToBytes(shape.comment ?? "");
  const end = concatBytes(
    u32(0x06054b50),
    isLarge ? u16(0, 0, full16, full16) : u16(0, 0, count, count),
    isLarge ? u32(full32, full32) : u32(list.length, at),
    u16(comment.length),
    comment,
  );
  const large = isLarge ? largeEnd(count, list.length, at) : nothing;
  return concatBytes(shape.before ?? nothing, ...parts, list, large, end);
}

function contentOf({ content = "" }: Packed): Bytes {
  return typeof content === "string" ? textToBytes(content) : content;
}

/** The entry with everything said. */
function filled(entry: Packed, at: number): Required<Packed> & { readonly name: Bytes } {
  const isText = typeof entry.name === "string";
  const content = contentOf(entry);
  const packed = entry.packed ?? content;
  const said = {
    method: 8,
    flags: isText ? utf8Flag : 0,
    attributes: 0,
    crc: plainCrc32(content),
    sizeBytes: content.length,
    packedBytes: packed.length,
    at,
    extra: nothing,
    localExtra: nothing,
    isLarge: false,
  };
  const name = typeof entry.name === "string" ? textToBytes(entry.name) : entry.name;
  return { ...said, ...entry, name, content, packed };
}

function layOne(entry: Packed, start: number): { local: Bytes; head: Bytes } {
  const { name, packed, method, flags, crc, sizeBytes, packedBytes, at, isLarge, localExtra, attributes } =
    filled(entry, start);
  const large = isLarge ? concatBytes(u16(1, 24), u64(sizeBytes, packedBytes, at)) : nothing;
  const extra = concatBytes(large, entry.extra ?? nothing);
  const about = concatBytes(u16(flags, method, 0, 0x21), u32(crc));
  const local = concatBytes(
    u32(0x04034b50),
    u16(45),
    about,
    u32(packedBytes, sizeBytes),
    u16(name.length, localExtra.length),
    name,
    localExtra,
    packed,
  );
  const head = concatBytes(
    u32(0x02014b50),
    u16((3 << 8) | 45, 45),
    about,
    isLarge ? u32(full32, full32) : u32(packedBytes, sizeBytes),
    u16(name.length, extra.length, 0, 0, 0),
    u32(attributes),
    u32(isLarge ? full32 : at),
    name,
    extra,
  );
  return { local, head };
}

function largeEnd(count: number, length: number, at: number): Bytes {
  return concatBytes(
    u32(0x06064b50),
    u64(44),
    u16(45, 45),
    u32(0, 0),
    u64(count, count, length, at),
    u32(0x07064b50, 0),
    u64(at + length),
    u32(1),
  );
}

/** As `zlib` without its frame packs it. */
export async function deflate(content: Bytes): Promise<Bytes> {
  const packed = new Blob([content]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Bit by bit, so that it shares nothing with the one that is tested. */
function plainCrc32(bytes: Bytes): number {
  let crc = full32;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

export function u16(...values: readonly number[]): Bytes {
  return numbers(values, 2);
}

export function u32(...values: readonly number[]): Bytes {
  return numbers(values, 4);
}

function u64(...values: readonly number[]): Bytes {
  return numbers(values, 8);
}

function numbers(values: readonly number[], width: number): Bytes {
  const bytes = new Uint8Array(values.length * width);
  for (const [i, value] of values.entries())
    for (let byte = 0, rest = value; byte < width; byte++, rest = Math.floor(rest / 256))
      bytes[i * width + byte] = rest % 256;
  return bytes;
}
