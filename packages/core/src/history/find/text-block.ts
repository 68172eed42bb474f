import { bytesToText } from "../../base/index.ts";
import { fold, foldTable } from "../../model/index.ts";
import { countBelow } from "../rows/backwards.ts";

/** Stands between texts: a query does not reach across. */
const BETWEEN = "\u0000";
/** A filter has about so many bits for each character, and at least and at most so many: powers of two. */
const [BITS_A_CHARACTER, LEAST_BITS, MOST_BITS] = [3, 8, 20];

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
  #starts: number[] = [];
  #times: number[] = [];
  #authors: number[] = [];
  #kinds: number[] = [];
  /** The text as it is. */
  #units = new Uint16Array(1 << 16);
  #length = 0;

  /** How many messages there are since the last block. */
  get count(): number {
    return this.#times.length;
  }

  /** The next message, by the places of its author and its kind. Its texts follow. */
  begin(sent: number, author: number, kind: number): void {
    this.#starts.push(this.#length);
    this.#times.push(sent);
    this.#authors.push(author);
    this.#kinds.push(kind);
  }

  /** A part of a text, which is one text of the message. Empty ones are left out. */
  text(whole: string, from: number, until: number): void {
    if (from === until) return;
    const end = this.#length + until - from;
    if (end >= this.#units.length) this.#grow(end + 1);
    const units = this.#units;
    let at = this.#length;
    for (let i = from; i < until; i++) units[at++] = whole.charCodeAt(i);
    units[at] = 0;
    this.#length = at + 1;
  }

  /** The block of the messages since the last one. */
  finish(about: Pick<TextBlock, "collection" | "chat">): TextBlock {
    const units = this.#units.subarray(0, this.#length);
    const { unfolded, pairs } = this.#fold(units);
    const block = {
      ...about,
      folded: unitsToText(units),
      unfolded,
      starts: Uint32Array.from([...this.#starts, this.#length]),
      times: Float64Array.from(this.#times),
      authors: Uint32Array.from(this.#authors),
      kinds: Uint16Array.from(this.#kinds),
      pairs,
    };
    [this.#starts, this.#times, this.#authors, this.#kinds] = [[], [], [], []];
    this.#length = 0;
    return block;
  }

  #grow(length: number): void {
    const units = new Uint16Array(Math.max(length, 2 * this.#units.length));
    units.set(this.#units.subarray(0, this.#length));
    this.#units = units;
  }

  /** Folds the text where it lies. */
  #fold(units: Uint16Array<ArrayBuffer>): Pick<TextBlock, "unfolded" | "pairs"> {
    const table = this.#table;
    const bits = Math.ceil(Math.log2(Math.max(1, BITS_A_CHARACTER * units.length)));
    const log = Math.min(MOST_BITS, Math.max(LEAST_BITS, bits));
    const pairs = new Uint32Array(2 ** (log - 5));
    const changed: number[] = [];
    let before = 0;
    for (let i = 0; i < units.length; i++) {
      const unit = table[units[i]!]!;
      const [alone, pair] = [hash(0, unit) >>> (32 - log), hash(before, unit) >>> (32 - log)];
      pairs[alone >>> 5]! |= 1 << (alone & 31);
      pairs[pair >>> 5]! |= 1 << (pair & 31);
      if (unit !== units[i]) changed.push(i);
      before = unit;
    }
    const unfolded = unfoldedOf(units, changed);
    for (const i of changed) units[i] = table[units[i]!]!;
    return { unfolded, pairs };
  }
}

/** A unit that is kept apart takes six bytes; one of the whole text two. */
function unfoldedOf(units: Uint16Array<ArrayBuffer>, changed: readonly number[]): Unfolded {
  if (changed.length * 3 > units.length) return { whole: unitsToText(units) };
  return { at: Uint32Array.from(changed), units: Uint16Array.from(changed, (i) => units[i]!) };
}

const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });
/** Few enough arguments for every engine. */
const UNITS_A_CALL = 8192;

/** In the narrowest way that holds it: engines keep what is decoded from UTF-8 in one byte a letter where they can. */
function unitsToText(units: Uint16Array<ArrayBuffer>): string {
  let [all, isWhole] = [0, true];
  for (let i = 0; i < units.length; i++) {
    const unit = units[i]!;
    all |= unit;
    if ((unit & 0xf800) !== 0xd800) continue;
    if (unit < 0xdc00 && (units[i + 1]! & 0xfc00) === 0xdc00) i++;
    else isWhole = false;
  }
  if (all < 0x80) return bytesToText(Uint8Array.from(units));
  if (isWhole) return utf16.decode(units);
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
  const shift = Math.clz32(pairs.length) - 4;
  for (const each of hashes) {
    const bit = each >>> shift;
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

function hash(before: number, unit: number): number {
  return Math.imul((before << 16) | unit, 0x9e3779b1);
}
