import { contentDigest } from "../../../model/index.ts";
import { toRanges } from "../../intake/witness.ts";
import type { RowReader } from "../../rows/read.ts";
import {
  comparePlaces,
  type LeafRange,
  type MessageRow,
  type Placed,
  type Row,
  type Run,
} from "../../rows/row.ts";
import { rowText } from "../../rows/leaves.ts";
import { isForgotten, type ForgetRule } from "../../state/rules.ts";
import { addDigests } from "../digests.ts";
import { laterWords, type Word } from "./words.ts";

/** A collection in one of two copies. */
export interface Side {
  readonly reader: RowReader;
  readonly collection: string;
}

/** Where rows of the other copy go. */
export interface RowSink {
  /** Takes messages in canonical order; the leaf that the first one becomes. */
  messages(rows: readonly MessageRow[]): Promise<number>;
  notes(rows: readonly Row[]): Promise<void>;
}

export interface JoinOptions {
  readonly sink: RowSink;
  /** Every run that either copy knows, by id. */
  readonly runs: ReadonlyMap<string, Run>;
  /** What was forgotten here stays so. */
  readonly rules: readonly ForgetRule[] | undefined;
}

/** What one collection has gained. */
export interface JoinedRows {
  readonly messages: number;
  readonly notes: number;
  /** Messages that a rule here has forgotten. */
  readonly leftOut: number;
  /** Digests of the files that the new rows name. */
  readonly files: ReadonlySet<string>;
}

/** Messages that are held before they are handed on. */
const HELD_ROWS = 8 * 1024;

/** Hands on every row that the other copy's collection has and ours has not, in words that fit our leaves. */
export async function joinRows(
  ours: Side | undefined,
  theirs: Side,
  options: JoinOptions,
): Promise<JoinedRows> {
  const join = new RowJoin(ours, theirs, options);
  await join.messages();
  return join.notes();
}

class RowJoin {
  readonly #ours: Side | undefined;
  readonly #theirs: Side;
  readonly #options: JoinOptions;
  /** Their leaves to ours, where they are not the same. */
  readonly #leaves = new Map<number, number>();
  /** Their leaves that do not come over. */
  readonly #dropped = new Set<number>();
  /** Leaves of ours that a run over there found too, by run. */
  readonly #sightings = new Map<string, number[]>();
  /** Of these, the run that found them here. */
  readonly #ownRuns = new Map<number, string>();
  readonly #files = new Set<string>();
  #held: Placed<MessageRow>[] = [];
  #messages = 0;
  #leftOut = 0;

  constructor(ours: Side | undefined, theirs: Side, options: JoinOptions) {
    this.#ours = ours;
    this.#theirs = theirs;
    this.#options = options;
  }

