/** Where the numbers of columns are put. What lies there first is anything. */
export interface Room {
  int32(length: number): Int32Array<ArrayBuffer>;
  uint32(length: number): Uint32Array<ArrayBuffer>;
  uint16(length: number): Uint16Array<ArrayBuffer>;
  float64(length: number): Float64Array<ArrayBuffer>;
}

/** Each list of numbers by itself: it goes when nobody holds it. */
export const looseRoom: Room = {
  int32: (length) => new Int32Array(length),
  uint32: (length) => new Uint32Array(length),
  uint16: (length) => new Uint16Array(length),
  float64: (length) => new Float64Array(length),
};

const [PIECE_BYTES, ALIGN_BYTES] = [256 * 1024, 8];

/**
 * Many lists side by side in a few pieces of memory, which all go at once and are taken again. The collector comes late
 * for lists of their own, and each new one is memory that the system has to find and to empty.
 */
export class SharedRoom implements Room {
  readonly #pieces: ArrayBuffer[] = [];
  /** The piece that is filled, and how far. */
  #piece = 0;
  #filled = 0;

  int32(length: number): Int32Array<ArrayBuffer> {
    const start = this.#take(4 * length);
    return new Int32Array(this.#pieces[this.#piece]!, start, length);
  }

  uint32(length: number): Uint32Array<ArrayBuffer> {
    const start = this.#take(4 * length);
    return new Uint32Array(this.#pieces[this.#piece]!, start, length);
  }

  uint16(length: number): Uint16Array<ArrayBuffer> {
    const start = this.#take(2 * length);
    return new Uint16Array(this.#pieces[this.#piece]!, start, length);
  }

  float64(length: number): Float64Array<ArrayBuffer> {
    const start = this.#take(8 * length);
    return new Float64Array(this.#pieces[this.#piece]!, start, length);
  }

  /** What was put here is of no more use. */
  clear(): void {
    [this.#piece, this.#filled] = [0, 0];
  }

  /** Where in the piece there are so many bytes; a piece that is too short is left as it is. */
  #take(bytes: number): number {
    const rounded = Math.ceil(bytes / ALIGN_BYTES) * ALIGN_BYTES;
    let piece = this.#pieces[this.#piece];
    while (piece !== undefined && this.#filled + rounded > piece.byteLength) {
      piece = this.#pieces[++this.#piece];
      this.#filled = 0;
    }
    if (piece === undefined) this.#pieces.push(new ArrayBuffer(Math.max(PIECE_BYTES, rounded)));
    this.#filled += rounded;
    return this.#filled - rounded;
  }
}
