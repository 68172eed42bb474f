import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { bytesToHex, concatBytes, KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { sample, silkVoice, tone } from "../fixtures/made.ts";
import { samples } from "../fixtures/samples.ts";
import { playable, type Made } from "../playable.ts";
import { amrFrames } from "./amr.ts";
import { silkPackets } from "./silk.ts";

const WAV_HEADER_BYTES = 44;

async function made(file: Bytes): Promise<Made> {
  const result = await playable(file);
  if (result?.state !== "made") throw new RangeError(JSON.stringify(result));
  return result;
}

function samplesOf(wav: Bytes): Int16Array {
  return new Int16Array(wav.slice(WAV_HEADER_BYTES).buffer);
}

/** What the header of a WAV says. */
function headerOf(wav: Bytes): object {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.length);
  expect(String.fromCharCode(...wav.subarray(0, 4), ...wav.subarray(8, 16))).toBe("RIFFWAVEfmt ");
  expect(view.getUint32(4, true)).toBe(wav.length - 8);
  expect(view.getUint32(40, true)).toBe(wav.length - WAV_HEADER_BYTES);
  return {
    channels: view.getUint16(22, true),
    rateHz: view.getUint32(24, true),
    bits: view.getUint16(34, true),
  };
}

/** How alike two sounds are: 1 for the same, whatever their loudness; the second may come later. */
function likeness(first: Int16Array, second: Int16Array, mostLate: number): number {
  let best = 0;
  for (let late = 0; late <= mostLate; late += 4) {
    let [both, one, other] = [0, 0, 0];
    for (let i = 0; i + late < second.length && i < first.length; i++) {
      both += first[i]! * second[i + late]!;
      one += first[i]! ** 2;
      other += second[i + late]! ** 2;
    }
    best = Math.max(best, both / Math.sqrt(one * other));
  }
  return best;
}

