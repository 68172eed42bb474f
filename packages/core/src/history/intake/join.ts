import { KeepsakeError } from "../../base/index.ts";
import { contentDigest, nativeKeys, type Message, type Stretch } from "../../model/index.ts";
import { mergeSorted } from "../rows/order.ts";
import type { RowReader } from "../rows/read.ts";
import {
  atPlace,
  comparePlaces,
  isMessageRow,
  type MessageRow,
  type Place,
  type Placed,
} from "../rows/row.ts";
import type { Segment } from "../rows/segment.ts";
import { digestOf } from "../rows/write-segment.ts";
import type { Manifest } from "../state/manifest.ts";
import { Stretches } from "./stretches.ts";
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
  return { seen: [], gone: new Set(), superseded: new Set(), findsGone: true, covered: 0 };
}

/**
 * The incoming messages that the chat does not have, in their order, which must be canonical. A segment whose
 * messages are exactly those that come in its time is not opened: their digests tell.
 */
export async function* newMessages(
  base: JoinBase,
  incoming: AsyncIterable<readonly Incoming[] | Stretch>,
  outcome: JoinOutcome,
): AsyncGenerator<readonly Incoming[]> {
  if (isEmpty(base)) return yield* allMessages(base, incoming);
  const same = new Stretches();
  const source = new Ahead(same.without(incoming));
  const isAny = await source.hasNext();
  const start = Math.min(same.from, isAny ? source.next.message.time.sent : Infinity);
  if (start === Infinity) return;
  const span: Span = { start, same };
  const others = new Ahead(otherRows(base));
  for (const segment of base.manifest?.messages ?? []) {
    if (!reaches(segment, start)) continue;
    if (!(await source.hasNext()) && !same.reaches(segment)) continue;
    const known = new Bucket(base, outcome, span);
    await known.addAll(others, segment.last);
    yield* joinSegment(known, segment, source);
    known.finish((await source.hasNext()) ? Infinity : lastSent(source, same));
  }
  const rest = new Bucket(base, outcome, span);
  await rest.addAll(others, undefined);
  while (await source.hasNext()) yield source.takeWhile(() => true).filter((next) => rest.isNew(next));
  rest.finish(lastSent(source, same));
}

/** A reader passed over what it takes the vault to have, and the vault has it not: all has to be read. */
export class LostMemory extends KeepsakeError {
  constructor() {
    super("base.invalid", { details: { what: "lost-memory" } });
  }
}

/** The time that a source shows: where it begins, and what of it is as it was. */
interface Span {
  readonly start: number;
  readonly same: Stretches;
}

/** Whether the chat has no message yet: then every one is new, and their digests are not needed. */
export function isEmpty({ manifest, deltas }: JoinBase): boolean {
  return manifest === undefined && deltas.length === 0;
}

/** Of a chat that is empty. Throws `LostMemory` where the reader passes something over. */
async function* allMessages(
  base: JoinBase,
  incoming: AsyncIterable<readonly Incoming[] | Stretch>,
): AsyncGenerator<readonly Incoming[]> {
  const same = new Stretches();
  yield* withoutRepeats(base, same.without(incoming));
  if (!same.isEmpty) throw new LostMemory();
}

/** A source may hold a record twice; in canonical order the two stand side by side. */
async function* withoutRepeats(
  { reader }: JoinBase,
  incoming: AsyncIterable<readonly Incoming[]>,
): AsyncGenerator<readonly Incoming[]> {
  const { primitives } = reader.history.vault;
  const here: Message[] = [];
  const isNew = ({ message }: Incoming): boolean => {
    const isSamePlace = here.length > 0 && comparePlaces(here[0]!, message) === 0;
    if (!isSamePlace) {
      here.length = 1;
      here[0] = message;
      return true;
    }
    const digest = contentDigest(message, primitives);
    if (here.some((other) => contentDigest(other, primitives) === digest)) return false;
    here.push(message);
    return true;
  };
  for await (const some of incoming) yield some.filter(isNew);
}

/** Whether a segment has messages of this time or later. */
function reaches({ last }: Segment, sent: number): boolean {
  return last !== null && last[0] >= sent;
}

/** Until where the time of a source that has ended reaches. */
function lastSent({ last }: Ahead<Incoming>, same: Stretches): number {
  return Math.max(last?.message.time.sent ?? -Infinity, same.until);
}

