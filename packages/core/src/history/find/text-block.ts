import { bytesToText, type Bytes } from "../../base/index.ts";
import { fold, foldTable } from "../../model/index.ts";
import { decodeUtf8 } from "../../vault/index.ts";
import { countBelow } from "../rows/backwards.ts";

/** Stands between texts: a query does not reach across. */
const BETWEEN = "\u0000";
/** A filter has about so many bits for each character, and of those at least and at most so many: powers of two. */
const [BITS_A_CHARACTER, LEAST_BITS, MOST_BITS] = [3, 8, 17];

const UNUSED_BITS = 32 - MOST_BITS;

/** The texts of some messages of one chat, in order of time, as one text. */
export interface TextBlock {
  readonly collection: string;
  readonly chat: string;
  /** As it is searched; of the length of the text itself. */
  readonly folded: string;
  readonly unfolded: Unfolded;
  /** Where the texts of each message begin in `folded`, and where the last ones end. */
  readonly starts: Uint32Array;
  readonly times: Float64Array;
  /** Places in a list that all blocks share; 0 for nobody. */
  readonly authors: Uint32Array;
  readonly kinds: Uint16Array;
  /** Which pairs of neighbours may occur: one bit each, by a hash. */
  readonly pairs: Uint32Array;
}

/** What folding took from a text: the code units that it changed, or the whole text where these are many. */
type Unfolded = { readonly at: Uint32Array; readonly units: Uint16Array } | { readonly whole: string };

/** Numbers for values that occur often. */
export class Places {
  readonly values: string[] = [""];
  readonly #places = new Map<string, number>([["", 0]]);

  of(value: string): number {
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.values.push(value) - 1;
      this.#places.set(value, place);
    }
    return place;
  }
}

/** Makes blocks, one after the other, of messages that come in order of time. */
export class BlockWriter {
  readonly #table = foldTable();
  readonly #starts = new Numbers();
  readonly #times = new Numbers();
  readonly #authors = new Numbers();
  readonly #kinds = new Numbers();
  /** The text as it is searched, what folding took from it and where. */
  #units = new Uint16Array(1 << 16);
  #length = 0;
  /** A text on its way there. */
  #own = new Uint16Array(1 << 10);
  #changedAt = new Uint32Array(1 << 12);
  #changedUnits = new Uint16Array(1 << 12);
  #changed = 0;
  readonly #pairs = new Uint32Array(2 ** (MOST_BITS - 5));

  /** How many messages there are since the last block. */
  get count(): number {
    return this.#times.count;
  }

  /** The next message, by the places of its author and its kind. Its texts follow. */
  begin(sent: number, author: number, kind: number): void {
    this.#starts.push(this.#length);
    this.#times.push(sent);
    this.#authors.push(author);
    this.#kinds.push(kind);
  }

  /** A text of the message. Empty ones are left out. */
  text(text: string): void {
    const own = this.#roomFor(text.length);
    for (let i = 0; i < text.length; i++) own[i] = text.charCodeAt(i);
    this.units(own, 0, text.length);
  }

  /** The same of UTF-8, as `decodeUtf8` takes it and gives where it ends; where it gives that there is none, nothing is added. */
  utf8(bytes: Bytes, start: number, length: number): number {
    const own = this.#roomFor(length);
    const end = decodeUtf8(bytes, start, own, length);
    if (end >= 0) this.units(own, 0, length);
    return end;
  }

  #roomFor(length: number): Uint16Array {
    if (length > this.#own.length) this.#own = new Uint16Array(2 * length);
    return this.#own;
  }

  /** The same of code units. */
  units(from: Uint16Array | Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.#makeRoom(end - start + 1);
    // Each by itself here and below: a list that is taken apart again costs where there are millions of units.
    const table = this.#table;
    const units = this.#units;
    const pairs = this.#pairs;
    let at = this.#length;
    let before = 0;
    for (let i = start; i < end; i++) {
      const own = from[i]!;
      const unit = table[own]!;
      if (unit !== own) this.#noteChange(at, own);
      units[at++] = unit;
      const mixed = mix(unit);
      const alone = mixed >>> UNUSED_BITS;
      const pair = ((before << 16) + mixed) >>> UNUSED_BITS;
      pairs[alone >>> 5]! |= 1 << (alone & 31);
      pairs[pair >>> 5]! |= 1 << (pair & 31);
      before = mixed;
    }
    units[at] = 0;
    this.#length = at + 1;
  }

