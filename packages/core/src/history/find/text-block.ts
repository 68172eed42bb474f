import { fold, foldTable, searchTexts, type Message } from "../../model/index.ts";

/** Stands between texts: a query does not reach across. */
const BETWEEN = "\u0000";
const FILTER_BITS = 17;

/** The texts of some messages of one chat, in order of time, as one text. */
export interface TextBlock {
  readonly collection: string;
  readonly chat: string;
  readonly text: string;
  /** Where the texts of each message begin in `text`, and where the last ones end. */
  readonly starts: Uint32Array;
  readonly times: Float64Array;
  /** Places in a list that all blocks share; 0 for nobody. */
  readonly authors: Uint32Array;
  readonly kinds: Uint16Array;
  /** Which pairs of neighbours may occur: one bit each, by a hash. */
  readonly pairs: Uint32Array;
}

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

/** Makes a block of messages, which are in order of time. */
export function textBlock(
  { collection, chat }: Pick<TextBlock, "collection" | "chat">,
  messages: readonly Message[],
  places: { readonly authors: Places; readonly kinds: Places },
): TextBlock {
  const starts = new Uint32Array(messages.length + 1);
  const texts: string[] = [];
  let length = 0;
  for (const [i, message] of messages.entries()) {
    for (const { text } of searchTexts(message)) {
      texts.push(text);
      length += text.length + BETWEEN.length;
    }
    starts[i + 1] = length;
  }
  texts.push("");
  const text = texts.join(BETWEEN);
  return {
    collection,
    chat,
    text,
    starts,
    times: Float64Array.from(messages, ({ time }) => time.sent),
    authors: Uint32Array.from(messages, ({ author = "" }) => places.authors.of(author)),
    kinds: Uint16Array.from(messages, ({ kind }) => places.kinds.of(kind)),
    pairs: pairsOf(text),
  };
}

function pairsOf(text: string): Uint32Array {
  const bits = new Uint32Array(2 ** (FILTER_BITS - 5));
  const table = foldTable();
  let before = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = table[text.charCodeAt(i)]!;
    const [alone, pair] = [hash(0, unit), hash(before, unit)];
    bits[alone >>> 5]! |= 1 << (alone & 31);
    bits[pair >>> 5]! |= 1 << (pair & 31);
    before = unit;
  }
  return bits;
}

/** The bits that a block has to have where a text occurs in it. */
export function pairBits(wanted: string): number[] {
  const units = fold(wanted)
    .split("")
    .map((unit) => unit.charCodeAt(0));
  return units.map((unit, i) => hash(i === 0 ? 0 : units[i - 1]!, unit));
}

/** False where the block has no text with all these bits. */
export function mayHold({ pairs }: TextBlock, bits: readonly number[]): boolean {
  return bits.every((bit) => (pairs[bit >>> 5]! & (1 << (bit & 31))) !== 0);
}

/** The one text in which a match lies, and where in it. */
export function textAround(
  { text }: TextBlock,
  at: number,
): { readonly text: string; readonly start: number } {
  const start = at === 0 ? 0 : text.lastIndexOf(BETWEEN, at - 1) + 1;
  return { text: text.slice(start, text.indexOf(BETWEEN, at)), start: at - start };
}

function hash(before: number, unit: number): number {
  return Math.imul((before << 16) | unit, 0x9e3779b1) >>> (32 - FILTER_BITS);
}

/** How many of the numbers, which rise, are less than `limit`. */
export function countBelow(rising: Float64Array | Uint32Array, limit: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
