import { chatCollections, summaryOf, type MessageView } from "@keepsake/core/history";
import { accountName, type Attachment, type Message } from "@keepsake/core/model";
import type { Session } from "../../session.ts";
import { isForShow } from "../for-show.ts";
import { titleOf } from "../title.ts";

/** A chat of so few messages is read in one go, and others by the day. */
const FEW_MESSAGES = 5_000;
/** A pause that ends an exchange. */
const PAUSE_MS = 60 * 60_000;
const [MOST_LINES, MOST_PICTURES] = [4, 4];

/** Something that was said that day. */
export interface SaidThen {
  readonly author: string;
  readonly isOwn: boolean;
  readonly text: string;
}

/** What a day of an earlier year is remembered by: the chat in which most was said. */
export interface Remembered {
  readonly year: number;
  readonly collection: string;
  /** Of the chat; empty where nobody gave it a name. */
  readonly title: string;
  /** How much was said there that day. */
  readonly messages: number;
  /** When its longest exchange began. */
  readonly sent: number;
  readonly lines: readonly SaidThen[];
  readonly pictures: readonly Attachment[];
}

/** A day of the calendar, the month counted from 0. */
export interface CalendarDay {
  readonly month: number;
  readonly day: number;
}

interface Window {
  readonly year: number;
  readonly from: number;
  readonly until: number;
}

/** What was said on a day of the calendar in earlier years. */
export class ThisDay {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * A day of each year before one, the latest first, as far as there is anything to show. Only so many chats are looked
   * at, those with most messages first.
   */
  async years(calendar: CalendarDay, before: number, mostChats = Infinity): Promise<readonly Remembered[]> {
    const { history } = this.#session.open;
    const sizes = chatCollections(history).map((each) => [each, summaryOf(history, each).messages] as const);
    const chats = sizes
      .sort((a, b) => b[1] - a[1])
      .slice(0, mostChats)
      .map(([collection]) => collection);
    const days: { readonly window: Window; readonly collection: string; readonly views: MessageView[] }[] =
      [];
    for (const collection of chats)
      for (const [window, views] of await this.#daysOf(collection, calendar, before))
        days.push({ window, collection, views });
    const byYear = Map.groupBy(days, ({ window }) => window.year);
    const found: Remembered[] = [];
    for (const [, its] of [...byYear].sort(([a], [b]) => b - a)) {
      const remembered = await this.#best(its);
      if (remembered !== undefined) found.push(remembered);
    }
    return found;
  }

  /** The heads of a chat's messages on the day, year by year. */
  async #daysOf(
    collection: string,
    calendar: CalendarDay,
    before: number,
  ): Promise<readonly (readonly [Window, MessageView[]])[]> {
    const { history, view } = this.#session.open;
    const { messages, first, last } = summaryOf(history, collection);
    if (first === null || last === null) return [];
    const windows = windowsOf(calendar, new Date(first).getFullYear(), before).filter(
      ({ from, until }) => until > first && from <= last,
    );
    if (windows.length === 0) return [];
    const ranges = messages <= FEW_MESSAGES ? [{}] : windows;
    const days = new Map<Window, MessageView[]>();
    for (const range of ranges)
      for await (const views of view.heads(collection, range))
        for (const each of views) {
          const { sent, precision } = each.message.time;
          const window = windows.find(({ from, until }) => sent >= from && sent < until);
          if (window === undefined || precision === "none") continue;
          days.set(window, [...(days.get(window) ?? []), each]);
        }
    return [...days];
  }

  /** Of the chats of a day: the one in which most was said between people, and what was said there. */
  async #best(
    days: readonly { readonly window: Window; readonly collection: string; readonly views: MessageView[] }[],
  ): Promise<Remembered | undefined> {
    const byWeight = days
      .map((day) => ({ ...day, weight: weightOf(day.views) }))
      .sort((a, b) => b.weight - a.weight || (a.collection < b.collection ? -1 : 1));
    for (const { window, collection, weight } of byWeight) {
      if (weight === 0) return undefined;
      const remembered = await this.#read(window, collection);
      if (remembered !== undefined) return remembered;
    }
    return undefined;
  }

  async #read({ year, from, until }: Window, collection: string): Promise<Remembered | undefined> {
    const { view } = this.#session.open;
    const chat = await view.chat(collection);
    const messages: Message[] = [];
    for await (const views of view.batches(collection, { from, until }))
      messages.push(...views.map(({ message }) => message).filter(isForShow));
    const exchange = longestExchange(messages);
    const pictures = messages.flatMap(picturesOf).slice(0, MOST_PICTURES);
    const said = exchange.filter(({ kind, body }) => kind === "text" && body?.text.trim());
    if (said.length === 0 && pictures.length === 0) return undefined;
    const lines = said.slice(0, MOST_LINES).map(({ author, authorName, direction, body }): SaidThen => {
      const isOwn =
        direction === "out" || (author !== undefined && chat?.chat.own?.includes(author) === true);
      const name = author === undefined ? "" : accountName(chat?.accounts.get(author), author);
      return { author: authorName ?? name, isOwn, text: body!.text };
    });
    const sent = exchange[0]!.time.sent;
    return { year, collection, title: titleOf(chat), messages: messages.length, sent, lines, pictures };
  }
}

/** The day in each year before one, as it begins and ends where the reader is; none where a year has no such day. */
function windowsOf({ month, day }: CalendarDay, firstYear: number, before: number): Window[] {
  const windows: Window[] = [];
  for (let year = Math.max(firstYear, 1970); year < before; year++) {
    const start = new Date(year, month, day);
    if (start.getMonth() !== month) continue;
    windows.push({ year, from: start.getTime(), until: new Date(year, month, day + 1).getTime() });
  }
  return windows;
}

/** What speaks for a chat on a day: how much was said, where two or more said it, and pictures. */
function weightOf(views: readonly MessageView[]): number {
  const shown = views.map(({ message }) => message).filter(isForShow);
  const authors = new Set(shown.map(({ author, direction }) => author ?? direction));
  const pictures = shown.filter(({ kind }) => kind === "image").length;
  return (authors.size > 1 ? shown.length : 0) + 3 * pictures;
}

/** The longest row of messages without a long pause; the earlier one of two. */
function longestExchange(messages: readonly Message[]): readonly Message[] {
  let [best, start]: [readonly Message[], number] = [messages.slice(0, 1), 0];
  for (let i = 1; i <= messages.length; i++) {
    const pause = i === messages.length ? Infinity : messages[i]!.time.sent - messages[i - 1]!.time.sent;
    if (pause <= PAUSE_MS) continue;
    if (i - start > best.length) best = messages.slice(start, i);
    start = i;
  }
  return best;
}

function picturesOf({ kind, attachments = [] }: Message): readonly Attachment[] {
  if (kind !== "image") return [];
  const shown = attachments.filter(
    ({ state, role }) => state === "present" && role !== "quoted" && role !== "old",
  );
  const [first] = shown.filter(({ role }) => role === "thumb" || role === "preview").concat(shown);
  return first === undefined ? [] : [first];
}
