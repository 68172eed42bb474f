import { isFleeting } from "@keepsake/core/formats";
import { HistoryView, RowReader, summaryOf, type ChatView, type MessageView } from "@keepsake/core/history";
import { accountName, placeholder, type Message } from "@keepsake/core/model";
import type { Context, Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import * as words from "../../ui/messages/read.ts";
import { dayText, messageTimeText } from "../../ui/values.ts";
import { printable } from "../../ui/width.ts";
import { requireConsent } from "../consent.ts";
import { historyAsked } from "../out/selection.ts";
import { chatNamed } from "../titles.ts";

const LIMIT = 50;
const WEEK_MS = 7 * 86_400_000;

export const run: Run = async (context) => {
  const { input, output } = context;
  const limit = input.number("limit", 1) ?? LIMIT;
  const around = input.time("around");
  const history = await historyAsked(context, (await openHistory(context)).history);
  const { collection, view, title, id } = await chatNamed(history, input.args[0] ?? "");
  const messages = new HistoryView(new RowReader(history));
  const { first, last } = summaryOf(history, collection);
  const reach = { collection, first: first ?? 0, last: last ?? 0 };
  // What somebody took back or wrote anew is opened by a step of its own.
  if (input.flag("earlier")) await requireConsent(context, words.reallyEarlier);
  const half = Math.ceil(limit / 2);
  const end = around ?? input.time("before") ?? Infinity;
  const before = await messagesBefore(messages, reach, end, around === undefined ? limit : half);
  const after = around === undefined ? [] : await messagesFrom(messages, collection, around, limit - half);
  output.line(output.bold(printable(title)));
  for (const each of [...before, ...after]) printMessage(context, view, each);
  if (before.length + after.length === 0) output.say(words.noMessages);
  return { data: { chat: id, title, messages: before.length + after.length } };
};

interface Reach {
  readonly collection: string;
  readonly first: number;
  readonly last: number;
}

/** The last messages before a time: longer and longer spans are read backwards until there are enough. */
async function messagesBefore(
  view: HistoryView,
  { collection, first, last }: Reach,
  before: number,
  limit: number,
): Promise<MessageView[]> {
  let until = Math.min(before, last + 1);
  let span = WEEK_MS;
  let found: MessageView[] = [];
  for (;;) {
    const from = until - span > first ? until - span : undefined;
    const some: MessageView[] = [];
    for await (const message of view.messages(collection, { from, until })) {
      some.push(message);
      if (some.length > limit) some.shift();
    }
    found = [...some, ...found];
    if (from === undefined || found.length >= limit) return found.slice(-limit);
    [until, span] = [from, span * 4];
  }
}

async function messagesFrom(
  view: HistoryView,
  collection: string,
  from: number,
  limit: number,
): Promise<MessageView[]> {
  const found: MessageView[] = [];
  for await (const message of view.messages(collection, { from })) {
    if (found.length >= limit) break;
    found.push(message);
  }
  return found;
}

function printMessage(
  context: Context,
  view: ChatView | undefined,
  { message, versions }: MessageView,
): void {
  const { output, input, clock } = context;
  const isClosed = !input.flag("includeExpired") && isFleeting(message, clock.now());
  const text = isClosed ? output.text(words.closed) : placeholder(message, output.language);
  const name = shownName(context, message, view);
  const parts = [
    output.dim(messageTimeText(message.time)),
    name === "" ? "" : `${output.bold(printable(name))}:`,
    printable(text),
    ...marksOf(context, message),
  ];
  output.line(parts.filter((part) => part !== "").join(" "));
  output.event("message", {
    time: message.time,
    author: message.author,
    authorName: authorOf(message, view),
    kind: message.kind,
    text: isClosed ? undefined : text,
    isClosed,
    deletion: message.deletion?.state,
    isEdited: message.editedAt !== undefined,
    versions: versions.length,
    ...(input.flag("earlier") && !isClosed && { earlier: earlierOf(context, message, versions) }),
  });
  if (!input.flag("earlier") || isClosed) return;
  for (const { text: said, seen } of earlierOf(context, message, versions))
    output.line(
      output.dim(`    ${output.text(words.earlier, { day: dayText(seen), text: printable(said) })}`),
    );
}

/** What a message said before, as far as that is something else, the oldest first. */
function earlierOf(
  { output }: Context,
  shown: Message,
  versions: MessageView["versions"],
): { readonly text: string; readonly seen: number }[] {
  const now = placeholder(shown, output.language);
  const said = versions.map(({ message, seen }) => {
    const times = seen.map(({ asOf }) => asOf);
    return { text: placeholder(message, output.language), seen: Math.min(...times) };
  });
  return said.filter(({ text }) => text !== now).sort((a, b) => a.seen - b.seen);
}

/** What became of a message, in words. */
function marksOf({ output }: Context, { deletion, editedAt }: Message): string[] {
  const marks = [
    deletion?.state === "deletedLocally" ? words.gone : undefined,
    editedAt === undefined ? undefined : words.edited,
  ];
  return marks.filter((mark) => mark !== undefined).map((mark) => output.dim(output.text(mark)));
}

function shownName({ output }: Context, message: Message, view: ChatView | undefined): string {
  const isOwn = message.author !== undefined && view?.chat.own?.includes(message.author) === true;
  return isOwn ? output.text(words.me) : authorOf(message, view);
}

function authorOf({ author, authorName }: Message, view: ChatView | undefined): string {
  if (authorName !== undefined) return authorName;
  return author === undefined ? "" : accountName(view?.accounts.get(author), author);
}
