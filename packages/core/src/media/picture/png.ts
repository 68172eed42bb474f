import { concatBytes, textToBytes, u32ToBytes, type Bytes } from "../../base/index.ts";
import type { Pixels } from "./heif-decoder.ts";

const SIGNATURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Each sample is stored as what it differs from the one that its neighbours let expect. */
const PAETH = 4;
/** About so much is filtered before it is compressed. */
const BAND_BYTES = 1024 * 1024;

/** A PNG of some pixels, without opacity where all of it is full. */
export async function writePng(pixels: Pixels): Promise<Bytes> {
  const depth = isOpaque(pixels) ? 3 : 4;
  const header = new Uint8Array([8, depth === 3 ? 2 : 6, 0, 0, 0]);
  const chunks = [
    SIGNATURE,
    ...chunk("IHDR", concatBytes(u32ToBytes(pixels.width), u32ToBytes(pixels.height), header)),
  ];
  for await (const piece of compressed(pixels, depth)) chunks.push(...chunk("IDAT", piece));
  chunks.push(...chunk("IEND", new Uint8Array(0)));
  return concatBytes(...chunks);
}

function isOpaque({ rgba }: Pixels): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false;
  return true;
}

async function* compressed(pixels: Pixels, depth: number): AsyncGenerator<Bytes> {
  const stream = new CompressionStream("deflate");
  const writer = stream.writable.getWriter();
  const written = (async () => {
    for (const band of bands(pixels, depth)) await writer.write(band);
    await writer.close();
  })();
  yield* stream.readable as unknown as AsyncIterable<Bytes>;
  await written;
}

/** Rows as they are stored, many at a time. */
function* bands({ width, height, rgba }: Pixels, depth: number): Generator<Bytes> {
  const length = width * depth;
  const rows = Math.max(1, Math.floor(BAND_BYTES / length));
  // The row above, and this one, with a pixel of nothing to their left.
  let [above, row] = [new Uint8Array(length + depth), new Uint8Array(length + depth)];
  for (let first = 0; first < height; first += rows) {
    const count = Math.min(rows, height - first);
    const band = new Uint8Array(count * (length + 1));
    for (let i = 0; i < count; i++) {
      takeRow(rgba.subarray(4 * width * (first + i)), row, depth);
      filterRow(above, row, band.subarray(i * (length + 1), (i + 1) * (length + 1)), depth);
      [above, row] = [row, above];
    }
    yield band;
  }
}

function takeRow(rgba: Bytes, row: Bytes, depth: number): void {
  for (let at = depth, from = 0; at < row.length; at += depth, from += 4) {
    row[at] = rgba[from]!;
    row[at + 1] = rgba[from + 1]!;
    row[at + 2] = rgba[from + 2]!;
    if (depth === 4) row[at + 3] = rgba[from + 3]!;
  }
}

/** Filter 4 of PNG (9.4 of its specification). */
function filterRow(above: Bytes, row: Bytes, target: Bytes, depth: number): void {
  target[0] = PAETH;
  for (let at = depth, to = 1; at < row.length; at++, to++) {
    const [left, up, corner] = [row[at - depth]!, above[at]!, above[at - depth]!];
    const [byLeft, byUp] = [Math.abs(up - corner), Math.abs(left - corner)];
    const byCorner = Math.abs(left + up - 2 * corner);
    const expected = byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner;
    target[to] = row[at]! - expected;
  }
}

function chunk(type: string, content: Bytes): readonly Bytes[] {
  const name = textToBytes(type);
  return [u32ToBytes(content.length), name, content, u32ToBytes(crc32(name, content))];
}

const crcTable = new Uint32Array(256);
for (let i = 0; i < 256; i++) {
  let value = i;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  crcTable[i] = value;
}

function crc32(...pieces: readonly Bytes[]): number {
  let crc = 0xffffffff;
  for (const piece of pieces) for (const byte of piece) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
