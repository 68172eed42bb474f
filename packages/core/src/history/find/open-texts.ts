import { throwIfAborted } from "../../base/index.ts";
import { foldedPattern, type Message } from "../../model/index.ts";
import { RowReader } from "../rows/read.ts";
import { LANE } from "../rows/row.ts";
import type { SearchQuery } from "../search.ts";
import { chatCollections } from "../state/chats.ts";
import type { History } from "../state/state.ts";
import { HistoryView, type MessageView } from "../view.ts";
import {
  countBelow,
  mayHold,
  pairBits,
  Places,
  textAround,
  textBlock,
  type TextBlock,
} from "./text-block.ts";

const DAY_MS = 86_400_000;
/** Hits beyond the limit that gather before the oldest are dropped. */
const SPARE_HITS = 256;

/** A message in which a text was found; `viewOf` gives the whole of it. */
export interface TextHit {
  readonly collection: string;
  readonly chat: string;
  readonly sent: number;
  readonly author: string | undefined;
  readonly kind: string;
  /** The text that holds the match, where it begins, and how long it is, in UTF-16 code units. */
  readonly text: string;
  readonly start: number;
  readonly length: number;
  /** Which one of the day's messages it is. */
  readonly placeInDay: number;
}

/** What `find` goes by: all of a `SearchQuery` that can be told without the message. */
export type TextQuery = Omit<SearchQuery, "accept" | "signal">;

/** A match before it is one of those that count. */
interface Match {
  readonly block: TextBlock;
  readonly place: number;
  readonly sent: number;
  readonly at: number;
  readonly length: number;
}

/**
 * The text of a history, open: for a program that stays, and answers while somebody types. It holds every text as it is
 * shown, which is two bytes a character or one, and about a third more for finding it.
 */
export class OpenTexts {
  readonly #view: HistoryView;
  /** The one with the newest message first. */
  readonly #blocks: readonly TextBlock[];
  readonly #authors: Places;
  readonly #kinds: Places;

  private constructor(view: HistoryView, blocks: readonly TextBlock[], places: SharedPlaces) {
    this.#view = view;
    this.#blocks = blocks.toSorted((a, b) => b.times.at(-1)! - a.times.at(-1)!);
    this.#authors = places.authors;
    this.#kinds = places.kinds;
  }

  /** Reads heads and texts, chat by chat. Throws `vault.corrupt` and `store.not-found`. */
  static async open(history: History, options: { readonly signal?: AbortSignal } = {}): Promise<OpenTexts> {
    const view = new HistoryView(new RowReader(history));
    const places = { authors: new Places(), kinds: new Places() };
    const blocks: TextBlock[] = [];
    for (const collection of chatCollections(history)) {
      const about = { collection, chat: history.entries.get(collection)!.name };
      for await (const views of view.batches(collection, { lanes: [LANE.head, LANE.text] })) {
        throwIfAborted(options.signal);
        const messages = views.map(({ message }) => message);
        blocks.push(textBlock(about, messages.sort(byTime), places));
      }
    }
    return new OpenTexts(view, blocks, places);
  }

  /** The messages that hold a text, the newest first, as `search` finds them. */
  find(query: TextQuery): TextHit[] {
    const { text, limit = Infinity } = query;
    if (text === "") return [];
    const bits = pairBits(text);
    const pattern = new RegExp(foldedPattern(text), "g");
    const newest = new Newest(limit);
    for (const block of this.#blocks) {
      if (block.times.at(-1)! < newest.bound) break;
      if (query.chats?.includes(block.chat) === false || !mayHold(block, bits)) continue;
      this.#matchesIn(block, { pattern, query, newest });
    }
    return newest.all().map((match) => this.#hit(match));
  }

  /** The whole message of a hit. */
  async viewOf({ collection, sent, placeInDay }: TextHit): Promise<MessageView | undefined> {
    const from = Math.floor(sent / DAY_MS) * DAY_MS;
    const day: MessageView[] = [];
    for await (const views of this.#view.batches(collection, { from, until: from + DAY_MS }))
      day.push(...views);
    return day.sort((a, b) => byTime(a.message, b.message))[placeInDay];
  }

  #matchesIn(
    block: TextBlock,
    { pattern, query, newest }: { pattern: RegExp; query: TextQuery; newest: Newest },
  ): void {
    const { times, starts, text } = block;
    const { from = -Infinity, until = Infinity } = query;
    pattern.lastIndex = starts[countBelow(times, Math.max(from, newest.bound))]!;
    const end = starts[countBelow(times, until)]!;
    for (;;) {
      const found = pattern.exec(text);
      if (found === null || found.index >= end) return;
      const place = countBelow(starts, found.index + 1) - 1;
      pattern.lastIndex = starts[place + 1]!;
      if (this.#isAsked(block, place, query))
        newest.add({ block, place, sent: times[place]!, at: found.index, length: found[0].length });
    }
  }

  #isAsked({ authors, kinds }: TextBlock, place: number, query: TextQuery): boolean {
    if (query.authors?.includes(this.#authors.values[authors[place]!]!) === false) return false;
    return query.kinds?.includes(this.#kinds.values[kinds[place]!]!) !== false;
  }

  #hit({ block, place, sent, at, length }: Match): TextHit {
    const { collection, chat } = block;
    const author = this.#authors.values[block.authors[place]!]!;
    const day = Math.floor(sent / DAY_MS) * DAY_MS;
    return {
      collection,
      chat,
      sent,
      author: author === "" ? undefined : author,
      kind: this.#kinds.values[block.kinds[place]!]!,
      ...textAround(block, at),
      length,
      placeInDay: place - countBelow(block.times, day),
    };
  }
}

interface SharedPlaces {
  readonly authors: Places;
  readonly kinds: Places;
}

function byTime(a: Message, b: Message): number {
  return a.time.sent - b.time.sent;
}

/** The newest of many matches. */
class Newest {
  readonly #limit: number;
  #matches: Match[] = [];
  /** What is older than this need not be added. */
  bound = -Infinity;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(match: Match): void {
    if (match.sent < this.bound) return;
    this.#matches.push(match);
    if (this.#matches.length >= this.#limit + SPARE_HITS) this.#drop();
  }

  all(): Match[] {
    this.#drop();
    return this.#matches;
  }

  #drop(): void {
    this.#matches = this.#matches.sort((a, b) => b.sent - a.sent).slice(0, this.#limit);
    if (this.#matches.length === this.#limit) this.bound = this.#matches.at(-1)!.sent;
  }
}
