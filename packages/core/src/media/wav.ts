import { concatBytes, type Bytes } from "../base/index.ts";

const BYTES_PER_SAMPLE = 2;

/** A WAV of one channel with samples of 16 bits, little endian, as decoders give them. */
export function writeWav(samples: readonly Bytes[], rateHz: number): Bytes {
  const sizeBytes = samples.reduce((sum, { length }) => sum + length, 0);
  return concatBytes(headerOf(sizeBytes, rateHz), ...samples);
}

function headerOf(sizeBytes: number, rateHz: number): Bytes {
  const header = new Uint8Array(44);
  const view = new DataView(header.buffer);
  const text = (at: number, value: string): void => {
    for (let i = 0; i < value.length; i++) header[at + i] = value.charCodeAt(i);
  };
  text(0, "RIFF");
  view.setUint32(4, header.length - 8 + sizeBytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  // Plain samples, one channel.
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * BYTES_PER_SAMPLE, true);
  view.setUint16(32, BYTES_PER_SAMPLE, true);
  view.setUint16(34, 8 * BYTES_PER_SAMPLE, true);
  text(36, "data");
  view.setUint32(40, sizeBytes, true);
  return header;
}