  async messages(): Promise<void> {
    const [ours, theirs] = [this.#ours, this.#theirs];
    const here = ours?.reader.messages(ours.collection);
    for await (const [known, found] of byPlace(here, theirs.reader.messages(theirs.collection))) {
      this.#match(known, found);
      if (this.#held.length >= HELD_ROWS) await this.#handOn();
    }
    await this.#handOn();
  }

  #match(known: readonly Placed<MessageRow>[], found: readonly Placed<MessageRow>[]): void {
    const { primitives } = this.#theirs.reader.history.vault;
    const byDigest = new Map(known.map((row) => [contentDigest(row.message, primitives), row]));
    for (const row of found) {
      const own = byDigest.get(contentDigest(row.message, primitives));
      if (own !== undefined) this.#meet(own, row);
      else if (isForgotten(this.#options.rules, row.message)) {
        this.#leftOut++;
        this.#dropped.add(row.leaf);
      } else this.#held.push(row);
    }
  }

  #meet(own: Placed<MessageRow>, row: Placed<MessageRow>): void {
    if (own.leaf !== row.leaf) this.#leaves.set(row.leaf, own.leaf);
    if (own.run === row.run) return;
    this.#ownRuns.set(own.leaf, own.run);
    const seen = this.#sightings.get(row.run) ?? [];
    this.#sightings.set(row.run, seen);
    seen.push(own.leaf);
  }

  async #handOn(): Promise<void> {
    const held = this.#held;
    if (held.length === 0) return;
    this.#held = [];
    const first = await this.#options.sink.messages(held.map(({ run, message }) => ({ run, message })));
    for (const [i, row] of held.entries()) {
      this.#leaves.set(row.leaf, first + i);
      addDigests(row, this.#files);
    }
    this.#messages += held.length;
  }

  async notes(): Promise<JoinedRows> {
    const [ours, theirs] = [this.#ours, this.#theirs];
    const known = ours === undefined ? [] : await ours.reader.notes(ours.collection);
    const found = await theirs.reader.notes(theirs.collection);
    const said = new Set(known.map(rowText));
    for (const row of found) if ("forgotten" in row) this.#dropped.add(row.leaf);
    const notes = found.flatMap((row): Row[] => {
      if ("forgotten" in row || wordOf(row) !== undefined || said.has(rowText(row))) return [];
      addDigests(row, this.#files);
      const { leaf: _, ...note } = row;
      return [note];
    });
    const ownWords = wordsOf(known);
    const theirWords = wordsOf(found).map((word) => ({ ...word, ranges: this.#translate(word.ranges) }));
    const fresh = [...theirWords, ...this.#newSightings(ownWords)].filter(
      (word) => word.ranges.length > 0 && !said.has(rowText(rowOf(word))),
    );
    const first = [...this.#ownRuns].map(([leaf, run]): Word => ({
      run,
      isSeen: true,
      ranges: [[leaf, leaf]],
    }));
    const words = laterWords(fresh, [...first, ...ownWords], this.#options.runs).map(rowOf);
    if (notes.length + words.length > 0) await this.#options.sink.notes([...notes, ...words]);
    const counts = { messages: this.#messages, notes: notes.length + words.length, leftOut: this.#leftOut };
    return { ...counts, files: this.#files };
  }

  /** What runs over there found, as far as it is not said here. */
  #newSightings(known: readonly Word[]): Word[] {
    return [...this.#sightings].map(([run, leaves]) => {
      const said = known.filter((word) => word.run === run && word.isSeen).flatMap(({ ranges }) => ranges);
      const isSaid = (leaf: number): boolean => said.some(([a, b]) => a <= leaf && leaf <= b);
      return { run, isSeen: true, ranges: toRanges(leaves.filter((leaf) => !isSaid(leaf))) };
    });
  }

  #translate(ranges: readonly LeafRange[]): readonly LeafRange[] {
    if (this.#leaves.size === 0 && this.#dropped.size === 0) return ranges;
    const leaves: number[] = [];
    for (const [first, last] of ranges) {
      for (let leaf = first; leaf <= last; leaf++)
        if (!this.#dropped.has(leaf)) leaves.push(this.#leaves.get(leaf) ?? leaf);
    }
    return toRanges(leaves);
  }
}

function wordsOf(notes: readonly Row[]): Word[] {
  return notes.flatMap((row) => wordOf(row) ?? []);
}

function wordOf(row: Row): Word | undefined {
  if ("seen" in row) return { run: row.run, isSeen: true, ranges: row.seen };
  return "gone" in row ? { run: row.run, isSeen: false, ranges: row.gone } : undefined;
}

function rowOf({ run, isSeen, ranges }: Word): Row {
  return isSeen ? { run, seen: ranges } : { run, gone: ranges };
}

type Rows = AsyncIterable<Placed<MessageRow>>;

/** Rows of both in canonical order, those of one place together; only places that the second has. */
async function* byPlace(
  first: Rows | undefined,
  second: Rows,
): AsyncGenerator<[Placed<MessageRow>[], Placed<MessageRow>[]]> {
  const known = first === undefined ? undefined : stretches(first);
  let ahead = await known?.next();
  for await (const there of stretches(second)) {
    while (ahead?.done === false && compareRowPlaces(ahead.value, there) < 0) ahead = await known!.next();
    const here = ahead?.done === false ? ahead.value : [];
    yield [here.length > 0 && compareRowPlaces(here, there) === 0 ? here : [], there];
  }
  await known?.return(undefined);
}

/** Rows in canonical order, those of one place together. */
async function* stretches(rows: Rows): AsyncGenerator<Placed<MessageRow>[], undefined> {
  let here: Placed<MessageRow>[] = [];
  for await (const row of rows) {
    if (here.length > 0 && compareRowPlaces(here, [row]) !== 0) {
      yield here;
      here = [];
    }
    here.push(row);
  }
  if (here.length > 0) yield here;
  return undefined;
}

function compareRowPlaces([a]: readonly MessageRow[], [b]: readonly MessageRow[]): number {
  return comparePlaces(a!.message, b!.message);
}
