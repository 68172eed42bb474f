import { isFleeting } from "@keepsake/core/formats";
import { search, type History, type SearchHit } from "@keepsake/core/history";
import { fold } from "@keepsake/core/model";
import { KeepsakeError } from "@keepsake/core/base";
import type { Context, Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/read.ts";
import { countText, messageTimeText } from "../../ui/values.ts";
import { printable } from "../../ui/width.ts";
import { historyAsked, kindsFrom } from "../out/selection.ts";
import { chatsNamed, chatViews, nameOf, titleOf } from "../titles.ts";

const LIMIT = 50;
/** How much of a text is shown beside the match, in UTF-16 code units. */
const BESIDE = 36;

export const run: Run = async (context) => {
  const { input, output, signal } = context;
  const text = input.args[0] ?? "";
  if (text.trim() === "") throw usageError("text", "missing-argument");
  const limit = input.number("limit", 1) ?? LIMIT;
  const history = await historyAsked(context, (await openHistory(context)).history);
  const names = await namesIn(history, output.text(words.me));
  const chats = (await chatsNamed(history, input.list("chat")))?.map(({ id }) => id);
  const query = {
    text,
    chats,
    from: input.time("from"),
    until: input.time("until"),
    kinds: kindsFrom(input.list("kind")),
    signal,
  };
  const hits: SearchHit[] = [];
  for (const author of authorsNamed(names, input.text("by")))
    hits.push(...(await search(history, { ...query, author })));
  hits.sort((a, b) => b.view.message.time.sent - a.view.message.time.sent);
  const shown = hits.filter(({ view }) => !isFleeting(view.message, context.clock.now())).slice(0, limit);
  for (const hit of shown) printHit(context, names, hit);
  output.say(words.hits, { n: countText(hits.length) });
  if (hits.length > limit) output.say(words.moreHits, { n: countText(limit) });
  return { data: { found: hits.length, shown: shown.length } };
};

interface Names {
  readonly chats: ReadonlyMap<string, string>;
  readonly people: ReadonlyMap<string, string>;
}

async function namesIn(history: History, me: string): Promise<Names> {
  const [chats, people] = [new Map<string, string>(), new Map<string, string>()];
  for await (const { id, view } of chatViews(history)) {
    chats.set(id, titleOf(view, id));
    for (const [account, described] of view?.accounts ?? []) people.set(account, nameOf(described, account));
    for (const account of view?.chat.own ?? []) if (!people.has(account)) people.set(account, me);
  }
  return { chats, people };
}

/** The accounts of that id or name; one undefined for everybody. Throws `cli.no-chat` for a name nobody has. */
function authorsNamed({ people }: Names, typed: string | undefined): readonly (string | undefined)[] {
  if (typed === undefined) return [undefined];
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
