import {
  LANE,
  manifestOf,
  type ChatView,
  type History,
  type HistoryView,
  type MessageView,
} from "@keepsake/core/history";
import type { Message } from "@keepsake/core/model";

const DAY_MS = 86_400_000;
/** All that is shown of a message; what its source said besides is not. */
const SHOWN_LANES = [LANE.head, LANE.text, LANE.rest];
/** Slices that are kept as messages. */
const KEPT = 8;

/** Where a message stands in its chat: which one of its day's, which are in order of time. */
export interface Place {
  readonly day: number;
  readonly inDay: number;
}

/** A message in its place. */
export interface Placed {
  readonly place: Place;
  readonly view: MessageView;
  readonly startsDay: boolean;
  readonly startsTurn: boolean;
}

/**
 * A chat in slices of whole days, about a segment long each: what a window onto it is filled from. A slice is read
 * when somebody looks there, and the last ones that were looked at are kept.
 */
export class Slices {
  readonly chat: ChatView;
  readonly #view: HistoryView;
  /** The first day of each slice; the first one begins before everything. */
  readonly #cuts: readonly number[];
  readonly #kept = new Map<number, Promise<readonly Placed[]>>();

  private constructor(chat: ChatView, view: HistoryView, cuts: readonly number[]) {
    this.chat = chat;
    this.#view = view;
    this.#cuts = cuts;
  }

  static async open(history: History, view: HistoryView, chat: ChatView): Promise<Slices> {
    return new Slices(chat, view, await sliceStarts(history, chat.collection));
  }

  get count(): number {
    return this.#cuts.length;
  }

  /** The slice in which a day lies. */
  at(day: number): number {
    return this.#cuts.findLastIndex((cut) => cut <= day);
  }

  /** The messages of a slice, in order of time. */
  messages(slice: number): Promise<readonly Placed[]> {
    const kept = this.#kept.get(slice) ?? this.#read(slice);
    this.#kept.delete(slice);
    this.#kept.set(slice, kept);
    kept.catch(() => this.#kept.delete(slice));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return kept;
  }

  async #read(slice: number): Promise<readonly Placed[]> {
    const views: MessageView[] = [];
    const range = { ...sliceRange(this.#cuts, slice), lanes: SHOWN_LANES };
    for await (const some of this.#view.heads(this.chat.collection, range)) views.push(...some);
    return inPlaces(views).map((placed, i, all) => {
      return { ...placed, ...startsAfter(all[i - 1]?.view.message, placed.view.message) };
    });
  }
}

/**
 * The first day of each slice of a chat; the first one begins before everything. It is the first day that lies whole in
 * a segment or begins there: so the last slice, which is looked at first, lies in one segment alone.
 */
export async function sliceStarts(history: History, collection: string): Promise<readonly number[]> {
  const manifest = await manifestOf(history, collection);
  const days = new Set<number>();
  const [, ...segments] = manifest?.messages ?? [];
  for (const { first } of segments) if (first !== null) days.add(dayOf(first[0]) + 1);
  return [-Infinity, ...[...days].sort((a, b) => a - b)];
}

/** The time of a slice, as a history is asked for it. */
export function sliceRange(
  starts: readonly number[],
  slice: number,
): { readonly from?: number; readonly until?: number } {
  const [from, until] = [starts[slice]!, starts[slice + 1] ?? Infinity];
  return {
    ...(from !== -Infinity && { from: from * DAY_MS }),
    ...(until !== Infinity && { until: until * DAY_MS }),
  };
}

/** The messages of whole days in order of time, each with its place. */
export function inPlaces(views: MessageView[]): { readonly place: Place; readonly view: MessageView }[] {
  let [day, inDay] = [-Infinity, 0];
  return views
    .sort((a, b) => byTime(a.message, b.message))
    .map((view) => {
      const its = dayOf(view.message.time.sent);
      [day, inDay] = [its, its === day ? inDay + 1 : 0];
      return { place: { day, inDay }, view };
    });
}

/** A place as it stands in an address. */
export function keyOf({ day, inDay }: Place): string {
  return `${day}:${inDay}`;
}

export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}

function byTime(a: Message, b: Message): number {
  return a.time.sent - b.time.sent;
}

const TURN_MS = 5 * 60_000;

/** What a message begins. It hangs on the one before it alone, so that it stays as it is however a window moves. */
function startsAfter(
  before: Message | undefined,
  message: Message,
): { readonly startsDay: boolean; readonly startsTurn: boolean } {
  if (before === undefined) return { startsDay: true, startsTurn: true };
  const startsDay = new Date(before.time.sent).toDateString() !== new Date(message.time.sent).toDateString();
  const isLater = message.time.sent - before.time.sent > TURN_MS;
  return { startsDay, startsTurn: startsDay || isLater || before.author !== message.author };
}
