import { randomBytes } from "node:crypto";
import type { Page } from "playwright";

/** What a made film is like. */
interface FilmMade {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  /** Bytes without meaning that follow on each second, so that a short film is a large file. */
  readonly padBytes: number;
}

const PICTURES_PER_SECOND = 10;

/**
 * A film in VP8 whose every second has another colour, with an index by which a player finds any of them. The pictures
 * are drawn and coded by the browser of a page.
 */
export async function madeFilm(page: Page, made: FilmMade): Promise<Uint8Array<ArrayBuffer>> {
  const pictures = await codedPictures(page, made);
  const clusters = Array.from({ length: made.seconds }, (_, second) => {
    const own = pictures.slice(second * PICTURES_PER_SECOND, (second + 1) * PICTURES_PER_SECOND);
    const blocks = own.map((picture, i) => {
      const afterMs = (i * 1000) / PICTURES_PER_SECOND;
      return element(0xa3, bytes(0x81, afterMs >> 8, afterMs & 255, i === 0 ? 0x80 : 0), picture);
    });
    const cluster = element(0x1f43b675, element(0xe7, number(second * 1000)), ...blocks);
    return join(cluster, element(0xec, randomBytes(made.padBytes)));
  });
  const info = element(
    0x1549a966,
    element(0x2ad7b1, number(1_000_000)),
    element(0x4489, float(made.seconds * 1000)),
    element(0x4d80, text("keepsake")),
    element(0x5741, text("keepsake")),
  );
  const size = element(0xe0, element(0xb0, number(made.width)), element(0xba, number(made.height)));
  const tracks = element(
    0x1654ae6b,
    element(
      0xae,
      element(0xd7, number(1)),
      element(0x73c5, number(1)),
      element(0x83, number(1)),
      element(0x86, text("V_VP8")),
      element(0x23e383, number(1_000_000_000 / PICTURES_PER_SECOND)),
      size,
    ),
  );
  // Numbers have eight bytes, so that the index is as long whatever stands in it.
  const cues = (starts: readonly number[]): Uint8Array => element(0x1c53bb6b, ...starts.map(cue));
  const head = join(info, tracks);
  let at = head.length + cues(clusters.map(() => 0)).length;
  const starts = clusters.map((cluster) => (at += cluster.length) - cluster.length);
  const ebml = element(
    0x1a45dfa3,
    element(0x4286, number(1)),
    element(0x42f7, number(1)),
    element(0x42f2, number(4)),
    element(0x42f3, number(8)),
    element(0x4282, text("webm")),
    element(0x4287, number(4)),
    element(0x4285, number(2)),
  );
  return join(ebml, element(0x18538067, head, cues(starts), ...clusters));
}

function cue(start: number, i: number): Uint8Array {
  const place = element(0xb7, element(0xf7, number(1)), element(0xf1, number(start)));
  return element(0xbb, element(0xb3, number(i * 1000)), place);
}

/** An element of EBML; its length takes eight bytes. */
function element(id: number, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = join(...content);
  const name = number(id);
  const length = number(body.length);
  length[0] = 0x01;
  return join(name.subarray(name.findIndex((byte) => byte !== 0)), length, body);
}

function number(value: number): Uint8Array<ArrayBuffer> {
  const eight = new DataView(new ArrayBuffer(8));
  eight.setBigUint64(0, BigInt(value));
  return new Uint8Array(eight.buffer);
}

function float(value: number): Uint8Array {
  const eight = new DataView(new ArrayBuffer(8));
  eight.setFloat64(0, value);
  return new Uint8Array(eight.buffer);
}

const text = (of: string): Uint8Array => new TextEncoder().encode(of);
const bytes = (...of: readonly number[]): Uint8Array => new Uint8Array(of);

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

async function codedPictures(page: Page, { width, height, seconds }: FilmMade): Promise<Uint8Array[]> {
  const coded = await page.evaluate(
    async ([w, h, count, perSecond]) => {
      const pictures: number[][] = [];
      const coder = new VideoEncoder({
        output: (chunk) => {
          const picture = new Uint8Array(chunk.byteLength);
          chunk.copyTo(picture);
          pictures.push([...picture]);
        },
        error: reportError,
      });
      coder.configure({ codec: "vp8", width: w, height: h });
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext("2d")!;
      for (let i = 0; i < count; i++) {
        const second = Math.floor(i / perSecond);
        context.fillStyle = `hsl(${second * 47} 60% 45%)`;
        context.fillRect(0, 0, w, h);
        context.fillStyle = "#fff";
        context.font = `${h / 2}px sans-serif`;
        context.textAlign = "center";
        context.fillText(String(second), w / 2, h * 0.68);
        const picture = new VideoFrame(canvas, { timestamp: (i * 1_000_000) / perSecond });
        coder.encode(picture, { keyFrame: i % perSecond === 0 });
        picture.close();
      }
      await coder.flush();
      return pictures;
    },
    [width, height, seconds * PICTURES_PER_SECOND, PICTURES_PER_SECOND] as const,
  );
  return coded.map((picture) => new Uint8Array(picture));
}
