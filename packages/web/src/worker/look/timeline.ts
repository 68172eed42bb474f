import { KeepsakeError } from "@keepsake/core/base";
import { summaryOf } from "@keepsake/core/history";
import { isTakenBack, type Account, type Chat, type Message } from "@keepsake/core/model";
import type { Session } from "../session.ts";
import { dayOf, keyOf, Slices, type Place, type Placed } from "./slices.ts";

/** A chat with those who speak in it. */
export interface ChatOpened {
  readonly collection: string;
  readonly chat: Chat;
  readonly accounts: Readonly<Record<string, Account>>;
  /** Own accounts: their messages stand on the right. */
  readonly own: readonly string[];
  readonly messages: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** A message as the page shows it. */
export interface Line {
  /** `day:inDay`: its place, and the same as long as nothing is added to its day. */
  readonly key: string;
  readonly message: Message;
  /** How many versions of it were found. */
  readonly versions: number;
  /** Whether it is the first one of its day, where the reader is. */
  readonly startsDay: boolean;
  /** Whether somebody else spoke before it, or a while went by. */
  readonly startsTurn: boolean;
}

/** Some messages that follow each other. */
export interface Stretch {
  readonly lines: readonly Line[];
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

/** Where to look: at the newest, at a time, or at a message. */
export type At = "end" | { readonly timeMs: number } | { readonly key: string };

/** Windows onto chats. */
export class Timeline {
  readonly #session: Session;
  #of: unknown;
  readonly #slices = new Map<string, Promise<Slices>>();

  constructor(session: Session) {
    this.#session = session;
  }

  async open(collection: string): Promise<ChatOpened> {
    const { history } = this.#session.open;
    const { chat } = await this.#chat(collection);
    const { messages, first, last } = summaryOf(history, collection);
    return {
      collection,
      chat: chat.chat,
      accounts: Object.fromEntries(chat.accounts),
      own: chat.chat.own ?? [],
      messages,
      first,
      last,
    };
  }

  /** Messages around a place: as many before it, and from it on, as are asked for, where there are so many. */
  async around(
    collection: string,
    at: At,
    { before, after }: { before: number; after: number },
  ): Promise<Stretch> {
    const chat = await this.#chat(collection);
    const place = placeOf(at);
    const slice = Math.max(0, chat.at(place.day));
    const here = await chat.messages(slice);
    const index = here.findIndex((each) => isFrom(each, at));
    const middle = index === -1 ? here.length : index;
    const start = await this.#backward(chat, { slice, end: middle, count: before });
    const end = await this.#forward(chat, { slice, start: middle, count: after });
    return { lines: [...start.lines, ...end.lines], isStart: start.isWhole, isEnd: end.isWhole };
  }

  /** The messages before one. */
  async before(collection: string, key: string, count: number): Promise<Stretch> {
    return this.around(collection, { key }, { before: count, after: 0 });
  }

  /** The messages after one. */
  async after(collection: string, key: string, count: number): Promise<Stretch> {
    const { day, inDay } = placeOf({ key });
    return this.around(collection, { key: `${day}:${inDay + 1}` }, { before: 0, after: count });
  }

  async #backward(
    chat: Slices,
    { slice, end, count }: { slice: number; end: number; count: number },
  ): Promise<{ lines: Line[]; isWhole: boolean }> {
    let lines: Line[] = [];
    for (let [at, until] = [slice, end]; ; at--, until = Infinity) {
      const some = (await chat.messages(at)).slice(0, until);
      const taken = some.slice(Math.max(0, some.length - (count - lines.length)));
      lines = [...taken.map(lineOf), ...lines];
      if (at === 0 && taken.length === some.length) return { lines, isWhole: true };
      if (lines.length >= count) return { lines, isWhole: false };
    }
  }

  async #forward(
    chat: Slices,
    { slice, start, count }: { slice: number; start: number; count: number },
  ): Promise<{ lines: Line[]; isWhole: boolean }> {
    const lines: Line[] = [];
    for (let [at, from] = [slice, start]; ; at++, from = 0) {
      const some = (await chat.messages(at)).slice(from);
      const taken = some.slice(0, count - lines.length);
      lines.push(...taken.map(lineOf));
      const isLast = at === chat.count - 1;
      if (isLast && taken.length === some.length) return { lines, isWhole: true };
      if (lines.length >= count) return { lines, isWhole: false };
    }
  }

  async #chat(collection: string): Promise<Slices> {
    const { history } = this.#session.open;
    if (this.#of !== history) this.#slices.clear();
    this.#of = history;
    let slices = this.#slices.get(collection);
    if (slices === undefined) {
      slices = openSlices(this.#session, collection);
      this.#slices.set(collection, slices);
      slices.catch(() => this.#slices.delete(collection));
    }
    return slices;
  }
}

async function openSlices({ open }: Session, collection: string): Promise<Slices> {
  const chat = await open.view.chat(collection);
  if (chat === undefined) throw new KeepsakeError("web.no-chat");
  return Slices.open(open.history, open.view, chat);
}

function placeOf(at: At): Place {
  if (at === "end") return { day: Infinity, inDay: 0 };
  if ("timeMs" in at) return { day: dayOf(at.timeMs), inDay: 0 };
  const [day, inDay] = at.key.split(":").map(Number) as [number, number];
  return { day, inDay };
}

function compare(a: Place, b: Place): number {
  return a.day === b.day ? a.inDay - b.inDay : a.day - b.day;
}

/** Whether a message stands where somebody wants to look, or after it. */
function isFrom({ place, view }: Placed, at: At): boolean {
  if (typeof at === "object" && "timeMs" in at) return view.message.time.sent >= at.timeMs;
  return compare(place, placeOf(at)) >= 0;
}

function lineOf({ place, view, startsDay, startsTurn }: Placed): Line {
  const message = withoutTakenBack(view.message);
  return { key: keyOf(place), message, versions: view.versions.length, startsDay, startsTurn };
}

/** What its author took back stays in the worker until somebody asks for it by a step of its own. */
function withoutTakenBack(message: Message): Message {
  if (!isTakenBack(message)) return message;
  const { chat, author, authorName, time, direction, deletion, kind } = message;
  return {
    chat,
    kind,
    time,
    ...(author !== undefined && { author }),
    ...(authorName !== undefined && { authorName }),
    ...(direction !== undefined && { direction }),
    ...(deletion !== undefined && { deletion }),
  };
}
