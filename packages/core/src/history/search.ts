import { throwIfAborted } from "../base/index.ts";
import { foldedPattern, searchTexts, type Message, type SearchText } from "../model/index.ts";
import { compareTextPlaces, SEARCH_AHEAD_BYTES, SEARCH_LANES } from "./find/reading.ts";
import { RowReader } from "./rows/read.ts";
import type { Segment } from "./rows/segment.ts";
import { chatCollections } from "./state/chats.ts";
import { DeltaCache, manifestOf, type History } from "./state/state.ts";
import { HistoryView, type MessageView } from "./view.ts";

export interface SearchQuery {
  /** Any text of one character or more; case, width and simplified or traditional do not matter. */
  readonly text: string;
  readonly chats?: readonly string[] | undefined;
  /** Messages by one of these accounts. */
  readonly authors?: readonly string[] | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly kinds?: readonly string[] | undefined;
  /** Messages that it refuses are passed over, and do not count for `limit`. */
  readonly accept?: ((message: Message) => boolean) | undefined;
  /** The search ends where there are so many; all if absent. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SearchHit {
  readonly collection: string;
  readonly chat: string;
  readonly view: MessageView;
  readonly where: SearchText;
  /** Where in `where.text` the match begins, and how long it is, in UTF-16 code units. */
  readonly start: number;
  readonly length: number;
}

const DAY_MS = 86_400_000;
/** Segments that are looked into before it is asked again whether there are enough hits. */
const AT_ONCE = 32;

/**
 * Scans a history for a text; the newest message first. The text lanes are looked through as they lie; only days of
 * which a segment holds the text become messages.
 */
export async function search(history: History, query: SearchQuery): Promise<SearchHit[]> {
  return query.text === "" ? [] : new Finder(history, query).find();
}

/** Where messages lie: a segment, or some of an open delta that are known to hold the text. */
interface Place {
  readonly collection: string;
  readonly first: number;
  readonly last: number;
  readonly segment?: Segment;
}

class Finder {
  readonly #history: History;
  readonly #query: SearchQuery;
  readonly #pattern: RegExp;
  readonly #reader: RowReader;
  readonly #view: HistoryView;
  readonly #limit: number;
  /** Days that were looked at, by collection: no message is found twice. */
  readonly #done = new Map<string, Set<number>>();
  #hits: SearchHit[] = [];

  constructor(history: History, query: SearchQuery) {
    this.#history = history;
    this.#query = query;
    this.#pattern = foldedPattern(query.text);
    this.#reader = new RowReader(history, new DeltaCache(history), SEARCH_AHEAD_BYTES);
    this.#view = new HistoryView(this.#reader);
    this.#limit = query.limit ?? Infinity;
  }

  async find(): Promise<SearchHit[]> {
    const places = (await this.#places()).sort((a, b) => b.last - a.last);
    for (let i = 0; i < places.length && this.#isWanted(places[i]!); i += AT_ONCE) {
      for (const place of await this.#holding(places.slice(i, i + AT_ONCE))) {
        if (this.#isWanted(place)) await this.#look(place);
      }
    }
    return this.#hits;
  }

  async #places(): Promise<Place[]> {
    const { chats, from = -Infinity, until = Infinity } = this.#query;
    const places: Place[] = [];
    for (const collection of chatCollections(this.#history)) {
      if (chats?.includes(this.#history.entries.get(collection)!.name) === false) continue;
      const manifest = await manifestOf(this.#history, collection);
      const { messages, late } = manifest ?? { messages: [], late: [] };
      for (const segment of [...messages, ...late]) places.push(...placeOf(collection, segment));
      places.push(...(await this.#inDeltas(collection, messages)));
    }
    return places.filter(({ first, last }) => last >= from && first < until);
  }

  /** Where messages of open deltas hold the text: days that lie in one segment are one place, looked at together. */
  async #inDeltas(collection: string, segments: readonly Segment[]): Promise<Place[]> {
    const days = new Set<number>();
    for (const rows of await this.#reader.deltaMessages(collection)) {
      for (const { message } of rows)
        if (matchIn(message, this.#pattern) !== undefined) days.add(dayOf(message.time.sent));
    }
    const bySegment = Map.groupBy(days, (day) =>
      segments.findIndex(({ last }) => dayOf(last?.[0] ?? -Infinity) >= day),
    );
    return [...bySegment.values()].map((some): Place => {
      const sorted = some.sort((a, b) => a - b);
      return { collection, first: sorted[0]! * DAY_MS, last: (sorted.at(-1)! + 1) * DAY_MS - 1 };
    });
  }

  /** Whether the place may hold a message that is newer than the oldest of enough hits. */
  #isWanted({ last }: Place): boolean {
    return this.#hits.length < this.#limit || last >= this.#hits.at(-1)!.view.message.time.sent;
  }

  /** Those of the places that hold the text, in their order; read in the order in which they lie. */
  async #holding(places: readonly Place[]): Promise<Place[]> {
    const holding = new Set<Place>();
    const segments = places.flatMap(({ segment }) => segment ?? []);
    this.#reader.expect(segments, SEARCH_LANES);
    for (const place of places.toSorted((a, b) => compareTextPlaces(a.segment, b.segment))) {
      throwIfAborted(this.#query.signal);
      const { collection, segment } = place;
      const texts = segment === undefined ? [] : await this.#reader.texts(collection, segment);
      if (segment === undefined || texts.some((text) => this.#pattern.test(text))) holding.add(place);
    }
    return places.filter((place) => holding.has(place));
  }

  async #look({ collection, first, last }: Place): Promise<void> {
    const done = this.#done.get(collection) ?? new Set();
    this.#done.set(collection, done);
    const { from = -Infinity, until = Infinity, signal } = this.#query;
    const start = Math.max(dayOf(first) * DAY_MS, from);
    const end = Math.min((dayOf(last) + 1) * DAY_MS, until);
    for await (const views of this.#view.batches(collection, {
      lanes: SEARCH_LANES,
      from: start,
      until: end,
    })) {
      throwIfAborted(signal);
      for (const view of views) {
        if (!done.has(dayOf(view.message.time.sent))) this.#take(collection, view);
      }
    }
    for (let day = dayOf(first); day <= dayOf(last); day++) done.add(day);
    this.#hits.sort((a, b) => b.view.message.time.sent - a.view.message.time.sent);
    this.#hits = this.#hits.slice(0, this.#limit);
  }

  #take(collection: string, view: MessageView): void {
    if (!matches(this.#query, view.message)) return;
    const match = matchIn(view.message, this.#pattern);
    if (match === undefined) return;
    this.#hits.push({ collection, chat: this.#history.entries.get(collection)!.name, view, ...match });
  }
}

/** Where a segment lies in time; nowhere where it holds no message. */
function placeOf(collection: string, segment: Segment): Place[] {
  const { first, last } = segment;
  return first === null || last === null ? [] : [{ collection, first: first[0], last: last[0], segment }];
}

function dayOf(sent: number): number {
  return Math.floor(sent / DAY_MS);
}

function matches({ authors, kinds, accept }: SearchQuery, message: Message): boolean {
  if (authors !== undefined && (message.author === undefined || !authors.includes(message.author)))
    return false;
  return kinds?.includes(message.kind) !== false && accept?.(message) !== false;
}

/** The first text of a message in which the pattern is found. */
function matchIn(
  message: Message,
  pattern: RegExp,
): Pick<SearchHit, "where" | "start" | "length"> | undefined {
  for (const where of searchTexts(message)) {
    const found = pattern.exec(where.text);
    if (found !== null) return { where, start: found.index, length: found[0].length };
  }
  return undefined;
}
