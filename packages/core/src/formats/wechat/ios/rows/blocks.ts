/** So many numbers are one block: what changes is read again block by block. */
const BLOCK_NUMBERS = 64;
const DIGEST_CHARS = 32;

/** A block of a table's rows as a reading found it. */
export type BlockNote = readonly [block: number, rows: number, first: number, last: number, digest: string];

/** Rows of a chat that lie side by side in one table, and the time that they take up. */
export interface Piece {
  readonly database: string;
  /** The least and the greatest number; undefined for what is there no more. */
  readonly numbers: readonly [least: number, greatest: number] | undefined;
  readonly rows: number;
  /** When the first and the last were sent, milliseconds. */
  readonly first: number;
  readonly last: number;
  readonly isSame: boolean;
}

/** A row, as far as it matters whether it is as it was. */
export interface RowTrace {
  readonly number: number;
  readonly sent: number;
  /** All that the row is read from, its files too. */
  readonly text: string;
}

/** Goes along the rows of one table in order of their numbers, and takes them down in blocks. */
export class BlockNotes {
  readonly #sha256Text: (text: string) => string;
  readonly #onBlock: ((rows: readonly RowTrace[], note: BlockNote) => void) | undefined;
  readonly #notes: BlockNote[] = [];
  #rows: RowTrace[] = [];
  /** False where rows have no numbers in order: then nothing can be said of them next time. */
  isFit = true;

  /** `onBlock` is called with the rows of each block, once it is whole. */
  constructor(
    sha256Text: (text: string) => string,
    onBlock?: (rows: readonly RowTrace[], note: BlockNote) => void,
  ) {
    this.#sha256Text = sha256Text;
    this.#onBlock = onBlock;
  }

  add(row: RowTrace | undefined): void {
    const before = this.#rows.at(-1);
    if (row === undefined || (before !== undefined && row.number <= before.number)) {
      this.isFit = false;
      return;
    }
    if (before !== undefined && blockOf(before) !== blockOf(row)) this.#close();
    this.#rows.push(row);
  }

  /** All blocks. */
  finish(): readonly BlockNote[] {
    if (this.#rows.length > 0) this.#close();
    return this.#notes;
  }

  #close(): void {
    const note = noteOf(this.#rows, this.#sha256Text);
    this.#notes.push(note);
    this.#onBlock?.(this.#rows, note);
    this.#rows = [];
  }
}

/** What became of the blocks of one table since the last reading: pieces that are as they were, and others. */
export class BlockComparison {
  readonly #database: string;
  readonly #sha256Text: (text: string) => string;
  readonly #before: Map<number, BlockNote>;
  readonly #pieces: Piece[] = [];

  constructor(database: string, before: readonly BlockNote[], sha256Text: (text: string) => string) {
    this.#database = database;
    this.#sha256Text = sha256Text;
    this.#before = new Map(before.map((note) => [note[0], note]));
  }

  block(rows: readonly RowTrace[], note: BlockNote): void {
    const known = this.#before.get(note[0]);
    this.#before.delete(note[0]);
    if (known === undefined) return this.#add(rows, false);
    if (known[4] === note[4]) return this.#add(rows, true);
    // A block that rows were added to begins with what it was.
    const begin = rows.slice(0, known[1]);
    if (begin.length < rows.length && noteOf(begin, this.#sha256Text)[4] === known[4]) {
      this.#add(begin, true);
      return this.#add(rows.slice(known[1]), false);
    }
    this.#add(rows, false, known);
  }

  /** With what is there no more. */
  finish(): readonly Piece[] {
    for (const [, rows, first, last] of this.#before.values())
      this.#pieces.push({ database: this.#database, numbers: undefined, rows, first, last, isSame: false });
    return this.#pieces;
  }

  #add(rows: readonly RowTrace[], isSame: boolean, known?: BlockNote): void {
    const [first, last] = timesOf(rows);
    this.#pieces.push({
      database: this.#database,
      numbers: [rows[0]!.number, rows.at(-1)!.number],
      rows: rows.length,
      first: Math.min(first, known?.[2] ?? first),
      last: Math.max(last, known?.[3] ?? last),
      isSame,
    });
  }
}

/** The block that a row lies in. */
export function blockOf({ number }: Pick<RowTrace, "number">): number {
  return Math.floor(number / BLOCK_NUMBERS);
}

function noteOf(rows: readonly RowTrace[], sha256Text: (text: string) => string): BlockNote {
  const text = rows.map((row) => `${row.text.length}:${row.text}`).join("");
  return [blockOf(rows[0]!), rows.length, ...timesOf(rows), sha256Text(text).slice(0, DIGEST_CHARS)];
}

function timesOf(rows: readonly RowTrace[]): [first: number, last: number] {
  let [first, last] = [Infinity, -Infinity];
  for (const { sent } of rows) {
    first = Math.min(first, sent);
    last = Math.max(last, sent);
  }
  return [first, last];
}