describe("a voice in SILK", () => {
  const sound = tone(24_000, 1000);
  let silk: Bytes;
  let whole: Int16Array;

  beforeAll(async () => {
    silk = await silkVoice(1000);
    whole = samplesOf((await made(silk)).bytes);
  });

  test("gives every packet its 20 ms, in order, and nothing else", async () => {
    const { packets } = silkPackets(silk);
    expect(whole.length).toBe(packets.length * 480);
    for (const [number, packet] of packets.entries()) {
      const at = packets.slice(0, number).reduce((sum, { length }) => sum + 2 + length, 10) + 2;
      const changed = silk.map((byte, i) =>
        i >= at + packet.length / 2 && i < at + packet.length ? byte ^ 0x55 : byte,
      );
      const other = samplesOf((await made(changed as Bytes)).bytes);
      const first = other.findIndex((value, i) => value !== whole[i]);
      expect(Math.floor(first / 480), `packet ${number}`).toBe(number);
    }
  });

  test("becomes a WAV that sounds like what was spoken", async () => {
    const { bytes, mime, extension, isCut, type } = await made(silk);
    expect(headerOf(bytes)).toEqual({ channels: 1, rateHz: 24_000, bits: 16 });
    expect({ mime, extension, isCut, name: type.name }).toEqual({
      mime: "audio/wav",
      extension: "wav",
      isCut: false,
      name: "silk",
    });
    expect(whole.length).toBe(24_000);
    expect(likeness(sound, whole, 1000)).toBeGreaterThan(0.9);
  });

  test("is the same without WeChat's prefix, and with the end mark of the codec's own tools", async () => {
    expect(silk[0]).toBe(2);
    const end = new Uint8Array([0xff, 0xff]);
    for (const other of [silk.slice(1), concatBytes(silk, end), concatBytes(silk.slice(1), end)]) {
      const { bytes, isCut } = await made(other);
      expect(samplesOf(bytes)).toEqual(whole);
      expect(isCut).toBe(false);
    }
  });

  test("is decoded as far as it goes where it is cut off", async () => {
    const starts = [1, 2, 3, 4, 5].map(
      (count) => silkPackets(silk).packets[count]!.byteOffset - silk.byteOffset,
    );
    for (const length of [...starts, silk.length >> 2, silk.length >> 1, silk.length - 1]) {
      const cut = silk.slice(0, length);
      const { packets, isCut } = silkPackets(cut);
      const result = await made(cut);
      expect(result.isCut).toBe(isCut);
      const there = samplesOf(result.bytes);
      expect(there.length).toBe(packets.length * 480);
      expect(there).toEqual(whole.subarray(0, there.length));
    }
  });

  test("is said to be cut unless a packet ends where it does", () => {
    const ends = new Set<number>();
    let at = 10;
    for (const packet of silkPackets(silk).packets) ends.add((at += 2 + packet.length));
    expect(at).toBe(silk.length);
    for (let length = 10; length <= silk.length; length++) {
      const { packets, isCut } = silkPackets(silk.slice(0, length));
      expect(isCut, `${length}`).toBe(length > 10 && !ends.has(length));
      expect(packets.length).toBe([...ends].filter((end) => end <= length).length);
    }
  });

  test("with a length that no packet has ends there", async () => {
    const lie = new Uint8Array([0xff, 0x7f]);
    const { bytes, isCut } = await made(concatBytes(silk, lie, new Uint8Array(40_000)));
    expect(isCut).toBe(true);
    expect(samplesOf(bytes)).toEqual(whole);
  });

  test("without a packet is damaged", async () => {
    for (const file of ["#!SILK_V3", "\u0002#!SILK_V3", "\u0002#!SILK_V3\u0005"])
      expect(await playable(textToBytes(file))).toMatchObject({ state: "kept", code: "media.damaged" });
  });

  test("with more packets than any voice has is refused before it takes memory", async () => {
    const packet = new Uint8Array([1, 0, 0x80]);
    const file = concatBytes(textToBytes("#!SILK_V3"), ...Array<Bytes>(30_001).fill(packet));
    expect(await playable(file)).toMatchObject({ state: "kept", code: "media.too-large" });
  });

  test("with changed bytes gives a sound or a code", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(silk.length - 1), fc.nat(255), async (at, value) => {
        const changed = silk.with(at, value) as Bytes;
        const result = await playable(changed);
        if (result?.state === "made") expect(samplesOf(result.bytes).length).toBeLessThan(5 * 24_000);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a voice in AMR", () => {
  const amr = sample("amr");

  test("becomes a WAV with the very samples of the library it comes from", async () => {
    const { bytes, mime, extension, isCut } = await made(amr);
    expect(headerOf(bytes)).toEqual({ channels: 1, rateHz: 8000, bits: 16 });
    expect({ mime, extension, isCut }).toEqual({ mime: "audio/wav", extension: "wav", isCut: false });
    const primitives = await testPrimitives();
    expect(bytesToHex(primitives.sha256(bytes.subarray(WAV_HEADER_BYTES)))).toBe(samples.amrSamplesSha256);
  });

  test("is decoded as far as it goes where it is cut off", async () => {
    const whole = samplesOf((await made(amr)).bytes);
    const ends = [6];
    for (const frame of amrFrames(amr).frames) ends.push(ends.at(-1)! + frame.length);
    for (let length = 6; length < amr.length; length += 7) {
      const cut = amr.slice(0, length);
      const { frames, isCut } = amrFrames(cut);
      expect(isCut).toBe(!ends.includes(length));
      if (frames.length === 0) continue;
      const result = await made(cut);
      expect(result.isCut).toBe(isCut);
      expect(samplesOf(result.bytes)).toEqual(whole.subarray(0, frames.length * 160));
    }
  });

  test("ends where a frame has a type that files do not have", () => {
    const { frames, isCut } = amrFrames(concatBytes(amr, new Uint8Array([0x4c, 1, 2, 3])));
    expect(isCut).toBe(true);
    expect(frames).toEqual(amrFrames(amr).frames);
  });

  test("without a frame is damaged, and beyond an hour refused", async () => {
    const head = textToBytes("#!AMR\n");
    expect(await playable(head)).toMatchObject({ state: "kept", code: "media.damaged" });
    const nothing = new Uint8Array(180_001).fill(0x7c);
    expect(() => amrFrames(concatBytes(head, nothing))).toThrow(new KeepsakeError("media.too-large"));
    expect(amrFrames(concatBytes(head, nothing.subarray(1))).frames).toHaveLength(180_000);
  });

  test("with any bytes gives a sound or a code", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (any) => {
        const result = await playable(concatBytes(textToBytes("#!AMR\n"), any));
        expect(result?.state === "made" || result?.state === "kept").toBe(true);
      }),
    );
  });

  test("of the wide band is known, and kept", async () => {
    const file = textToBytes("#!AMR-WB\n123");
    expect(await playable(file)).toMatchObject({ state: "kept", code: "media.no-decoder" });
  });
});

test("what players open stays as it is; what is no sound is not touched", async () => {
  expect(await playable(textToBytes("OggS"))).toMatchObject({ state: "as-it-is", type: { name: "ogg" } });
  expect(await playable(textToBytes("hello"))).toBeUndefined();
});
