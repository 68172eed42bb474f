import { type Bytes } from "../base/index.ts";
import { damagedList, EPOCH_2001_MS, plistLimits, type Plist } from "./plist.ts";

const MAGIC = "bplist0";
const TRAILER_BYTES = 32;

export function isBinaryPlist(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && [...MAGIC].every((letter, i) => bytes[i] === letter.charCodeAt(0));
}

/**
 * The value of a binary property list. An object that is named many times is read once and shared, so that no list is
 * larger in memory than its bytes let it be. Throws `format.damaged`.
 */
export function readBinaryPlist(bytes: Bytes): Plist {
  if (!isBinaryPlist(bytes) || bytes.length < MAGIC.length + 1 + TRAILER_BYTES) throw damagedList("header");
  if (bytes.length > plistLimits.bytes) throw damagedList("size");
  const list = new BinaryPlist(bytes);
  return list.object(list.top, 0);
}

/** Objects that are still being read stand for themselves in a circle, which no list may have. */
const reading: unique symbol = Symbol("reading");

class BinaryPlist {
  readonly #bytes: Bytes;
  readonly #view: DataView;
  readonly #objects: (Plist | typeof reading | undefined)[];
  readonly #offsetBytes: number;
  readonly #refBytes: number;
  readonly #count: number;
  readonly #tableStart: number;
  /** The number of the outermost object. */
  readonly top: number;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const trailer = bytes.length - TRAILER_BYTES;
    this.#offsetBytes = bytes[trailer + 6]!;
    this.#refBytes = bytes[trailer + 7]!;
    this.#count = this.#integer(trailer + 8, 8);
    this.top = this.#integer(trailer + 16, 8);
    this.#tableStart = this.#integer(trailer + 24, 8);
    const hasWidths = [this.#offsetBytes, this.#refBytes].every((width) => width >= 1 && width <= 8);
    const tableEnd = this.#tableStart + this.#count * this.#offsetBytes;
    if (!hasWidths || this.#count > plistLimits.objects || tableEnd > trailer) throw damagedList("trailer");
    this.#objects = Array.from<undefined>({ length: this.#count });
  }

  object(number: number, depth: number): Plist {
    if (number >= this.#count) throw damagedList("reference");
    if (depth > plistLimits.depth) throw damagedList("depth");
    const known = this.#objects[number];
    if (known === reading) throw damagedList("circle");
    if (known !== undefined) return known;
    this.#objects[number] = reading;
    const value = this.#read(
      this.#integer(this.#tableStart + number * this.#offsetBytes, this.#offsetBytes),
      depth,
    );
    this.#objects[number] = value;
    return value;
  }

  /** The kinds of CFBinaryPList.c, by the upper half of their first byte. */
  #read(at: number, depth: number): Plist {
    const marker = this.#byte(at);
    const low = marker & 0x0f;
    switch (marker >> 4) {
      case 0x0:
        return this.#simple(low);
      case 0x1:
        return this.#wholeNumber(at + 1, 2 ** low);
      case 0x2:
        return this.#real(at + 1, 2 ** low);
      case 0x3:
        return { dateMs: Math.round(this.#real(at + 1, 8) * 1000) + EPOCH_2001_MS };
      case 0x8:
        return { uid: this.#integer(at + 1, low + 1) };
      default:
        return this.#counted(at, marker >> 4, depth);
    }
  }

  #simple(low: number): Plist {
    if (low === 0x8) return false;
    if (low === 0x9) return true;
    if (low === 0x0) return null;
    throw damagedList("kind");
  }

  /** What begins with how many there are: bytes, texts, arrays, sets, dictionaries. */
  #counted(at: number, kind: number, depth: number): Plist {
    const { count, start } = this.#count16(at);
    if (kind === 0x4) return this.#slice(start, count).slice();
    if (kind === 0x5) return textOf(this.#codes(start, count, 1));
    if (kind === 0x6) return textOf(this.#codes(start, count, 2));
    if (kind === 0xa || kind === 0xc)
      return this.#refs(start, count).map((ref) => this.object(ref, depth + 1));
    if (kind === 0xd) return this.#dictionary(start, count, depth);
    throw damagedList("kind");
  }

  #dictionary(start: number, count: number, depth: number): Plist {
    const keys = this.#refs(start, count);
    const values = this.#refs(start + count * this.#refBytes, count);
    const entries = new Map<string, Plist>();
    for (const [i, ref] of keys.entries()) {
      const key = this.object(ref, depth + 1);
      if (typeof key !== "string") throw damagedList("key");
      entries.set(key, this.object(values[i]!, depth + 1));
    }
    return entries;
  }

  #count16(at: number): { readonly count: number; readonly start: number } {
    const low = this.#byte(at) & 0x0f;
    if (low !== 0x0f) return { count: low, start: at + 1 };
    const marker = this.#byte(at + 1);
    if (marker >> 4 !== 0x1 || (marker & 0x0f) > 3) throw damagedList("count");
    const width = 2 ** (marker & 0x0f);
    return { count: this.#integer(at + 2, width), start: at + 2 + width };
  }

  #refs(start: number, count: number): number[] {
    this.#slice(start, count * this.#refBytes);
    return Array.from({ length: count }, (_, i) => this.#integer(start + i * this.#refBytes, this.#refBytes));
  }

  #codes(start: number, count: number, width: 1 | 2): number[] {
    this.#slice(start, count * width);
    return Array.from({ length: count }, (_, i) => this.#integer(start + i * width, width));
  }

  #wholeNumber(at: number, width: number): number | bigint {
    if (width > 16) throw damagedList("integer");
    this.#slice(at, width);
    // Widths below 8 are unsigned; 8 is signed; 16 holds what 8 unsigned do.
    if (width < 8) return this.#integer(at, width);
    const value =
      width === 8
        ? this.#view.getBigInt64(at)
        : (this.#view.getBigInt64(at) << 64n) | this.#view.getBigUint64(at + 8);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  #real(at: number, width: number): number {
    this.#slice(at, width);
    if (width === 4) return this.#view.getFloat32(at);
    if (width === 8) return this.#view.getFloat64(at);
    throw damagedList("real");
  }

  /** Big endian, without a sign. */
  #integer(at: number, width: number): number {
    this.#slice(at, width);
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + this.#bytes[at + i]!;
    if (!Number.isSafeInteger(value)) throw damagedList("integer");
    return value;
  }

  #byte(at: number): number {
    return this.#slice(at, 1)[0]!;
  }

  #slice(at: number, length: number): Bytes {
    if (at + length > this.#bytes.length) throw damagedList("end");
    return this.#bytes.subarray(at, at + length);
  }
}

/** In portions: a call takes only so many arguments. */
function textOf(codes: readonly number[]): string {
  let text = "";
  for (let i = 0; i < codes.length; i += 4096) text += String.fromCharCode(...codes.slice(i, i + 4096));
  return text;
}
