/* What a byte means outside of strings. Colons, commas, letters and white space mean nothing to a scan. */
const NOTHING = 0;
const QUOTE = 1;
const OPEN = 2;
const CLOSE = 3;
const DIGIT = 4;
const POINT = 5;

const meanings = new Uint8Array(256);
meanings[0x22] = QUOTE;
for (const open of [0x5b, 0x7b]) meanings[open] = OPEN;
for (const close of [0x5d, 0x7d]) meanings[close] = CLOSE;
for (let digit = 0x30; digit <= 0x39; digit++) meanings[digit] = DIGIT;
meanings[0x2e] = POINT;

/** Digits that a whole number may have to be exact in any case. */
const exactDigits = 15;

/** True for the bytes that end a number or a word: white space, comma, closing brackets. */
function endsScalar(byte: number): boolean {
  return byte <= 0x20 || byte === 0x2c || byte === 0x5d || byte === 0x7d;
}

/**
 * Finds the end of one JSON value in bytes that come in pieces, at the price of looking at each byte once. It knows
 * strings and brackets only: whether the value is well formed, the parser will say.
 */
export class ValueScan {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** True once a value that is a string and nothing more has ended. */
  #isWholeString = false;
  #isScalar = false;
  /** True if the value holds what plain JSON.parse would not take or not keep: `\xHH`, fractions, long numbers. */
  isOdd = false;
  /** Levels of nesting seen. */
  depth = 0;

  /** Looks at `bytes` from the value's first byte. */
  start(first: number): void {
    this.#depth = 0;
    this.#isInString = false;
    this.#isEscaped = false;
    this.#isWholeString = false;
    this.#isScalar = meanings[first] !== QUOTE && meanings[first] !== OPEN;
    this.isOdd = false;
    this.depth = 0;
  }

  /** The place after the value's last byte; -1 if the value goes on in the next piece. */
  scan(bytes: Uint8Array, from: number): number {
    return this.#isScalar ? this.#scalar(bytes, from) : this.#value(bytes, from);
  }

  #scalar(bytes: Uint8Array, from: number): number {
    for (let i = from; i < bytes.length; i++) {
      if (endsScalar(bytes[i]!)) return i;
      this.isOdd = true;
    }
    return -1;
  }

  #value(bytes: Uint8Array, from: number): number {
    let i = this.#isInString ? this.#string(bytes, from) : from;
    if (this.#isWholeString) return i;
    const end = bytes.length;
    while (i < end) {
      const meaning = meanings[bytes[i]!]!;
      i += 1;
      if (meaning === NOTHING) continue;
      if (meaning === QUOTE) {
        i = this.#string(bytes, i);
        if (this.#isWholeString) return i;
      } else if (meaning === OPEN) {
        this.#depth += 1;
        this.depth = Math.max(this.depth, this.#depth);
      } else if (meaning === CLOSE) {
        this.#depth -= 1;
        if (this.#depth <= 0) return i;
      } else if (meaning === DIGIT) i = this.#number(bytes, i);
      else this.isOdd = true;
    }
    return -1;
  }

  /** A number's digits from its second on; one that lies across an edge is odd, which costs time only. */
  #number(bytes: Uint8Array, from: number): number {
    let i = from;
    while (i < bytes.length && meanings[bytes[i]!] === DIGIT) i += 1;
    const next = bytes[i];
    if (i - from >= exactDigits || next === undefined || next === 0x45 || next === 0x65) this.isOdd = true;
    return i;
  }

  /** From inside a string to after its quote, or to the end of the piece. */
  #string(bytes: Uint8Array, from: number): number {
    const end = bytes.length;
    let i = from;
    this.#isInString = true;
    if (this.#isEscaped && i < end) {
      if (bytes[i] === 0x78) this.isOdd = true;
      this.#isEscaped = false;
      i += 1;
    }
    for (;;) {
      let byte = 0;
      while (i < end && (byte = bytes[i]!) !== 0x22 && byte !== 0x5c) i += 1;
      if (i >= end) return end;
      if (byte === 0x22) {
        this.#isInString = false;
        this.#isWholeString = this.#depth === 0;
        return i + 1;
      }
      if (i + 1 >= end) {
        this.#isEscaped = true;
        return end;
      }
      if (bytes[i + 1] === 0x78) this.isOdd = true;
      i += 2;
    }
  }
}
