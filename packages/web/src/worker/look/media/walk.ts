import {
  chatCollections,
  LANE,
  summaryOf,
  type ChatView,
  type History,
  type HistoryView,
  type MessageView,
} from "@keepsake/core/history";
import { accountName, type Message } from "@keepsake/core/model";
import { inPlaces, keyOf, sliceRange, sliceStarts } from "../slices.ts";
import { titleOf } from "../title.ts";
import { mediaTabs, sentIn, type MediaTab, type Sent } from "./items.ts";

const DAY_MS = 86_400_000;

/** Something that was sent, as the page lists it. */
export interface MediaItem extends Sent {
  readonly collection: string;
  /** Where its message stands in its chat. */
  readonly key: string;
  readonly sent: number;
  /** False where no source tells the time. */
  readonly hasTime: boolean;
  readonly author: string;
  readonly isOwn: boolean;
  /** Of its chat; empty where nobody gave it a name. */
  readonly chatTitle: string;
}

/** All but what only experts ask for: sources' own records. */
const LANES = [LANE.head, LANE.text, LANE.rest];

/**
 * Goes through chats from the newest message back, a slice at a time, and lists what was sent besides words: so much of
 * a history is read as somebody looks at.
 */
export class MediaWalk {
  readonly #chats: ChatWalk[];
  readonly #found: Readonly<Record<MediaTab, MediaItem[]>>;
  /** Found, but older than what another chat may still have. */
  #waiting: MediaItem[] = [];
  #stepping: Promise<void> = Promise.resolve();

  constructor(history: History, view: HistoryView, collection?: string) {
    const collections = collection === undefined ? chatCollections(history) : [collection];
    this.#chats = collections.map((each) => new ChatWalk(history, view, each));
    this.#found = { pictures: [], files: [], links: [], voice: [] };
  }

  /** What was found so far, the newest first. */
  found(tab: MediaTab): readonly MediaItem[] {
    return this.#found[tab];
  }

  /** Everything later than this was looked through; -Infinity once all was. */
  get until(): number {
    return Math.max(-Infinity, ...this.#chats.map((chat) => chat.until));
  }

  /** Goes one slice further. */
  step(): Promise<void> {
    const before = this.#stepping;
    this.#stepping = before.catch(() => undefined).then(() => this.#step());
    return this.#stepping;
  }

  async #step(): Promise<void> {
    const { until } = this;
    const chat = this.#chats.find((each) => each.until === until);
    if (until === -Infinity || chat === undefined) return;
    this.#waiting.push(...(await chat.next()));
    const bound = this.until;
    const isReady = ({ sent }: MediaItem): boolean => sent >= bound;
    const ready = this.#waiting.filter(isReady).sort((a, b) => b.sent - a.sent);
    this.#waiting = this.#waiting.filter((item) => !isReady(item));
    const byTab = Map.groupBy(ready, ({ tab }) => tab);
    for (const tab of mediaTabs) this.#found[tab].push(...(byTab.get(tab) ?? []));
  }
}

interface OpenWalk {
  readonly chat: ChatView | undefined;
  readonly starts: readonly number[];
  /** The slice that is read next. */
  next: number;
}

/** One chat, from its end. */
class ChatWalk {
  /** No message that was not read yet is as late as this. */
  until: number;
  readonly #history: History;
  readonly #view: HistoryView;
  readonly #collection: string;
  #open: OpenWalk | undefined;

  constructor(history: History, view: HistoryView, collection: string) {
    [this.#history, this.#view, this.#collection] = [history, view, collection];
    const { messages, last } = summaryOf(history, collection);
    this.until = messages === 0 ? -Infinity : (last ?? 0) + 1;
  }

  /** What was sent in the last slice that was not read, the newest first. */
  async next(): Promise<MediaItem[]> {
    const open = (this.#open ??= await this.#opened());
    const views: MessageView[] = [];
    const range = { ...sliceRange(open.starts, open.next), lanes: LANES };
    for await (const some of this.#view.heads(this.#collection, range)) views.push(...some);
    const items = inPlaces(views).flatMap(({ place, view: { message } }) =>
      sentIn(message).map((sent) => ({ ...sent, ...this.#about(message), key: keyOf(place) })),
    );
    this.until = open.next === 0 ? -Infinity : open.starts[open.next]! * DAY_MS;
    open.next--;
    return items.reverse();
  }

  async #opened(): Promise<OpenWalk> {
    const chat = await this.#view.chat(this.#collection);
    const starts = await sliceStarts(this.#history, this.#collection);
    return { chat, starts, next: starts.length - 1 };
  }

  #about({ author, authorName, direction, time }: Message): Omit<MediaItem, keyof Sent | "key"> {
    const view = this.#open?.chat;
    const isOwn = direction === "out" || (author !== undefined && view?.chat.own?.includes(author) === true);
    const name = author === undefined ? "" : accountName(view?.accounts.get(author), author);
    return {
      collection: this.#collection,
      sent: time.sent,
      hasTime: time.precision !== "none",
      author: authorName ?? name,
      isOwn,
      chatTitle: titleOf(view),
    };
  }
}
