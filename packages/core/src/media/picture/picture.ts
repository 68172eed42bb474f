import { KeepsakeError, type Bytes } from "../../base/index.ts";
import { heicOf } from "./heic.ts";
import { decodeHeic, type Pixels } from "./heif-decoder.ts";
import { firstPicture } from "./hevc.ts";
import { writePng } from "./png.ts";
import { wxgfParts } from "./wxgf.ts";

/** More pixels than any level of H.265 for pictures that are in use allows; 200 MB as they are opened. */
const maxPixels = 50_000_000;
/** Between the colours of a pixel of a mask: what decoders make of grey differs by so much. */
const maxTint = 3;

/** A picture that any browser opens. */
export interface Picture {
  /** A PNG file. */
  readonly bytes: Bytes;
  /** Whether it is the first of many that follow each other. */
  readonly isAnimated: boolean;
}

/** A picture of WeChat's own form as PNG; of an animation the first picture that has colours, without its mask. */
export async function wxgfToPng(file: Bytes): Promise<Picture> {
  const { streams, isAnimated } = wxgfParts(file);
  let pixels: Pixels | undefined;
  for (const stream of streams) {
    if (pixels !== undefined && !isGrey(pixels)) break;
    pixels = await decodeHeic(heicOf(checked(firstPicture(stream))));
  }
  return { bytes: await writePng(pixels!), isAnimated };
}

function checked(picture: ReturnType<typeof firstPicture>): ReturnType<typeof firstPicture> {
  const { codedPixels } = picture.sps;
  if (codedPixels > maxPixels)
    throw new KeepsakeError("media.too-large", { details: { pixels: codedPixels } });
  return picture;
}

function isGrey({ rgba }: Pixels): boolean {
  for (let at = 0; at < rgba.length; at += 4) {
    const [red, green, blue] = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > maxTint) return false;
  }
  return true;
}
