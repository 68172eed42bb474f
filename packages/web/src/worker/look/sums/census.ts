import type { MessageView } from "@keepsake/core/history";
import type { Message } from "@keepsake/core/model";
import { LocalClock, type LocalDay, type LocalMonth } from "../../../time/local-time.ts";

/** What was counted of one month. */
export interface MonthCount {
  messages: number;
  /** By the hour of the day. */
  readonly hours: Uint32Array;
  readonly kinds: Map<string, number>;
  /** By who wrote them; under `own` where the owner did. */
  readonly authors: Map<string, number>;
}

/** How much somebody wrote in a chat, and when first and last. */
export interface AuthorCount {
  messages: number;
  first: number;
  last: number;
}

/** The owner, under whichever account. */
export const OWN = "own";

/**
 * What was counted of a chat, by the days and hours of the reader. Messages of which no source tells the time are
 * among the people's and in no month.
 */
export class Census {
  readonly months = new Map<LocalMonth, MonthCount>();
  readonly authors = new Map<string, AuthorCount>();
  readonly #days = new Map<LocalDay, number>();
  readonly #own: ReadonlySet<string>;
  readonly #clock = new LocalClock();

  constructor(own: readonly string[]) {
    this.#own = new Set(own);
  }

  add(views: readonly MessageView[]): void {
    for (const { message } of views) this.#add(message);
  }

  /** A count a day, from the first day that has any to the last. */
  perDay(): DayCounts {
    if (this.#days.size === 0) return { firstDay: 0, counts: new Uint32Array(0) };
    let [first, last] = [Infinity, -Infinity];
    for (const day of this.#days.keys()) [first, last] = [Math.min(first, day), Math.max(last, day)];
    const counts = new Uint32Array(last - first + 1);
    for (const [day, count] of this.#days) counts[day - first] = count;
    return { firstDay: first, counts };
  }

  #add(message: Message): void {
    const author = this.#authorOf(message);
    const { sent, precision } = message.time;
    if (author !== undefined) this.#addAuthor(author, sent);
    if (precision === "none") return;
    const { day, month, hour } = this.#clock.at(sent);
    this.#days.set(day, (this.#days.get(day) ?? 0) + 1);
    let counted = this.months.get(month);
    if (counted === undefined) this.months.set(month, (counted = emptyMonth()));
    counted.messages++;
    if (precision !== "day") counted.hours[hour]!++;
    counted.kinds.set(message.kind, (counted.kinds.get(message.kind) ?? 0) + 1);
    if (author !== undefined) counted.authors.set(author, (counted.authors.get(author) ?? 0) + 1);
  }

  #authorOf({ author, direction, kind }: Message): string | undefined {
    if (kind === "system") return undefined;
    if (direction === "out" || (author !== undefined && this.#own.has(author))) return OWN;
    return author;
  }

  #addAuthor(author: string, sent: number): void {
    const counted = this.authors.get(author);
    if (counted === undefined) this.authors.set(author, { messages: 1, first: sent, last: sent });
    else {
      counted.messages++;
      counted.first = Math.min(counted.first, sent);
      counted.last = Math.max(counted.last, sent);
    }
  }
}

/** Messages a day: four bytes each, however many there are. */
export interface DayCounts {
  readonly firstDay: LocalDay;
  readonly counts: Uint32Array;
}

function emptyMonth(): MonthCount {
  return { messages: 0, hours: new Uint32Array(24), kinds: new Map(), authors: new Map() };
}
