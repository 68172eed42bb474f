import { throwIfAborted } from "../base/index.ts";
import { fold, searchTexts, type SearchText } from "../model/index.ts";
import { chatCollections } from "./state/chats.ts";
import { RowReader } from "./rows/read.ts";
import { LANE } from "./rows/row.ts";
import type { History } from "./state/state.ts";
import { HistoryView, type MessageView } from "./view.ts";

export interface SearchQuery {
  /** Any text of one character or more; case, width and simplified or traditional do not matter. */
  readonly text: string;
  readonly chats?: readonly string[] | undefined;
  readonly author?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SearchHit {
  readonly collection: string;
  readonly chat: string;
  readonly view: MessageView;
  readonly where: SearchText;
  /** Where in `where.text` the match begins, and how long it is, in UTF-16 code units. */
  readonly start: number;
  readonly length: number;
}

/** Only what search needs is fetched: heads and texts. */
const SEARCH_LANES = [LANE.head, LANE.text];

/** Scans a history for a text; the newest message first. */
export async function search(history: History, query: SearchQuery): Promise<SearchHit[]> {
  const needle = fold(query.text);
  const view = new HistoryView(new RowReader(history));
  const hits: SearchHit[] = [];
  if (needle === "") return hits;
  for (const collection of chatCollections(history)) {
    const chat = history.entries.get(collection)!.name;
    if (query.chats?.includes(chat) === false) continue;
    const range = { lanes: SEARCH_LANES, from: query.from, until: query.until };
    for await (const found of view.messages(collection, range)) {
      throwIfAborted(query.signal);
      const hit = matches(query, found) ? matchIn(found, needle) : undefined;
      if (hit !== undefined) hits.push({ collection, chat, view: found, ...hit });
    }
  }
  hits.sort((a, b) => b.view.message.time.sent - a.view.message.time.sent);
  return hits.slice(0, query.limit);
}

function matches({ author, kinds }: SearchQuery, { message }: MessageView): boolean {
  return (author === undefined || message.author === author) && kinds?.includes(message.kind) !== false;
}

function matchIn(
  { message }: MessageView,
  needle: string,
): Pick<SearchHit, "where" | "start" | "length"> | undefined {
  for (const where of searchTexts(message)) {
    const start = fold(where.text).indexOf(needle);
    if (start >= 0) return { where, start, length: needle.length };
  }
  return undefined;
}
