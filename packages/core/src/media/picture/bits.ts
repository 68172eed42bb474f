import { KeepsakeError, type Bytes } from "../../base/index.ts";

/** Reads the bits of a parameter set of H.265. What is not there or passes 32 bits throws `media.damaged`. */
export class BitReader {
  readonly #bytes: Bytes;
  #at = 0;

  /** `bytes` without the bytes that keep start codes from occurring (7.4.2 of H.265). */
  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** A number of up to 32 bits. */
  take(bits: number): number {
    if (this.#at + bits > 8 * this.#bytes.length) throw new KeepsakeError("media.damaged");
    let value = 0;
    for (let i = 0; i < bits; i++, this.#at++)
      value = value * 2 + ((this.#bytes[this.#at >> 3]! >> (7 - (this.#at & 7))) & 1);
    return value;
  }

  skip(bits: number): void {
    this.#at += bits;
  }

  /** A number in Exp-Golomb code (9.2 of H.265), below 2^32 - 1. */
  takeGolomb(): number {
    let zeros = 0;
    while (this.take(1) === 0) if (++zeros > 31) throw new KeepsakeError("media.damaged");
    return 2 ** zeros - 1 + this.take(zeros);
  }
}

/** The content of a NAL unit: each 3 after two zeros is left out. */
export function withoutEmulation(unit: Bytes): Bytes {
  const content = new Uint8Array(unit.length);
  let [length, zeros] = [0, 0];
  for (const byte of unit) {
    if (zeros === 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? Math.min(zeros + 1, 2) : 0;
    content[length++] = byte;
  }
  return content.subarray(0, length);
}
