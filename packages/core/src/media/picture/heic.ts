import { concatBytes, KeepsakeError, textToBytes, u32ToBytes, type Bytes } from "../../base/index.ts";
import type { HevcPicture, Sps } from "./hevc.ts";

/** The longest parameter set that the file can hold. */
const longestSet = 0xffff;

/** The smallest HEIC that holds one picture (ISO 14496-12, 14496-15, 23008-12). */
export function heicOf(picture: HevcPicture): Bytes {
  const start = box("ftyp", textToBytes("heic"), u32ToBytes(0), textToBytes("mif1heic"));
  const content = concatBytes(...picture.slices.flatMap((slice) => [u32ToBytes(slice.length), slice]));
  // The place of the content stands in a box before it, which has the same length wherever that is.
  const before = start.length + metaOf(picture, 0, content.length).length + 8;
  return concatBytes(start, metaOf(picture, before, content.length), box("mdat", content));
}

function metaOf(picture: HevcPicture, at: number, length: number): Bytes {
  const { width, height } = picture.sps;
  const item = fullBox("infe", 2, u16(1), u16(0), textToBytes("hvc1\0"));
  const properties = box(
    "ipco",
    box("hvcC", configurationOf(picture)),
    fullBox("ispe", 0, u32ToBytes(width), u32ToBytes(height)),
  );
  // Item 1 has two properties: the first, without which it cannot be opened, and the second.
  const associations = fullBox("ipma", 0, u32ToBytes(1), u16(1), bytes(2, 0x81, 2));
  return fullBox(
    "meta",
    0,
    fullBox("hdlr", 0, u32ToBytes(0), textToBytes("pict"), new Uint8Array(13)),
    fullBox("pitm", 0, u16(1)),
    fullBox("iinf", 0, u16(1), item),
    box("iprp", properties, associations),
    // Offsets and lengths of four bytes; one item, in this file, one piece.
    fullBox("iloc", 0, bytes(0x44, 0), u16(1), u16(1), u16(0), u16(1), u32ToBytes(at), u32ToBytes(length)),
  );
}

/** HEVCDecoderConfigurationRecord (8.3.3.1 of ISO 14496-15). */
function configurationOf({ parameters, sps }: HevcPicture): Bytes {
  const arrays = parameters.flatMap(({ type, units }) => [
    bytes(0x80 | type),
    u16(units.length),
    ...units.flatMap((unit) => [u16(checked(unit.length)), unit]),
  ]);
  return concatBytes(
    bytes(1),
    sps.profile,
    bytes(0xf0, 0, 0xfc, 0xfc | sps.chroma, 0xf8 | (sps.lumaBits - 8), 0xf8 | (sps.chromaBits - 8)),
    u16(0),
    bytes(layersOf(sps), parameters.length),
    ...arrays,
  );
}

/** Layers in time, and that lengths have four bytes. */
function layersOf({ layers, isNested }: Sps): number {
  return (layers << 3) | (isNested ? 4 : 0) | 3;
}

function checked(length: number): number {
  if (length > longestSet) throw new KeepsakeError("media.damaged");
  return length;
}

function box(type: string, ...content: readonly Uint8Array[]): Bytes {
  const length = content.reduce((sum, each) => sum + each.length, 8);
  return concatBytes(u32ToBytes(length), textToBytes(type), ...content);
}

function fullBox(type: string, version: number, ...content: readonly Uint8Array[]): Bytes {
  return box(type, bytes(version, 0, 0, 0), ...content);
}

function bytes(...values: readonly number[]): Bytes {
  return new Uint8Array(values);
}

function u16(value: number): Bytes {
  return bytes(value >> 8, value & 0xff);
}
