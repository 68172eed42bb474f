import { contentDigest, nativeKeys, type Message } from "../../model/index.ts";
import { mergeSorted } from "../rows/order.ts";
import type { RowReader } from "../rows/read.ts";
import {
  comparePlaces,
  isMessageRow,
  placeOf,
  type MessageRow,
  type Place,
  type Placed,
} from "../rows/row.ts";
import { digestOf, type Segment } from "../rows/segment.ts";
import type { Manifest } from "../state/manifest.ts";
import type { Witness } from "./witness.ts";

/** A message as it comes from a reader, with what makes it equal to another; empty where nothing is compared. */
export interface Incoming {
  readonly message: Message;
  readonly digest: string;
}

/** What a join found beside the new messages. */
export interface JoinOutcome {
  /** Leaves that the source has too, and is not known to have. */
  readonly seen: number[];
  /** Leaves that the source had, and that are not in what it shows of the same time. */
  readonly gone: Set<number>;
  /** The same, but of messages of which it shows another version now. */
  readonly superseded: Set<number>;
  /** Whether all that the source shows of its time comes in this pass; in a later one, nothing is found missing. */
  findsGone: boolean;
  /** How many of the source's records lie in the time that it shows now. */
  covered: number;
  matched: number;
}

/** What a chat has already, and what the source said of it before. */
export interface JoinBase {
  readonly reader: RowReader;
  readonly collection: string;
  readonly manifest: Manifest | undefined;
  /** Messages in open deltas, each list in canonical order. */
  readonly deltas: readonly (readonly Placed<MessageRow>[])[];
  readonly witness: Witness;
}

export function newOutcome(): JoinOutcome {
  return { seen: [], gone: new Set(), superseded: new Set(), findsGone: true, covered: 0, matched: 0 };
}

/**
 * The incoming messages that the chat does not have, in their order, which must be canonical. A segment whose
 * messages are exactly those that come in its time is not opened: their digests tell.
 */
export async function* newMessages(
  base: JoinBase,
  incoming: AsyncIterable<Incoming>,
  outcome: JoinOutcome,
): AsyncGenerator<Incoming> {
  if (isEmpty(base)) return yield* withoutRepeats(base, incoming);
  const source = new Peekable(incoming);
  const first = await source.peek();
  if (first === undefined) return;
  const start = first.message.time.sent;
  const others = new Peekable(otherRows(base));
  for (const segment of base.manifest?.messages ?? []) {
    if (!reaches(segment, start) || (await source.peek()) === undefined) continue;
    const known = new Bucket(base, outcome, start);
    await known.addAll(others, segment.last);
    yield* joinSegment(known, segment, source);
    known.finish(lastSent(await source.peek(), source.last));
  }
  const rest = new Bucket(base, outcome, start);
  await rest.addAll(others, undefined);
  for (let next = await source.next(); next !== undefined; next = await source.next()) {
    if (rest.isNew(next)) yield next;
  }
  rest.finish(lastSent(undefined, source.last));
}

/** Whether the chat has no message yet: then every one is new, and their digests are not needed. */
export function isEmpty({ manifest, deltas }: JoinBase): boolean {
  return manifest === undefined && deltas.length === 0;
}

/** A source may hold a record twice; in canonical order the two stand side by side. */
async function* withoutRepeats(
  { reader }: JoinBase,
  incoming: AsyncIterable<Incoming>,
): AsyncGenerator<Incoming> {
  const { primitives } = reader.history.vault;
  let here: Incoming[] = [];
  for await (const next of incoming) {
    const isSamePlace =
      here.length > 0 && comparePlaces(placeOf(here[0]!.message), placeOf(next.message)) === 0;
    if (!isSamePlace) here = [];
    const digest = isSamePlace ? contentDigest(next.message, primitives) : "";
    if (here.some(({ message }) => contentDigest(message, primitives) === digest)) continue;
    here.push(next);
    yield next;
  }
}

/** Whether a segment has messages of this time or later. */
function reaches({ last }: Segment, sent: number): boolean {
  return last !== null && last[0] >= sent;
}

/** Until where the source's time reaches as far as is known: everything, while more is to come. */
function lastSent(next: Incoming | undefined, last: Incoming | undefined): number {
  return next === undefined ? (last?.message.time.sent ?? -Infinity) : Infinity;
}

async function* joinSegment(
  known: Bucket,
  segment: Segment,
  source: Peekable<Incoming>,
): AsyncGenerator<Incoming> {
  const waiting: Incoming[] = [];
  while (waiting.length <= segment.rows) {
    const next = await nextWithin(source, segment);
    if (next === undefined) break;
    if (!known.match(next)) waiting.push(next);
  }
  if (isSame(known.base, segment, waiting)) return known.matchWhole(segment);
  await known.open(segment);
  for (const next of waiting) if (known.isNew(next)) yield next;
  for (
    let next = await nextWithin(source, segment);
    next !== undefined;
    next = await nextWithin(source, segment)
  ) {
    if (known.isNew(next)) yield next;
  }
}

