import { KeepsakeError, type Bytes } from "../../base/index.ts";
import { BitReader, withoutEmulation } from "./bits.ts";

/** Types of NAL units (7.4.2.2 of H.265). */
const VPS = 32;
const SPS = 33;
const PPS = 34;
const FIRST_KEY_SLICE = 16;
const LAST_KEY_SLICE = 23;
const LAST_SLICE = 31;
/** Far longer than any: what follows in it is not looked at. */
const longestSps = 1024;

/** One picture of H.265 that needs no other. */
export interface HevcPicture {
  readonly parameters: readonly ParameterSets[];
  readonly slices: readonly Bytes[];
  readonly sps: Sps;
}

interface ParameterSets {
  readonly type: number;
  readonly units: readonly Bytes[];
}

/** What a file around the picture has to say of it (7.3.2.2.1 of H.265). */
export interface Sps {
  /** Profile, compatibility, constraints and level, as they stand there: 12 bytes. */
  readonly profile: Bytes;
  readonly layers: number;
  readonly isNested: boolean;
  readonly chroma: number;
  readonly lumaBits: number;
  readonly chromaBits: number;
  /** As it is stored; what is shown is not larger. */
  readonly codedPixels: number;
  readonly width: number;
  readonly height: number;
}

/** The first picture of a stream with start codes. Throws `media.damaged` where there is none that stands alone. */
export function firstPicture(stream: Bytes): HevcPicture {
  const slices: Bytes[] = [];
  const sets = new Map<number, Bytes[]>([VPS, SPS, PPS].map((type) => [type, []]));
  for (const unit of units(stream)) {
    const type = (unit[0]! >> 1) & 63;
    const isSlice = type <= LAST_SLICE;
    const isFirst = (unit[2]! & 0x80) !== 0;
    if (isSlice && isFirst && slices.length > 0) break;
    if (isSlice) slices.push(keySlice(unit, type));
    else sets.get(type)?.push(unit);
  }
  const parameters = [...sets].map(([type, each]) => ({ type, units: each }));
  if (slices.length === 0 || parameters.some((each) => each.units.length === 0))
    throw new KeepsakeError("media.damaged");
  // A second set could speak of another size: the largest is what has to be reckoned with.
  const read = sets.get(SPS)!.map(readSps);
  const codedPixels = Math.max(...read.map((sps) => sps.codedPixels));
  return { parameters, slices, sps: { ...read[0]!, codedPixels } };
}

function keySlice(unit: Bytes, type: number): Bytes {
  if (type < FIRST_KEY_SLICE || type > LAST_KEY_SLICE) throw new KeepsakeError("media.damaged");
  return unit;
}

/** The NAL units of the base layer between start codes (annex B of H.265). */
function* units(stream: Bytes): Generator<Bytes> {
  let start = nextCode(stream, 0);
  while (start < stream.length) {
    const from = start + 3;
    start = nextCode(stream, from);
    let to = start;
    while (to > from && stream[to - 1] === 0) to--;
    const unit = stream.subarray(from, to);
    if (unit.length > 2 && (((unit[0]! & 1) << 5) | (unit[1]! >> 3)) === 0) yield unit;
  }
}

/** Where the next three bytes 0, 0, 1 stand; the length where there are none. */
function nextCode(stream: Bytes, from: number): number {
  for (let one = stream.indexOf(1, from + 2); one >= 0; one = stream.indexOf(1, one + 1))
    if (stream[one - 1] === 0 && stream[one - 2] === 0) return one - 2;
  return stream.length;
}

function readSps(unit: Bytes): Sps {
  const content = withoutEmulation(unit.subarray(2, 2 + longestSps));
  const bits = new BitReader(content);
  bits.skip(4);
  const layers = bits.take(3) + 1;
  const isNested = bits.take(1) === 1;
  const profile = content.slice(1, 13);
  bits.skip(8 * 12);
  skipLayers(bits, layers);
  bits.takeGolomb();
  const chroma = bits.takeGolomb();
  if (chroma > 3) throw new KeepsakeError("media.damaged");
  const isSeparate = chroma === 3 && bits.take(1) === 1;
  const [coded, shown] = readSize(bits, isSeparate ? 0 : chroma);
  const lumaBits = bits.takeGolomb() + 8;
  const chromaBits = bits.takeGolomb() + 8;
  if (lumaBits > 16 || chromaBits > 16) throw new KeepsakeError("media.damaged");
  return {
    profile,
    layers,
    isNested,
    chroma,
    lumaBits,
    chromaBits,
    codedPixels: coded.width * coded.height,
    ...shown,
  };
}

/** Profiles and levels of the layers below the highest (7.3.3 of H.265). */
function skipLayers(bits: BitReader, layers: number): void {
  if (layers === 1) return;
  const present: number[] = [];
  for (let i = 1; i < 9; i++) {
    const [hasProfile, hasLevel] = [bits.take(1), bits.take(1)];
    if (i < layers) present.push(hasProfile * 88 + hasLevel * 8);
  }
  for (const length of present) bits.skip(length);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size as it is stored, and what of it is shown. */
function readSize(bits: BitReader, chroma: number): readonly [Size, Size] {
  const coded = { width: bits.takeGolomb(), height: bits.takeGolomb() };
  const isCropped = bits.take(1) === 1;
  const [left, right, top, bottom] = isCropped
    ? [bits.takeGolomb(), bits.takeGolomb(), bits.takeGolomb(), bits.takeGolomb()]
    : [0, 0, 0, 0];
  const unitWidth = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitHeight = chroma === 1 ? 2 : 1;
  const width = coded.width - unitWidth * (left + right);
  const height = coded.height - unitHeight * (top + bottom);
  if (width < 1 || height < 1) throw new KeepsakeError("media.damaged");
  return [coded, { width, height }];
}