  /** The block of the messages since the last one. */
  finish(about: Pick<TextBlock, "collection" | "chat">): TextBlock {
    this.#starts.push(this.#length);
    const block = {
      ...about,
      folded: unitsToText(this.#units.subarray(0, this.#length)),
      unfolded: this.#unfolded(),
      starts: new Uint32Array(this.#starts.take()),
      times: new Float64Array(this.#times.take()),
      authors: new Uint32Array(this.#authors.take()),
      kinds: new Uint16Array(this.#kinds.take()),
      pairs: narrowed(this.#pairs, this.#length),
    };
    [this.#length, this.#changed] = [0, 0];
    this.#pairs.fill(0);
    return block;
  }

  #makeRoom(more: number): void {
    const length = this.#length + more;
    if (length <= this.#units.length) return;
    const units = new Uint16Array(2 * length);
    units.set(this.#units.subarray(0, this.#length));
    this.#units = units;
  }

  #noteChange(at: number, own: number): void {
    if (this.#changed === this.#changedAt.length) {
      const [changedAt, changedUnits] = [this.#changedAt, this.#changedUnits];
      this.#changedAt = new Uint32Array(2 * this.#changed);
      this.#changedAt.set(changedAt);
      this.#changedUnits = new Uint16Array(2 * this.#changed);
      this.#changedUnits.set(changedUnits);
    }
    this.#changedAt[this.#changed] = at;
    this.#changedUnits[this.#changed++] = own;
  }

  /** A unit that is kept apart takes six bytes; one of the whole text two. */
  #unfolded(): Unfolded {
    const at = this.#changedAt.slice(0, this.#changed);
    const units = this.#changedUnits.slice(0, this.#changed);
    if (this.#changed * 3 <= this.#length) return { at, units };
    const whole = this.#units.slice(0, this.#length);
    for (let i = 0; i < at.length; i++) whole[at[i]!] = units[i]!;
    return { whole: unitsToText(whole) };
  }
}

/** Numbers that gather in memory that stays. */
class Numbers {
  count = 0;
  #values = new Float64Array(1 << 10);

  push(value: number): void {
    if (this.count === this.#values.length) {
      const values = new Float64Array(2 * this.count);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[this.count++] = value;
  }

  /** Those since they were taken last; they stay until the next one comes. */
  take(): Float64Array {
    const taken = this.#values.subarray(0, this.count);
    this.count = 0;
    return taken;
  }
}

/**
 * A filter of as many bits as a text of that length needs: of the places of bits, the lower bits count. The whole one is
 * folded for it.
 */
function narrowed(pairs: Uint32Array, length: number): Uint32Array {
  const log = Math.max(LEAST_BITS, Math.ceil(Math.log2(Math.max(1, BITS_A_CHARACTER * length))));
  let words = pairs.length;
  for (; words > 2 ** (log - 5); words /= 2)
    for (let i = 0, half = words / 2; i < half; i++) pairs[i]! |= pairs[half + i]!;
  return pairs.slice(0, words);
}

const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true, fatal: true });
/** Few enough arguments for every engine; so short that a decoder costs more. */
const [UNITS_A_CALL, SHORT] = [8192, 64];

/** In the narrowest way that holds it: engines keep what is decoded from UTF-8 in one byte a letter where they can. */
export function unitsToText(units: Uint16Array<ArrayBuffer> | Bytes): string {
  if (units.length < SHORT) return String.fromCharCode(...units);
  // As bytes they are ASCII.
  if (units instanceof Uint8Array) return bytesToText(units);
  let ascii = 0;
  while (ascii < units.length && units[ascii]! < 0x80) ascii++;
  if (ascii === units.length) return bytesToText(Uint8Array.from(units));
  try {
    return utf16.decode(units);
  } catch {
    return inPieces(units);
  }
}

/** Where half of a character stands alone, which no decoder leaves as it is. */
function inPieces(units: Uint16Array): string {
  let text = "";
  for (let i = 0; i < units.length; i += UNITS_A_CALL)
    text += String.fromCharCode(...units.subarray(i, i + UNITS_A_CALL));
  return text;
}

/** A text as blocks are asked for it. */
export interface Needle {
  readonly folded: string;
  readonly hashes: readonly number[];
}

export function needleOf(wanted: string): Needle {
  const folded = fold(wanted);
  const units = folded.split("").map((unit) => unit.charCodeAt(0));
  return { folded, hashes: units.map((unit, i) => hash(i === 0 ? 0 : units[i - 1]!, unit)) };
}

/** False where the block has no text that holds the needle. */
export function mayHold({ pairs }: TextBlock, { hashes }: Needle): boolean {
  const last = 32 * pairs.length - 1;
  for (const each of hashes) {
    const bit = each & last;
    if ((pairs[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

/** The one text in which a match lies, and where in it. */
export function textAround(block: TextBlock, at: number): { readonly text: string; readonly start: number } {
  const start = at === 0 ? 0 : block.folded.lastIndexOf(BETWEEN, at - 1) + 1;
  const end = block.folded.indexOf(BETWEEN, at);
  return { text: asItWas(block, start, end), start: at - start };
}

function asItWas({ folded, unfolded }: TextBlock, start: number, end: number): string {
  if ("whole" in unfolded) return unfolded.whole.slice(start, end);
  const { at, units } = unfolded;
  let text = "";
  let done = start;
  for (let i = countBelow(at, start); i < at.length && at[i]! < end; i++) {
    text += folded.slice(done, at[i]) + String.fromCharCode(units[i]!);
    done = at[i]! + 1;
  }
  return text + folded.slice(done, end);
}

/** The place of the bit for a unit behind another one, or alone behind 0. */
function hash(before: number, unit: number): number {
  return ((mix(before) << 16) + mix(unit)) >>> UNUSED_BITS;
}

function mix(unit: number): number {
  return Math.imul(unit, 0x9e3779b1);
}
