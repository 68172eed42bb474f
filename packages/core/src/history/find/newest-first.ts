import { eachBounded, throwIfAborted } from "../../base/index.ts";
import { daysOf, isInOrder, LinesBackwards, type Stretch } from "../rows/backwards.ts";
import { compareRows } from "../rows/order.ts";
import { RowReader } from "../rows/read.ts";
import type { MessageRow, Placed } from "../rows/row.ts";
import type { Segment } from "../rows/segment.ts";
import { chatCollections } from "../state/chats.ts";
import { DeltaCache, manifestOf, summaryOf, type History } from "../state/state.ts";
import { HistoryView, type MessageView } from "../view.ts";
import { SharedRoom } from "../../vault/index.ts";
import type { Shared } from "./columns.ts";
import { PlainDay } from "./identity.ts";
import { compareTextPlaces, SEARCH_AHEAD_BYTES, SEARCH_LANES } from "./reading.ts";
import { BlockWriter, type TextBlock } from "./text-block.ts";
import { ColumnLines, LooseLines, writeMessage } from "./text-lines.ts";

/** Segments that are read in one step, in the order in which they lie: few at first, so that there is something soon. */
const [FIRST_SEGMENTS, MOST_SEGMENTS] = [2, 16];

/** So many messages make a block, and those after them on the same day. */
const BLOCK_MESSAGES = 512;

/** Texts of whole days of a chat, and how many rows they were. */
export interface Opened {
  readonly blocks: readonly TextBlock[];
  readonly rows: number;
}

type ReadLines = ColumnLines | LooseLines;

interface OpenChat {
  readonly collection: string;
  readonly lines: LinesBackwards<ReadLines>;
  /** Lines of segments of which not all is written. */
  readonly read: ReadLines[];
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
  readonly #read = new Map<Segment, ReadLines>();
  readonly #shared: Shared;
  readonly #writer = new BlockWriter();
  /** What columns lay in that are of no more use. */
  #rooms: SharedRoom[] = [];
  #atOnce = FIRST_SEGMENTS;

  constructor(history: History, shared: Shared) {
    this.#history = history;
    this.#shared = shared;
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
        chat.lines.next(count).map((segment) => this.#read.get(segment)!),
      );
    this.#read.clear();
    for (const chat of wanted.keys()) this.#releaseLines(chat);
    this.#open = this.#open.filter((chat) => chat.lines.untilAfter(0) > -Infinity);
    this.#atOnce = Math.min(MOST_SEGMENTS, 2 * this.#atOnce);
    const isOver = wanted.size === 0 && this.#ready.length === 0;
    if (isOver) this.#rooms = [];
    return isOver ? undefined : this.#ready.splice(0);
  }

  /** How many segments to read next of which chats. */
  async #newest(signal: AbortSignal | undefined): Promise<ReadonlyMap<OpenChat, number>> {
    const wanted = new Map<OpenChat, number>();
    const untilOf = (chat: OpenChat): number => chat.lines.untilAfter(wanted.get(chat) ?? 0);
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
    const lines = new LinesBackwards<ReadLines>(segments, new LooseLines(loose.flat()));
    const chat = { collection, lines, read: [], shown: await this.#view.shownDays(collection) };
    this.#open.push(chat);
    this.#give(chat, []);
  }

  async #readAll(wanted: ReadonlyMap<OpenChat, number>, signal: AbortSignal | undefined): Promise<void> {
    const places = [...wanted].flatMap(([{ collection, lines }, count]) =>
      lines.next(count).map((segment) => ({ collection, segment })),
    );
    this.#reader.expect(
      places.map(({ segment }) => segment),
      SEARCH_LANES,
    );
    places.sort((a, b) => compareTextPlaces(a.segment, b.segment));
    // All are on their way at once: to be woken for each costs more than what it is woken for.
    await eachBounded(places, MOST_SEGMENTS, async ({ collection, segment }) => {
      throwIfAborted(signal);
      if (this.#read.has(segment)) return;
      const lanes = await this.#reader.lanes(collection, segment, SEARCH_LANES);
      const room = this.#rooms.pop() ?? new SharedRoom();
      this.#read.set(segment, ColumnLines.of(segment, lanes, this.#shared, room));
    });
  }

  #give(chat: OpenChat, read: readonly ReadLines[]): void {
    const stretches = chat.lines.take(read);
    chat.read.push(...read);
    if (stretches.length === 0) return;
    const { collection } = chat;
    const about = { collection, chat: this.#history.entries.get(collection)!.name };
    const blocks: TextBlock[] = [];
    let rows = 0;
    for (const day of daysOf(stretches)) {
      for (const { from, until } of day) rows += until - from;
      this.#writeDay(chat, day);
      if (this.#writer.count >= BLOCK_MESSAGES) blocks.push(this.#writer.finish(about));
    }
    if (this.#writer.count > 0) blocks.push(this.#writer.finish(about));
    this.#ready.push({ blocks, rows });
  }

  /** What was read of a chat and is written gives back its memory. */
  #releaseLines(chat: OpenChat): void {
    const held = new Set(chat.lines.held());
    for (const lines of chat.read.splice(0)) {
      if (held.has(lines)) chat.read.push(lines);
      else if (lines instanceof ColumnLines) this.#rooms.push(lines.release());
    }
  }

  /** A day on which no message can be a version of another is taken as it lies. */
  #writeDay({ shown }: OpenChat, day: readonly Stretch<ReadLines>[]): void {
    if (isPlain(day)) {
      for (const { lines, from, until } of day) lines.write(this.#writer, from, until);
      return;
    }
    const rows = day.flatMap(({ lines, from, until }) => lines.rows(from, until)).sort(compareRows);
    const messages = shown(rows).map(({ message }) => message);
    for (const message of messages.sort((a, b) => a.time.sent - b.time.sent))
      writeMessage(this.#writer, this.#shared, message);
  }
}

function isPlain(day: readonly Stretch<ReadLines>[]): day is readonly Stretch<ColumnLines>[] {
  const { lines: first, from: start, until: end } = day[0]!;
  if (day.length === 1 && first instanceof ColumnLines && first.identity.areDifferent(start, end))
    return true;
  const plain = new PlainDay();
  const areColumns = day.every(
    ({ lines, from, until }) => lines instanceof ColumnLines && lines.identity.addTo(plain, from, until),
  );
  return areColumns && isInOrder(day) && plain.areDifferent();
}

/** The chat that reaches farthest of those that have anything left. */
function newestOf(chats: readonly OpenChat[], untilOf: (chat: OpenChat) => number): OpenChat | undefined {
  let [newest, until]: [OpenChat | undefined, number] = [undefined, -Infinity];
  for (const chat of chats) if (untilOf(chat) > until) [newest, until] = [chat, untilOf(chat)];
  return newest;
}