/** The next message, if it lies in the segment's time; undefined leaves it where it is. */
async function nextWithin(source: Peekable<Incoming>, segment: Segment): Promise<Incoming | undefined> {
  const next = await source.peek();
  if (next === undefined || comparePlaces(placeOf(next.message), segment.last!) > 0) return undefined;
  return source.next();
}

function isSame({ reader, witness }: JoinBase, segment: Segment, waiting: readonly Incoming[]): boolean {
  if (waiting.length !== segment.rows || !witness.hasAll(segment)) return false;
  const digests = waiting.map(({ digest }) => digest);
  return digestOf(reader.history.vault.primitives, digests) === segment.digest;
}

/** Messages of the second order and of the deltas, as one order. */
function otherRows(base: JoinBase): AsyncGenerator<Placed<MessageRow>> {
  const late = lateRows(base);
  return mergeSorted([late, ...base.deltas.map(listed)]);
}

async function* lateRows({ reader, collection, manifest }: JoinBase): AsyncGenerator<Placed<MessageRow>> {
  for (const segment of manifest?.late ?? []) {
    for (const row of await reader.segment(collection, segment)) if (isMessageRow(row)) yield row;
  }
}

// oxlint-disable-next-line typescript/require-await -- one of several lists, another comes from the store
async function* listed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** The known messages of one stretch of time, by digest. */
class Bucket {
  readonly base: JoinBase;
  readonly #outcome: JoinOutcome;
  readonly #start: number;
  readonly #rows = new Map<string, Placed<MessageRow>>();
  readonly #matched = new Set<string>();
  /** Native ids of messages that are new here: a known message of the same id has got another version. */
  readonly #newKeys = new Set<string>();

  constructor(base: JoinBase, outcome: JoinOutcome, start: number) {
    this.base = base;
    this.#outcome = outcome;
    this.#start = start;
  }

  async addAll(rows: Peekable<Placed<MessageRow>>, last: Place | null | undefined): Promise<void> {
    for (let next = await rows.peek(); next !== undefined; next = await rows.peek()) {
      if (last !== undefined && last !== null && comparePlaces(placeOf(next.message), last) > 0) return;
      await rows.next();
      this.#add(next);
    }
  }

  async open(segment: Segment): Promise<void> {
    for (const row of await this.base.reader.segment(this.base.collection, segment)) {
      if (isMessageRow(row)) this.#add(row);
    }
  }

  #add(row: Placed<MessageRow>): void {
    this.#rows.set(contentDigest(row.message, this.base.reader.history.vault.primitives), row);
  }

  match({ digest }: Incoming): boolean {
    const row = this.#rows.get(digest);
    if (row === undefined) return false;
    if (this.#matched.has(digest)) return true;
    this.#matched.add(digest);
    this.#outcome.matched++;
    this.#outcome.gone.delete(row.leaf);
    this.#outcome.superseded.delete(row.leaf);
    if (!this.base.witness.has(row)) this.#outcome.seen.push(row.leaf);
    return true;
  }

  /** Whether the message is not known; true once for each, because a source may hold one record twice. */
  isNew(next: Incoming): boolean {
    if (this.match(next) || this.#matched.has(next.digest)) return false;
    this.#matched.add(next.digest);
    for (const key of nativeKeys(next.message)) this.#newKeys.add(key);
    return true;
  }

  matchWhole(segment: Segment): void {
    this.#outcome.matched += segment.rows;
    this.#outcome.covered += segment.rows;
  }

  /** Notes what the source had in its time, up to `end`, and does not show any more. */
  finish(end: number): void {
    if (!this.#outcome.findsGone) return;
    for (const [digest, row] of this.#rows) {
      const { sent } = row.message.time;
      if (sent < this.#start || sent > end || !this.base.witness.has(row)) continue;
      this.#outcome.covered++;
      if (this.#matched.has(digest)) continue;
      const isSuperseded = nativeKeys(row.message).some((key) => this.#newKeys.has(key));
      (isSuperseded ? this.#outcome.superseded : this.#outcome.gone).add(row.leaf);
    }
  }
}

/** An iteration that can be looked ahead into by one. */
class Peekable<T> {
  readonly #iterator: AsyncIterator<T>;
  #ahead: Promise<IteratorResult<T>> | undefined;
  last: T | undefined;

  constructor(items: AsyncIterable<T>) {
    this.#iterator = items[Symbol.asyncIterator]();
  }

  async peek(): Promise<T | undefined> {
    this.#ahead ??= this.#iterator.next();
    const { value, done } = await this.#ahead;
    return done === true ? undefined : (value as T);
  }

  async next(): Promise<T | undefined> {
    const value = await this.peek();
    this.#ahead = undefined;
    if (value !== undefined) this.last = value;
    else this.#ahead = Promise.resolve({ value: undefined, done: true });
    return value;
  }
}
