import { chatCollections, OpenTexts, type TextHit, type TextQuery } from "@keepsake/core/history";
import { chatTitle, fold, type Account } from "@keepsake/core/model";
import type { Session } from "../session.ts";

/** What is looked for, as somebody puts it. */
export interface Asked {
  readonly text: string;
  /** A part of a chat's title. */
  readonly chat?: string;
  /** A part of a name of who wrote it. */
  readonly who?: string;
  readonly from?: number;
  readonly until?: number;
  readonly kind?: string;
}

/** What was found, as far as the history was searched. */
export interface Found {
  readonly hits: readonly Hit[];
  /** From 0 to 1: how much of the history was there to be searched. */
  readonly share: number;
  /** Whether there may be older ones than these. */
  readonly isCut: boolean;
}

/** A message that holds the text. */
export interface Hit {
  readonly collection: string;
  /** Its line in the chat. */
  readonly key: string;
  readonly sent: number;
  readonly kind: string;
  /** The text around the match, and where in it that stands. */
  readonly text: string;
  readonly start: number;
  readonly length: number;
}

const DAY_MS = 86_400_000;
/** What a screen shows at first, and what is told of at most. */
const [FIRST, MOST] = [60, 500];
/** So much of a text stands before a match, and twice as much after it. */
const AROUND = 40;

/** What people and chats of a history are called, as it is compared. */
interface Names {
  readonly chats: readonly (readonly [name: string, chat: string])[];
  readonly people: readonly (readonly [name: string, account: string])[];
}

interface Opened {
  readonly of: unknown;
  readonly texts: OpenTexts;
  names?: Promise<Names>;
}

/** Finding text in the whole history. It answers while the text is still read, with what is there. */
export class Search {
  readonly #session: Session;
  #opened: Opened | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Reads the text of the history, the newest first, and tells how much of it is there; at once where all is. */
  async readOn(onShare: (share: number) => void): Promise<void> {
    const { texts } = this.#texts();
    onShare(texts.share);
    await texts.readOn({ onShare });
  }

  /** The newest messages that hold a text, of one character too: as many as a screen shows at first. */
  find(asked: Asked): Promise<Found> {
    return this.#find(asked, FIRST);
  }

  /** The same, and older ones. */
  findMore(asked: Asked): Promise<Found> {
    return this.#find(asked, MOST);
  }

  /** A text as names are compared: the tables for it are in the worker alone. */
  fold(text: string): string {
    return fold(text);
  }

  async #find(asked: Asked, limit: number): Promise<Found> {
    const { texts } = this.#texts();
    const hits = texts.find({ ...(await this.#queryOf(asked)), limit });
    return { hits: hits.map(hitOf), share: texts.share, isCut: hits.length === limit };
  }

  async #queryOf({ text, chat = "", who = "", from, until, kind }: Asked): Promise<TextQuery> {
    const names = chat === "" && who === "" ? undefined : await this.#names();
    return {
      text,
      from,
      until,
      ...(kind !== undefined && { kinds: [kind] }),
      ...(names !== undefined && chat !== "" && { chats: named(names.chats, chat) }),
      ...(names !== undefined && who !== "" && { authors: named(names.people, who) }),
    };
  }

  #texts(): Opened {
    const { history } = this.#session.open;
    if (this.#opened?.of !== history) this.#opened = { of: history, texts: OpenTexts.closed(history) };
    return this.#opened;
  }

  #names(): Promise<Names> {
    const opened = this.#texts();
    opened.names ??= this.#readNames();
    opened.names.catch(() => delete opened.names);
    return opened.names;
  }

  async #readNames(): Promise<Names> {
    const { history, view } = this.#session.open;
    const chats: (readonly [string, string])[] = [];
    const people = new Map<string, Account>();
    for (const collection of chatCollections(history)) {
      const described = await view.chat(collection);
      if (described === undefined) continue;
      const { chat, accounts } = described;
      chats.push([fold(chatTitle(chat, (id) => accounts.get(id))), chat.id]);
      for (const [id, account] of accounts) people.set(id, account);
    }
    const namesOf = ({ names = [], value }: Account): string[] => [...names.map((name) => name.value), value];
    return { chats, people: [...people].map(([id, account]) => [fold(namesOf(account).join("\n")), id]) };
  }
}

function named(names: readonly (readonly [name: string, id: string])[], wanted: string): string[] {
  const folded = fold(wanted.trim());
  return names.filter(([name]) => name.includes(folded)).map(([, id]) => id);
}

function hitOf({ collection, sent, kind, text, start, length, placeInDay }: TextHit): Hit {
  const key = `${Math.floor(sent / DAY_MS)}:${placeInDay}`;
  const [from, until] = [Math.max(0, start - AROUND), start + length + 2 * AROUND];
  const before = `${from > 0 ? "…" : ""}${text.slice(from, start).toWellFormed()}`;
  const after = `${text.slice(start + length, until).toWellFormed()}${until < text.length ? "…" : ""}`;
  const match = text.slice(start, start + length);
  return { collection, key, sent, kind, text: before + match + after, start: before.length, length };
}
