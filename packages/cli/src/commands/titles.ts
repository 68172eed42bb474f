import { KeepsakeError } from "@keepsake/core/base";
import { chatCollections, HistoryView, RowReader, type ChatView, type History } from "@keepsake/core/history";
import { chatTitle, fold, type Chat } from "@keepsake/core/model";

/** What a chat is called in lists. */
export function titleOf(view: ChatView | undefined, id: string): string {
  return view === undefined ? id : chatTitle(view.chat, (account) => view.accounts.get(account));
}

/** Every chat of a history, or those of these ids, with its description; the one with the newest message first. */
export async function* chatViews(
  history: History,
  wanted?: ReadonlySet<string>,
): AsyncGenerator<{ readonly collection: string; readonly id: string; readonly view: ChatView | undefined }> {
  const views = new HistoryView(new RowReader(history));
  for (const collection of chatCollections(history)) {
    const id = history.entries.get(collection)!.name;
    if (wanted?.has(id) === false) continue;
    yield { collection, id, view: await views.chat(collection) };
  }
}

/** A chat that the person named. */
export interface NamedChat {
  readonly id: string;
  readonly collection: string;
  readonly view: ChatView | undefined;
  readonly title: string;
}

/** The chat of that id, or the one chat of that title, or the one whose title holds the text. Throws `cli.no-chat`. */
export async function chatNamed(history: History, typed: string): Promise<NamedChat> {
  const wanted = fold(typed);
  const all: NamedChat[] = [];
  for await (const each of chatViews(history)) all.push({ ...each, title: titleOf(each.view, each.id) });
  const isNamed = (each: NamedChat): boolean =>
    fold(each.title) === wanted || formerTitles(each.view?.chat).includes(wanted);
  const steps: readonly ((each: NamedChat) => boolean)[] = [
    (each) => each.id === typed || each.collection === typed,
    isNamed,
    (each) => wanted !== "" && fold(each.title).includes(wanted),
  ];
  for (const step of steps) {
    const found = all.filter(step);
    if (found.length === 1) return found[0]!;
    if (found.length > 1) throw new KeepsakeError("cli.no-chat", { details: { found: found.length } });
  }
  throw new KeepsakeError("cli.no-chat", { details: { found: 0 } });
}

/** What a chat is called, by its id or its collection; that itself where only earlier versions hold it, or none whole. */
export async function titleFor(history: History, id: string): Promise<string> {
  return chatNamed(history, id).then(
    ({ title }) => title,
    () => id,
  );
}

function formerTitles(chat: Chat | undefined): string[] {
  return (chat?.formerTitles ?? []).map(({ value }) => fold(value));
}

/** The ids of chats that were named; undefined where none were. */
export async function chatsNamed(
  history: History,
  typed: readonly string[] | undefined,
): Promise<readonly NamedChat[] | undefined> {
  if (typed === undefined) return undefined;
  const chats: NamedChat[] = [];
  for (const each of typed) chats.push(await chatNamed(history, each));
  return chats;
}
