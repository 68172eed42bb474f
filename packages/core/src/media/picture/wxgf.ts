import { KeepsakeError, type Bytes } from "../../base/index.ts";

/** Mark, length of the header, size; then what WeChat alone knows. */
const SMALLEST_HEADER = 11;
/** A part that is this much of the file is a still; else there are many. */
const stillShare = 0.6;

/** The streams of H.265 in a picture of WeChat's own form. */
export interface WxgfParts {
  /** The stream of a still; the first two of an animation, of which one may be a mask. */
  readonly streams: readonly Bytes[];
  readonly isAnimated: boolean;
}

/** Finds the streams: each begins with a start code, and its length stands before it. Throws `media.damaged`. */
export function wxgfParts(file: Bytes): WxgfParts {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const streams: Bytes[] = [];
  let at = Math.max(SMALLEST_HEADER, file[4] ?? 0) + 4;
  while (at + 4 <= file.length) {
    const length = view.getUint32(at) === 1 ? view.getUint32(at - 4) : 0;
    const isStream = length > 4 && at + length <= file.length;
    if (isStream) streams.push(file.subarray(at, at + length));
    // The next length has four bytes of its own.
    at += isStream ? length + 4 : 1;
  }
  const longest = streams.reduce(
    (most, stream) => (stream.length > most.length ? stream : most),
    file.subarray(0, 0),
  );
  if (longest.length === 0) throw new KeepsakeError("media.damaged");
  return streams.length === 1 || longest.length >= stillShare * file.length
    ? { streams: [longest], isAnimated: false }
    : { streams: streams.slice(0, 2), isAnimated: true };
}
