import { throwIfAborted } from "../../base/index.ts";
import type { Message } from "../../model/index.ts";
import { RowsBackwards } from "../rows/backwards.ts";
import { RowReader } from "../rows/read.ts";
import { isMessageRow, type MessageRow, type Placed } from "../rows/row.ts";
import type { Segment } from "../rows/segment.ts";
import { chatCollections } from "../state/chats.ts";
import { DeltaCache, manifestOf, summaryOf, type History } from "../state/state.ts";
import { HistoryView, type MessageView } from "../view.ts";
import { compareTextPlaces, SEARCH_AHEAD_BYTES, SEARCH_LANES } from "./reading.ts";

/** Segments that are read in one step, in the order in which they lie: few at first, so that there is something soon. */
const [FIRST_SEGMENTS, MOST_SEGMENTS] = [2, 16];

/** Messages of whole days of a chat as they are shown, in canonical order, and how many rows they were. */
export interface Opened {
  readonly collection: string;
  readonly messages: Message[];
  readonly rows: number;
}

interface OpenChat {
  readonly collection: string;
  readonly rows: RowsBackwards;
  readonly shown: (rows: readonly Placed<MessageRow>[]) => MessageView[];
}

/** Reads heads and texts of a history, the newest messages of all chats first. A step that failed can be tried again. */
export class NewestFirst {
  readonly #history: History;
  readonly #reader: RowReader;
  readonly #view: HistoryView;
  /** Chats of which nothing was read; the one with the newest message comes last. */
  readonly #closed: { readonly collection: string; readonly until: number }[];
  #open: OpenChat[] = [];
  /** What was opened and not given yet. */
  #ready: Opened[] = [];
  /** Segments that were read for a step that is not over. */
  readonly #read = new Map<Segment, Placed<MessageRow>[]>();
  #atOnce = FIRST_SEGMENTS;

  constructor(history: History) {
    this.#history = history;
    this.#reader = new RowReader(history, new DeltaCache(history), SEARCH_AHEAD_BYTES);
    this.#view = new HistoryView(this.#reader);
    this.#closed = chatCollections(history)
      .reverse()
      .map((collection) => ({ collection, until: summaryOf(history, collection).last ?? -Infinity }));
  }

  /** A few segments more; undefined once all was read. Throws `vault.corrupt` and `store.not-found`. */
  async step(signal?: AbortSignal): Promise<readonly Opened[] | undefined> {
    const wanted = await this.#newest(signal);
    await this.#readAll(wanted, signal);
    for (const [chat, count] of wanted)
      this.#give(
        chat,
        chat.rows.next(count).map((segment) => this.#read.get(segment)!),
      );
    this.#read.clear();
    this.#open = this.#open.filter((chat) => chat.rows.untilAfter(0) > -Infinity);
    this.#atOnce = Math.min(MOST_SEGMENTS, 2 * this.#atOnce);
    const isOver = wanted.size === 0 && this.#ready.length === 0;
    return isOver ? undefined : this.#ready.splice(0);
  }

  /** How many segments to read next of which chats. */
  async #newest(signal: AbortSignal | undefined): Promise<ReadonlyMap<OpenChat, number>> {
    const wanted = new Map<OpenChat, number>();
    const untilOf = (chat: OpenChat): number => chat.rows.untilAfter(wanted.get(chat) ?? 0);
    for (let count = 0; count < this.#atOnce; count++) {
      let newest = newestOf(this.#open, untilOf);
      for (let closed = this.#closed.at(-1); closed !== undefined; closed = this.#closed.at(-1)) {
        if (newest !== undefined && untilOf(newest) > closed.until) break;
        throwIfAborted(signal);
        await this.#openChat(closed.collection);
        this.#closed.pop();
        newest = newestOf(this.#open, untilOf);
      }
      if (newest === undefined) break;
      wanted.set(newest, (wanted.get(newest) ?? 0) + 1);
    }
    return wanted;
  }

  async #openChat(collection: string): Promise<void> {
    const manifest = await manifestOf(this.#history, collection);
    const loose = await this.#reader.deltaMessages(collection);
    const segments = [...(manifest?.messages ?? []), ...(manifest?.late ?? [])];
    const rows = new RowsBackwards(segments, loose.flat());
    const chat = { collection, rows, shown: await this.#view.shownDays(collection) };
    this.#open.push(chat);
    this.#give(chat, []);
  }

  async #readAll(wanted: ReadonlyMap<OpenChat, number>, signal: AbortSignal | undefined): Promise<void> {
    const places = [...wanted].flatMap(([{ collection, rows }, count]) =>
      rows.next(count).map((segment) => ({ collection, segment })),
    );
    for (const { collection, segment } of places.sort((a, b) => compareTextPlaces(a.segment, b.segment))) {
      throwIfAborted(signal);
      if (this.#read.has(segment)) continue;
      const rows = await this.#reader.segment(collection, segment, SEARCH_LANES);
      this.#read.set(segment, rows.filter(isMessageRow));
    }
  }

  #give({ collection, rows, shown }: OpenChat, read: readonly Placed<MessageRow>[][]): void {
    const days = rows.take(read);
    const messages = days.length === 0 ? [] : shown(days).map(({ message }) => message);
    if (days.length > 0) this.#ready.push({ collection, messages, rows: days.length });
  }
}

/** The chat that reaches farthest of those that have anything left. */
function newestOf(chats: readonly OpenChat[], untilOf: (chat: OpenChat) => number): OpenChat | undefined {
  let [newest, until]: [OpenChat | undefined, number] = [undefined, -Infinity];
  for (const chat of chats) if (untilOf(chat) > until) [newest, until] = [chat, untilOf(chat)];
  return newest;
}
