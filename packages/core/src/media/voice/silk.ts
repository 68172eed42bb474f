import { concatBytes, KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { writeWav } from "../wav.ts";
import type { Voice } from "./voice.ts";

/** Ten minutes of packets as WeChat makes them; its voices last one at most. A packet of any other maker may hold five times as much. */
const maxPackets = 30_000;
/** Five frames of 250 bytes: what the codec itself makes at most. */
const maxPacketBytes = 1250;
const PREFIX = 0x02;
const MARK = textToBytes("#!SILK_V3");
/** Instead of a length, at the end of files of the codec's own tools. */
const END = 0xffff;
const RATE_HZ = 24_000;

/** The packets of a voice in SILK, with or without WeChat's prefix; each lasts 20 ms as WeChat makes them. */
export interface SilkPackets {
  readonly packets: readonly Bytes[];
  /** Whether the file ends amid a packet, or with what is none. */
  readonly isCut: boolean;
}

/** Splits a file that begins as SILK. Throws `media.too-large` where there are more packets than any voice has. */
export function silkPackets(file: Bytes): SilkPackets {
  const packets: Bytes[] = [];
  let at = (file[0] === PREFIX ? 1 : 0) + MARK.length;
  while (at + 2 <= file.length) {
    const length = file[at]! | (file[at + 1]! << 8);
    if (length === END) return { packets, isCut: false };
    const end = at + 2 + length;
    if (length > maxPacketBytes || end > file.length) return { packets, isCut: true };
    packets.push(file.subarray(at + 2, end));
    if (packets.length > maxPackets) throw new KeepsakeError("media.too-large");
    at = end;
  }
  return { packets, isCut: at < file.length };
}

/** A voice in SILK as WAV. The decoder is loaded with the first one, and sees whole packets only. */
export async function silkToWav(file: Bytes): Promise<Voice> {
  const { packets, isCut } = silkPackets(file);
  if (packets.length === 0) throw new KeepsakeError("media.damaged");
  const samples = await decode(asDecoderWants(packets));
  // Where packets hold more than a frame, nobody can tell the voice from what was made up behind it.
  const isOneFrameEach = samples.length <= (packets.length + mostMadeUp) * FRAME_BYTES;
  const spoken = isOneFrameEach ? samples.subarray(0, packets.length * FRAME_BYTES) : samples;
  return { bytes: writeWav([spoken], RATE_HZ), isCut };
}

/** Samples of 20 ms. */
const FRAME_BYTES = 960;
/** Frames that the decoder makes up behind a voice: two, and three behind a voice of one packet. */
const mostMadeUp = 3;
const empty = new Uint8Array(0);

/**
 * A file for the decoder that we have: it drops the third and the fourth packet, and goes on for two when the file is
 * at its end. So it gets two that nobody misses, and what it makes up is cut off.
 */
function asDecoderWants([first = empty, second = empty, ...rest]: readonly Bytes[]): Bytes {
  const framed = [first, second, empty, empty, ...rest].flatMap((packet) => [
    new Uint8Array([packet.length & 0xff, packet.length >> 8]),
    packet,
  ]);
  return concatBytes(new Uint8Array([PREFIX]), MARK, ...framed, new Uint8Array([0xff, 0xff]));
}

async function decode(clean: Bytes): Promise<Bytes> {
  const silk = await import("silk-wasm").catch((cause: unknown) => {
    throw new KeepsakeError("media.no-decoder", { cause });
  });
  try {
    const { data } = await silk.decode(clean, RATE_HZ);
    return data as Bytes;
  } catch (cause) {
    throw new KeepsakeError("media.damaged", { cause });
  }
}
