import { textToBytes, type Bytes } from "../../src/base/index.ts";
import { sample, wxgfOf } from "../../src/media/fixtures/made.ts";
import { playable } from "../../src/media/index.ts";
import { heicOf } from "../../src/media/picture/heic.ts";
import { firstPicture } from "../../src/media/picture/hevc.ts";
import { wxgfParts } from "../../src/media/picture/wxgf.ts";
import { amrFrames } from "../../src/media/voice/amr.ts";
import { silkPackets } from "../../src/media/voice/silk.ts";
import type { Subject } from "./subjects.ts";

/** Of how many inputs one goes through its decoder too: a module is started for each. */
const decodedShare = { silk: 1 / 50, amr: 1 / 4, wxgf: 1 / 200 };
/** Larger pictures take longer than an input may, and do no harm. */
const mostPixels = 1_000_000;

/** Voices and pictures of forms that hardly anything opens. */
export function mediaSubjects(): Subject[] {
  const [picture, colour, mask] = [sample("picture"), sample("colour"), sample("mask")];
  return [
    {
      id: "media-silk",
      seeds: [silkFile("\u0002"), silkFile("")],
      async take(input, random) {
        requireWhole(input, silkPackets(input).packets);
        if (random.chance(decodedShare.silk)) await playable(input);
      },
    },
    {
      id: "media-amr",
      seeds: [sample("amr")],
      async take(input, random) {
        requireWhole(input, amrFrames(input).frames);
        if (random.chance(decodedShare.amr)) await playable(input);
      },
    },
    {
      id: "media-wxgf",
      seeds: [wxgfOf(picture), wxgfOf(mask, colour, mask, colour)],
      async take(input, random) {
        const { streams } = wxgfParts(input);
        requireWhole(input, streams);
        const pictures = streams.map(firstPicture);
        const isSmall = pictures.every(({ sps }) => sps.codedPixels <= mostPixels);
        if (isSmall && random.chance(decodedShare.wxgf)) await playable(input);
      },
    },
    {
      id: "media-hevc",
      seeds: [picture, colour, mask],
      take: (input) => requirePlaces(heicOf(firstPicture(input))),
    },
  ];
}

/** Packets as an encoder makes them, of bytes that any decoder takes for a voice. */
function silkFile(prefix: string): Bytes {
  const bytes = [...textToBytes(`${prefix}#!SILK_V3`)];
  for (let packet = 0; packet < 30; packet++) {
    const length = 20 + ((packet * 37) % 90);
    bytes.push(length, 0);
    for (let i = 0; i < length; i++) bytes.push((packet * 131 + i * i * 17 + 0xb0) & 0xff);
  }
  return new Uint8Array(bytes);
}

/** What was split off lies in the input, piece after piece. */
function requireWhole(input: Bytes, pieces: readonly Bytes[]): void {
  let end = input.byteOffset;
  for (const piece of pieces) {
    if (piece.buffer !== input.buffer || piece.byteOffset < end) throw new RangeError("out of place");
    end = piece.byteOffset + piece.length;
  }
  if (end > input.byteOffset + input.length) throw new RangeError("beyond the end");
}

/** The boxes of a file lie one after the other up to its end. */
function requirePlaces(file: Bytes): void {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  let at = 0;
  while (at < file.length) at += Math.max(8, view.getUint32(at));
  if (at !== file.length) throw new RangeError("boxes out of place");
}
