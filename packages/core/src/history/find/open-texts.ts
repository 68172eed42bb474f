import { throwIfAborted } from "../../base/index.ts";
import type { Message } from "../../model/index.ts";
import { countBelow } from "../rows/backwards.ts";
import { RowReader } from "../rows/read.ts";
import type { SearchQuery } from "../search.ts";
import { chatCollections } from "../state/chats.ts";
import { summaryOf, type History } from "../state/state.ts";
import { HistoryView, type MessageView } from "../view.ts";
import { NewestFirst } from "./newest-first.ts";
import { mayHold, needleOf, textAround, type Needle, type TextBlock } from "./text-block.ts";
import { Shared } from "./columns.ts";

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
}

export interface ReadOnOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of the share that is open, whenever it has grown. */
  readonly onShare?: ((share: number) => void) | undefined;
}

/**
 * The text of a history, open: for a program that stays, and answers while somebody types. It holds every text as it is
 * shown, which is two bytes a character or one, and about half of that for finding it. Either all of it is opened
 * first, or it is read on while it answers: what it finds then is true, and the newest there is, but not all.
 */
export class OpenTexts {
  readonly #view: HistoryView;
  readonly #shared = new Shared();
  /** In no order where something was added since it was looked through. */
  readonly #blocks: TextBlock[] = [];
  #isInOrder = true;
  readonly #rest: NewestFirst;
  /** How many rows are open, and how many there are. */
  #rows = 0;
  readonly #allRows: number;
  #isWhole = false;
  #reading: Promise<void> = Promise.resolve();

  private constructor(history: History) {
    this.#view = new HistoryView(new RowReader(history));
    this.#rest = new NewestFirst(history, this.#shared);
    const counts = chatCollections(history).map((collection) => summaryOf(history, collection).messages);
    this.#allRows = counts.reduce((sum, count) => sum + count, 0);
  }

  /** Opens all of it. Throws `vault.corrupt` and `store.not-found`. */
  static async open(history: History, options: { readonly signal?: AbortSignal } = {}): Promise<OpenTexts> {
    const texts = new OpenTexts(history);
    await texts.readOn(options);
    return texts;
  }

  /** One of which nothing is open: it finds what `readOn` has read. */
  static closed(history: History): OpenTexts {
    return new OpenTexts(history);
  }

  /** How much of the messages is open, from 0 to 1; 1 only where all are. */
  get share(): number {
    return this.#isWhole ? 1 : Math.min(0.999, this.#rows / Math.max(1, this.#allRows));
  }

  /**
   * Opens the rest, the newest messages of all chats first. Stopped, or where a store fails, it goes on from there when
   * it is called again. Throws `vault.corrupt`, `base.aborted` and what the store throws.
   */
  readOn(options: ReadOnOptions = {}): Promise<void> {
    const before = this.#reading;
    this.#reading = before.catch(() => undefined).then(() => this.#readRest(options));
    return this.#reading;
  }

  async #readRest({ signal, onShare }: ReadOnOptions): Promise<void> {
    while (!this.#isWhole) {
      throwIfAborted(signal);
      const opened = await this.#rest.step(signal);
      this.#isWhole = opened === undefined;
      for (const { blocks, rows } of opened ?? []) {
        this.#blocks.push(...blocks);
        this.#isInOrder = false;
        this.#rows += rows;
      }
      // The first search has not to wait for it.
      if (this.#isWhole) this.#inOrder();
      onShare?.(this.share);
    }
  }

  /** The blocks, the one with the newest message first. */
  #inOrder(): readonly TextBlock[] {
    if (!this.#isInOrder) this.#blocks.sort((a, b) => b.times.at(-1)! - a.times.at(-1)!);
    this.#isInOrder = true;
    return this.#blocks;
  }

  /** The messages that hold a text, the newest first, as `search` finds them. */
  find(query: TextQuery): TextHit[] {
    const { text, limit = Infinity } = query;
    if (text === "") return [];
    const needle = needleOf(text);
    const newest = new Newest(limit);
    for (const block of this.#inOrder()) {
      if (block.times.at(-1)! < newest.bound) break;
      if (query.chats?.includes(block.chat) === false || !mayHold(block, needle)) continue;
      this.#matchesIn(block, { needle, query, newest });
    }
    return newest.all().map((match) => this.#hit(match, text.length));
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
    { needle, query, newest }: { needle: Needle; query: TextQuery; newest: Newest },
  ): void {
    const { times, starts, folded } = block;
    const { from = -Infinity, until = Infinity } = query;
    const end = starts[countBelow(times, until)]!;
    let next = starts[countBelow(times, Math.max(from, newest.bound))]!;
    for (;;) {
      const at = folded.indexOf(needle.folded, next);
      if (at === -1 || at >= end) return;
      const place = countBelow(starts, at + 1) - 1;
      next = starts[place + 1]!;
      if (this.#isAsked(block, place, query)) newest.add({ block, place, sent: times[place]!, at });
    }
  }

  #isAsked({ authors, kinds }: TextBlock, place: number, query: TextQuery): boolean {
    if (query.authors?.includes(this.#shared.authors.values[authors[place]!]!) === false) return false;
    return query.kinds?.includes(this.#shared.kinds.values[kinds[place]!]!) !== false;
  }

  #hit({ block, place, sent, at }: Match, length: number): TextHit {
    const { collection, chat } = block;
    const author = this.#shared.authors.values[block.authors[place]!]!;
    const day = Math.floor(sent / DAY_MS) * DAY_MS;
    return {
      collection,
      chat,
      sent,
      author: author === "" ? undefined : author,
      kind: this.#shared.kinds.values[block.kinds[place]!]!,
      ...textAround(block, at),
      length,
      placeInDay: place - countBelow(block.times, day),
    };
  }
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
