import {
  NONE,
  ONLY,
  type ColumnOf,
  type Room,
  type TableColumns,
  type TextColumn,
} from "../../vault/index.ts";
import { numbers, type Shared } from "./columns.ts";

const ID: readonly string[] = ["message", "nativeIds", ONLY, "value"];

/** What tells of the messages of a segment whether two may be versions of one: their runs, and their ids if each has one. */
export class Identity {
  readonly #table: TableColumns;
  readonly #runs: Uint32Array;
  readonly #schemes: Uint32Array;
  /** Where the column itself says which ids are the same. */
  readonly #marks: ColumnOf<Float64Array | Uint32Array> | undefined;
  #ids: ColumnOf<Float64Array> | undefined;
  #texts: ColumnOf<TextColumn> | undefined;

  constructor(table: TableColumns, shared: Shared, room: Room) {
    this.#table = table;
    this.#runs = numbers(table.texts(["run"]), shared.runs, table.rows, room);
    const schemes = table.texts(["message", "nativeIds", ONLY, "scheme"]);
    this.#schemes = numbers(schemes, shared.schemes, table.rows, room);
    this.#marks = table.marks(ID);
  }

  /** Whether it is plain to see that no two messages are versions of one; false where it is not. */
  areDifferent(from: number, until: number): boolean {
    const marks = this.#marks;
    if (marks === undefined) return false;
    const [run, scheme] = [this.#runs[from], this.#schemes[from]];
    let last = -Infinity;
    for (let i = from; i < until; i++) {
      const at = marks.of[i]!;
      if (at === NONE || this.#runs[i] !== run || this.#schemes[i] !== scheme) return false;
      const mark = marks.values[at]!;
      if (mark <= last) return false;
      last = mark;
    }
    return true;
  }

  /** Adds messages of one day; false where one may be a version of another. */
  addTo(day: PlainDay, from: number, until: number): boolean {
    this.#read();
    const [ids, texts] = [this.#ids, this.#texts];
    const of = (ids ?? texts)?.of;
    if (of === undefined || !day.takes(ids !== undefined)) return false;
    for (let i = from; i < until; i++) {
      if (of[i] === NONE || !day.isOf(this.#runs[i]!)) return false;
      if (ids !== undefined) day.addNumber(this.#schemes[i]!, ids.values[of[i]!]!);
      else if (!day.addText(this.#schemes[i]!, texts!.values, of[i]!)) return false;
    }
    return true;
  }

  #read(): void {
    if (this.#ids !== undefined || this.#texts !== undefined) return;
    this.#ids = this.#table.ids(ID);
    if (this.#ids === undefined) this.#texts = this.#table.unchecked(ID);
  }
}

/**
 * Messages of a day, as long as none can be a version of another: all of one run, each with an id of its own. Of ids it
 * takes what hashes of 53 bits say: those that differ are different, and of others it is not said.
 */
export class PlainDay {
  #areNumbers: boolean | undefined;
  #run = NONE;
  readonly #hashes: number[] = [];

  /** A number and a text cannot be compared. */
  takes(areNumbers: boolean): boolean {
    this.#areNumbers ??= areNumbers;
    return this.#areNumbers === areNumbers;
  }

  isOf(run: number): boolean {
    if (this.#run === NONE) this.#run = run;
    return this.#run === run;
  }

  addNumber(scheme: number, id: number): void {
    this.#hashes.push(joined(mixed(mixed(scheme, id >>> 0), Math.floor(id / TWO_32)), id >>> 0));
  }

  /** False where the text has a character that an unchecked column does not tell from another. */
  addText(scheme: number, { units, starts, places }: TextColumn, at: number): boolean {
    const place = places === undefined ? at : places[at]!;
    const end = starts[place + 1]!;
    let first = scheme;
    let second = ~scheme;
    for (let i = starts[place]!; i < end; i++) {
      const unit = units[i]!;
      if (unit <= LAST_MARK && unit > 0) return false;
      first = mixed(first, unit);
      second = Math.imul(second ^ unit, FACTORS[1]) + 1;
    }
    this.#hashes.push(joined(first, second));
    return true;
  }

  areDifferent(): boolean {
    const sorted = Float64Array.from(this.#hashes).sort();
    for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) return false;
    return true;
  }
}

const LAST_MARK = 4;
const TWO_32 = 2 ** 32;
const FACTORS = [0x9e3779b1, 0x85ebca6b] as const;

function mixed(hash: number, value: number): number {
  const next = Math.imul(hash ^ value, FACTORS[0]);
  return next ^ (next >>> 15);
}

/** 53 bits of two numbers of 32. */
function joined(first: number, second: number): number {
  return (first >>> 0) * 2 ** 21 + ((second ^ (second >>> 11)) & 0x1fffff);
}
