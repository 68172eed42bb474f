import { expect, test } from "vitest";
import type { Bytes } from "../base/index.ts";
import { sample, silkVoice, wxgfOf } from "./fixtures/made.ts";
import { playable } from "./playable.ts";

/** What we use of a browser, whose types are not those of portable code. */
interface Browser {
  readonly OfflineAudioContext: new (
    channels: number,
    length: number,
    rateHz: number,
  ) => { decodeAudioData(file: ArrayBuffer): Promise<{ readonly duration: number }> };
  createImageBitmap(file: Blob): Promise<{ readonly width: number; readonly height: number }>;
  readonly OffscreenCanvas: new (width: number, height: number) => { getContext(kind: "2d"): Canvas };
}

interface Canvas {
  drawImage(image: object, x: number, y: number): void;
  getImageData(...box: readonly number[]): { readonly data: Uint8ClampedArray };
}

const browser = globalThis as unknown as Browser;

async function bytesOf(file: Bytes): Promise<Bytes> {
  const result = await playable(file);
  if (result?.state !== "made") throw new RangeError(JSON.stringify(result));
  return result.bytes;
}

test("a browser plays what was made of a voice", async () => {
  const lengths = [
    [await silkVoice(500), 0.5],
    [sample("amr"), 1.2],
  ] as const;
  for (const [file, seconds] of lengths) {
    const context = new browser.OfflineAudioContext(1, 1, 24_000);
    const sound = await context.decodeAudioData((await bytesOf(file)).buffer);
    expect(sound.duration).toBeCloseTo(seconds, 3);
  }
});

test("a browser shows what was made of a picture", async () => {
  const shown = await browser.createImageBitmap(new Blob([await bytesOf(wxgfOf(sample("picture")))]));
  expect([shown.width, shown.height]).toEqual([50, 34]);
  const canvas = new browser.OffscreenCanvas(50, 34);
  const context = canvas.getContext("2d");
  context.drawImage(shown, 0, 0);
  const { data } = context.getImageData(0, 0, 50, 34);
  const expected = sample("pictureRgb");
  const difference = expected.reduce(
    (sum, value, i) => sum + Math.abs(value - data[4 * Math.floor(i / 3) + (i % 3)]!),
    0,
  );
  expect(difference / expected.length).toBeLessThan(2);
});
