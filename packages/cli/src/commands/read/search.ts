import { isFleeting } from "@keepsake/core/formats";
import { search, type History, type SearchHit } from "@keepsake/core/history";
import { accountName, fold, type Message } from "@keepsake/core/model";
import { KeepsakeError } from "@keepsake/core/base";
import type { Context, Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/read.ts";
import { countText, messageTimeText } from "../../ui/values.ts";
import { printable } from "../../ui/width.ts";
import { historyAsked, messageKinds } from "../out/selection.ts";
import { chatsNamed, chatViews, titleOf } from "../titles.ts";

const LIMIT = 50;
/** How much of a text is shown beside the match, in UTF-16 code units. */
const BESIDE = 36;

export const run: Run = async (context) => {
  const { input, output, signal } = context;
  const text = input.args[0] ?? "";
  if (text.trim() === "") throw usageError("text", "missing-argument");
  const limit = input.number("limit", 1) ?? LIMIT;
  const history = await historyAsked(context, (await openHistory(context)).history);
  const me = output.text(words.me);
  const by = input.text("by");
  const chats = (await chatsNamed(history, input.list("chat")))?.map(({ id }) => id);
  const query = {
    text,
    chats,
    authors: by === undefined ? undefined : authorsNamed(await namesIn(history, me), by),
    from: input.time("from"),
    until: input.time("until"),
    kinds: input.someOf("kind", messageKinds),
    accept: (message: Message) => !isFleeting(message, context.clock.now()),
    signal,
  };
  // One more than is shown tells whether there are more.
  const found = await search(history, { ...query, limit: limit + 1 });
  const hits = found.slice(0, limit);
  const names = await namesOf(history, me, hits);
  for (const hit of hits) printHit(context, names, hit);
  if (found.length > limit) output.say(words.moreHits, { n: countText(limit) });
  else output.say(words.hits, { n: countText(hits.length) });
  return { data: { found: hits.length, isMore: found.length > limit } };
};

interface Names {
  readonly chats: ReadonlyMap<string, string>;
  readonly people: ReadonlyMap<string, string>;
}

/** The names for some hits; where their chats do not know everybody, other chats may. */
async function namesOf(history: History, me: string, hits: readonly SearchHit[]): Promise<Names> {
  const names = await namesIn(history, me, new Set(hits.map(({ chat }) => chat)));
  const isNamed = ({ view: { message } }: SearchHit): boolean =>
    message.author === undefined || message.authorName !== undefined || names.people.has(message.author);
  return hits.every(isNamed) ? names : namesIn(history, me);
}

async function namesIn(history: History, me: string, chatIds?: ReadonlySet<string>): Promise<Names> {
  const [chats, people] = [new Map<string, string>(), new Map<string, string>()];
  for await (const { id, view } of chatViews(history, chatIds)) {
    chats.set(id, titleOf(view, id));
    for (const [account, described] of view?.accounts ?? [])
      people.set(account, accountName(described, account));
    for (const account of view?.chat.own ?? []) if (!people.has(account)) people.set(account, me);
  }
  return { chats, people };
}

/** The accounts of that id or name. Throws `cli.no-chat` for a name nobody has. */
function authorsNamed({ people }: Names, typed: string): readonly string[] {
  if (people.has(typed)) return [typed];
  const found = [...people].filter(([, name]) => fold(name) === fold(typed)).map(([account]) => account);
  if (found.length === 0) throw new KeepsakeError("cli.no-chat", { details: { found: 0 } });
  return found;
}

function printHit({ output }: Context, names: Names, { chat, view, where, start, length }: SearchHit): void {
  const { message } = view;
  const title = names.chats.get(chat) ?? chat;
  const author =
    message.authorName ??
    (message.author === undefined ? "" : (names.people.get(message.author) ?? message.author));
  const [from, until] = [Math.max(0, start - BESIDE), start + length + BESIDE];
  const before = (from > 0 ? "…" : "") + printable(where.text.slice(from, start));
  const match = printable(where.text.slice(start, start + length));
  const after = printable(where.text.slice(start + length, until)) + (until < where.text.length ? "…" : "");
  const marked = output.hasColour ? `\u001b[1;33m${match}\u001b[0m` : `«${match}»`;
  const head = `${output.dim(messageTimeText(message.time))} ${printable(title)}${author === "" || author === title ? "" : ` · ${printable(author)}`}`;
  output.line(`${head}: ${before}${marked}${after}`);
  output.event("hit", {
    chat,
    title,
    time: message.time,
    author: message.author,
    authorName: author,
    kind: message.kind,
    field: where.field,
    text: where.text,
    start,
    length,
  });
}