/** The new ones among the messages that lie in a segment's time. */
async function* joinSegment(
  known: Bucket,
  segment: Segment,
  source: Ahead<Incoming>,
): AsyncGenerator<readonly Incoming[]> {
  const last = atPlace(segment.last!);
  const isWithin = ({ message }: Incoming): boolean => comparePlaces(message, last) <= 0;
  const waiting: Incoming[] = [];
  while (waiting.length <= segment.rows && (await source.hasNext()) && isWithin(source.next))
    for (const next of source.takeWhile(isWithin)) if (!known.match(next)) waiting.push(next);
  const isStretch = waiting.length === 0 && known.same.covers(segment);
  if (isStretch || isSame(known.base, segment, waiting)) return known.matchWhole(segment);
  await known.open(segment);
  yield waiting.filter((next) => known.isNew(next));
  while ((await source.hasNext()) && isWithin(source.next))
    yield source.takeWhile(isWithin).filter((next) => known.isNew(next));
}

function isSame({ reader, witness }: JoinBase, segment: Segment, waiting: readonly Incoming[]): boolean {
  if (waiting.length !== segment.rows || !witness.hasAll(segment)) return false;
  const digests = waiting.map(({ digest }) => digest);
  return digestOf(reader.history.vault.primitives, digests) === segment.digest;
}

/** Messages of the second order and of the deltas, as one order. */
async function* otherRows(base: JoinBase): AsyncGenerator<readonly Placed<MessageRow>[]> {
  const late = lateRows(base);
  for await (const row of mergeSorted([late, ...base.deltas.map(listed)])) yield [row];
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
  readonly same: Stretches;
  readonly #rows = new Map<string, Placed<MessageRow>>();
  readonly #matched = new Set<string>();
  /** Native ids of messages that are new here: a known message of the same id has got another version. */
  readonly #newKeys = new Set<string>();

  constructor(base: JoinBase, outcome: JoinOutcome, { start, same }: Span) {
    this.base = base;
    this.#outcome = outcome;
    this.#start = start;
    this.same = same;
  }

  async addAll(rows: Ahead<Placed<MessageRow>>, last: Place | null | undefined): Promise<void> {
    const end = last === undefined || last === null ? undefined : atPlace(last);
    const isWithin = ({ message }: MessageRow): boolean =>
      end === undefined || comparePlaces(message, end) <= 0;
    while ((await rows.hasNext()) && isWithin(rows.next))
      for (const row of rows.takeWhile(isWithin)) this.#add(row);
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
    this.#outcome.covered += segment.rows;
  }

  /** Notes what the source had in its time, up to `end`, and does not show any more. */
  finish(end: number): void {
    if (!this.#outcome.findsGone) return;
    for (const [digest, row] of this.#rows) {
      const { sent } = row.message.time;
      if (sent < this.#start || sent > end || !this.base.witness.has(row)) continue;
      this.#outcome.covered++;
      if (this.#matched.has(digest) || this.same.has(sent)) continue;
      const isSuperseded = nativeKeys(row.message).some((key) => this.#newKeys.has(key));
      (isSuperseded ? this.#outcome.superseded : this.#outcome.gone).add(row.leaf);
    }
  }
}

/** Lists that come one after the other, taken item by item, with a look at the next one. */
class Ahead<T> {
  readonly #lists: AsyncIterator<readonly T[]>;
  #list: readonly T[] = [];
  #place = 0;
  last: T | undefined;

  constructor(lists: AsyncIterable<readonly T[]>) {
    this.#lists = lists[Symbol.asyncIterator]();
  }

  async hasNext(): Promise<boolean> {
    while (this.#place >= this.#list.length) {
      const { value, done } = await this.#lists.next();
      if (done === true) return false;
      this.#list = value;
      this.#place = 0;
    }
    return true;
  }

  /** The next one, which `hasNext` has said is there. */
  get next(): T {
    return this.#list[this.#place]!;
  }

  /** The next ones, as far as they are here and the condition holds. */
  takeWhile(condition: (item: T) => boolean): T[] {
    const start = this.#place;
    while (this.#place < this.#list.length && condition(this.#list[this.#place]!)) this.#place++;
    const taken = this.#list.slice(start, this.#place);
    this.last = taken.at(-1) ?? this.last;
    return taken;
  }
}
