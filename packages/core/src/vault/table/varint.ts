import { KeepsakeError, type Bytes } from "../../base/index.ts";

const INITIAL_BYTES = 64;
const TWO_31 = 0x8000_0000;

/** Bytes that grow: FORMAT.md, "Numbers": LEB128 for whole numbers up to 2^53 - 1, zigzag for signed ones. */
export class ByteWriter {
  #bytes: Bytes = new Uint8Array(INITIAL_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  unsigned(value: number): void {
    let rest = value;
    while (rest >= TWO_31) {
      this.byte((rest % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  signed(value: bigint | number): void {
    if (typeof value === "number" && value > -TWO_31 / 2 && value < TWO_31 / 2) {
      this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
      return;
    }
    let rest = BigInt(value) < 0n ? -2n * BigInt(value) - 1n : 2n * BigInt(value);
    while (rest >= 0x80n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }

  /** The bytes so far; the writer may not be used afterwards. */
  finish(): Bytes {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(more: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** How many numbers end in these bytes. */
export function countNumbers(bytes: Bytes): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! < 0x80) count++;
  return count;
}

/** Reads what ByteWriter wrote; `vault.corrupt` where the bytes end early or a number is out of range. */
export class ByteReader {
  readonly #bytes: Bytes;
  #offset = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  byte(): number {
    const value = this.#bytes[this.#offset++];
    if (value === undefined) throw damaged();
    return value;
  }

  bytes(length: number): Bytes {
    if (length > this.remaining) throw damaged();
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  unsigned(): number {
    const only = this.#bytes[this.#offset];
    if (only !== undefined && only < 0x80) {
      this.#offset++;
      return only;
    }
    return this.#long();
  }

  /** As many as there is room for, each less than `limit`. */
  unsignedInto(into: Uint32Array, limit: number): void {
    const bytes = this.#bytes;
    let at = this.#offset;
    for (let i = 0; i < into.length; i++) {
      if (at === bytes.length) throw damaged();
      let value = bytes[at++]!;
      if (value >= 0x80) {
        if (at < bytes.length && bytes[at]! < 0x80) value = (value & 0x7f) | (bytes[at++]! << 7);
        else {
          this.#offset = at - 1;
          value = this.#long();
          at = this.#offset;
        }
      }
      if (value >= limit) throw damaged();
      into[i] = value;
    }
    this.#offset = at;
  }

  #long(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const next = this.byte();
      value += (next & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw damaged();
      if (next < 0x80) return value;
      if (factor >= 2 ** 49) throw damaged();
    }
  }

  /** Passes over so many numbers. */
  skip(count: number): void {
    let at = this.#offset;
    for (let left = count; left > 0; at++) {
      if (at >= this.#bytes.length) throw damaged();
      if (this.#bytes[at]! < 0x80) left--;
    }
    this.#offset = at;
  }

  signed(): number {
    const short = this.#short();
    return short === undefined ? this.#signedSafe() : short;
  }

  /** A signed number of one or two bytes, which most are; undefined for a longer one. */
  #short(): number | undefined {
    const bytes = this.#bytes;
    const at = this.#offset;
    if (at + 1 >= bytes.length) return undefined;
    let value = bytes[at]!;
    if (value < 0x80) this.#offset = at + 1;
    else if (bytes[at + 1]! < 0x80) {
      value = (value & 0x7f) | (bytes[at + 1]! << 7);
      this.#offset = at + 2;
    } else return undefined;
    return (value & 1) === 0 ? value >> 1 : -(value >> 1) - 1;
  }

  #signedSafe(): number {
    const value = this.signedBig();
    if (typeof value === "number") return value;
    if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) throw damaged();
    return Number(value);
  }

  /** A signed number of up to 70 bits: as bigint where it may not be exact otherwise. */
  signedBig(): bigint | number {
    const start = this.#offset;
    let value = 0;
    for (let factor = 1; factor < 2 ** 49; factor *= 128) {
      const next = this.byte();
      value += (next & 0x7f) * factor;
      if (next < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    this.#offset = start;
    return this.#signedLong();
  }

  #signedLong(): bigint {
    let value = 0n;
    for (let shift = 0n; shift <= 70n; shift += 7n) {
      const next = this.byte();
      value |= BigInt(next & 0x7f) << shift;
      if (next < 0x80) return value % 2n === 0n ? value / 2n : -(value + 1n) / 2n;
    }
    throw damaged();
  }
}

function damaged(): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: "table" } });
}
