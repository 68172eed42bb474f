import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes, KeepsakeError, type Bytes } from "../../base/index.ts";
import { sample, wxgfOf } from "../fixtures/made.ts";
import { pngPixels } from "../fixtures/png.ts";
import { playable, type Made } from "../playable.ts";
import { BitReader, withoutEmulation } from "./bits.ts";
import { firstPicture } from "./hevc.ts";
import { writePng } from "./png.ts";
import { wxgfParts } from "./wxgf.ts";

const picture = sample("picture");
const [colour, mask] = [sample("colour"), sample("mask")];

async function made(file: Bytes): Promise<Made> {
  const result = await playable(file);
  if (result?.state !== "made") throw new RangeError(JSON.stringify(result));
  return result;
}

/** By how much samples differ in the mean: decoders turn colours into red, green and blue each in their way. */
function meanDifference(first: Bytes, second: Bytes): number {
  expect(first.length).toBe(second.length);
  return first.reduce((sum, value, i) => sum + Math.abs(value - second[i]!), 0) / first.length;
}

describe("a picture of WeChat's own form", () => {
  test("becomes a PNG that shows what ffmpeg shows", async () => {
    const { bytes, mime, extension, isCut, isAnimated, type } = await made(wxgfOf(picture));
    expect({ mime, extension, isCut, isAnimated, name: type.name }).toEqual({
      mime: "image/png",
      extension: "png",
      isCut: false,
      isAnimated: false,
      name: "wxgf",
    });
    const { width, height, depth, pixels } = await pngPixels(bytes);
    expect({ width, height, depth }).toEqual({ width: 50, height: 34, depth: 3 });
    expect(meanDifference(pixels, sample("pictureRgb"))).toBeLessThan(2);
  });

  test("that is an animation gives the first picture with colours, wherever its mask stands", async () => {
    for (const streams of [
      [mask, colour, mask, colour],
      [colour, mask, colour, mask],
      [colour, colour],
    ]) {
      const { bytes, isAnimated } = await made(wxgfOf(...streams));
      expect(isAnimated).toBe(true);
      expect(meanDifference((await pngPixels(bytes)).pixels, sample("colourRgb"))).toBeLessThan(2);
    }
  });

  test("that is a still with a small part beside it is a still", () => {
    const { streams, isAnimated } = wxgfParts(wxgfOf(mask, picture));
    expect(isAnimated).toBe(false);
    expect(streams).toEqual([picture]);
  });

  test("that is cut off anywhere, or holds nothing, is damaged", async () => {
    const file = wxgfOf(picture);
    for (let length = 4; length < file.length; length += 5)
      expect(await playable(file.slice(0, length))).toMatchObject({ state: "kept", code: "media.damaged" });
  });

  test("with changed bytes gives a picture or a code", async () => {
    const file = wxgfOf(picture);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 38, max: file.length - 1 }), fc.nat(255), async (at, value) => {
        const result = await playable(file.with(at, value) as Bytes);
        expect(result?.state === "made" || result?.state === "kept").toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("that claims to be enormous is refused before it is opened", async () => {
    const result = await playable(wxgfOf(enlarged(picture)));
    expect(result).toMatchObject({ state: "kept", code: "media.too-large" });
  });
});

/** With a set of parameters beside its own that speaks of 16,384 by 16,384 pixels. */
function enlarged(stream: Bytes): Bytes {
  const bits: string[] = ["0000", "000", "1", "1".repeat(96).replaceAll("1", "01").slice(0, 96)];
  const golomb = (value: number): string => {
    const text = (value + 1).toString(2);
    return "0".repeat(text.length - 1) + text;
  };
  bits.push(golomb(0), golomb(1), golomb(16_384), golomb(16_384), "0", golomb(0), golomb(0), "1");
  const text = bits.join("");
  const content = text.padEnd(8 * Math.ceil(text.length / 8), "0").match(/.{8}/g)!;
  return concatBytes(
    new Uint8Array([0, 0, 0, 1, 0x42, 1, ...content.map((each) => parseInt(each, 2))]),
    stream,
  );
}

describe("a stream of H.265", () => {
  test("says how large it is, and how much of that is shown", () => {
    const { sps, parameters, slices } = firstPicture(picture);
    expect(sps).toMatchObject({ width: 50, height: 34, chroma: 1, lumaBits: 8, chromaBits: 8, layers: 1 });
    expect(sps.codedPixels).toBe(56 * 40);
    expect(parameters.map(({ type, units }) => [type, units.length])).toEqual([
      [32, 1],
      [33, 1],
      [34, 1],
    ]);
    expect(slices).toHaveLength(1);
  });

  test("gives its first picture alone", () => {
    const { slices } = firstPicture(concatBytes(colour, mask));
    expect(slices).toEqual(firstPicture(colour).slices);
  });

  test("without parameters or without a picture that stands alone is damaged", () => {
    const damaged = new KeepsakeError("media.damaged");
    const slice = picture.slice(picture.lastIndexOf(1, picture.length - 200) - 3);
    for (const stream of [new Uint8Array(0), new Uint8Array([0, 0, 0, 1]), slice, picture.slice(0, 60)])
      expect(() => firstPicture(stream)).toThrow(damaged);
  });
});

describe("numbers of H.265", () => {
  test("in Exp-Golomb code are read as they were written", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 32 - 2 })), (values) => {
        const bits = values.map((value) => {
          const text = (value + 1).toString(2);
          return "0".repeat(text.length - 1) + text;
        });
        const text = bits.join("");
        const bytes = text.padEnd(8 * Math.ceil(text.length / 8), "0").match(/.{8}/g) ?? [];
        const reader = new BitReader(new Uint8Array(bytes.map((each) => parseInt(each, 2))));
        expect(values.map(() => reader.takeGolomb())).toEqual(values);
      }),
    );
  });

  test("that never end, or pass 32 bits, are damage", () => {
    const damaged = new KeepsakeError("media.damaged");
    expect(() => new BitReader(new Uint8Array(100)).takeGolomb()).toThrow(damaged);
    expect(() => new BitReader(new Uint8Array([1])).takeGolomb()).toThrow(damaged);
    expect(() => new BitReader(new Uint8Array(1)).take(9)).toThrow(damaged);
  });

  test("are read without the bytes that keep start codes from occurring", () => {
    expect([...withoutEmulation(new Uint8Array([0, 0, 3, 1, 0, 0, 3, 0, 0, 3, 3, 0, 3]))]).toEqual([
      0, 0, 1, 0, 0, 0, 0, 3, 0, 3,
    ]);
  });
});

describe("a PNG", () => {
  test("holds the pixels that went in", async () => {
    const size = fc.integer({ min: 1, max: 20 });
    await fc.assert(
      fc.asyncProperty(size, size, fc.boolean(), fc.nat(), async (width, height, isOpaque, seed) => {
        const rgba = new Uint8Array(4 * width * height).map((_, i) => (seed + i * i * 31) >> (i % 5));
        if (isOpaque) for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
        const { pixels, ...read } = await pngPixels(await writePng({ width, height, rgba }));
        const isWhole = rgba.every((value, i) => i % 4 !== 3 || value === 255);
        expect(read).toEqual({ width, height, depth: isWhole ? 3 : 4 });
        expect(pixels).toEqual(isWhole ? rgba.filter((_, i) => i % 4 !== 3) : rgba);
      }),
    );
  });

  test("of many rows is written in pieces", async () => {
    const [width, height] = [700, 900];
    const rgba = new Uint8Array(4 * width * height).map((_, i) => (i % 4 === 3 ? 255 : (i * i) >> 7));
    const { pixels } = await pngPixels(await writePng({ width, height, rgba }));
    expect(pixels).toEqual(rgba.filter((_, i) => i % 4 !== 3));
  });
});
