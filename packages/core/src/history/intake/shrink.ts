import { isMessageRow } from "../rows/row.ts";
import { collectionIds, isChat } from "../state/state.ts";
import type { ChatOutcome, ChatRun } from "../write/chat.ts";
import { Witness } from "./witness.ts";

/** More than this many, and more than this share, rings the alarm. */
const ALARM_MESSAGES = 20;
const ALARM_SHARE = 0.01;

/** What a source showed at its last runs and does not show any more. All of it is kept. */
export interface Shrink {
  /** Chats, by id, that it does not show at all, with how many of its messages they hold. */
  readonly missingChats: readonly { readonly chat: string; readonly messages: number }[];
  /** Chats that show fewer messages of the time that they cover. */
  readonly shrunkChats: readonly {
    readonly chat: string;
    readonly missing: number;
    readonly before: number;
  }[];
}

/** Compares what the source shows with what it showed, in the scope that both cover; undefined if that is all there. */
export async function findShrink(
  context: ChatRun,
  chats: readonly ChatOutcome[],
): Promise<Shrink | undefined> {
  const shown = new Set(chats.map((chat) => chat.chat));
  const missingChats = await chatsNotShown(context, shown);
  const shrunkChats = chats
    .filter(({ gone, covered }) => gone.length > ALARM_MESSAGES && gone.length > covered * ALARM_SHARE)
    .map(({ chat, gone, covered }) => ({ chat, missing: gone.length, before: covered }));
  const isWhole = missingChats.length === 0 && shrunkChats.length === 0;
  return isWhole ? undefined : { missingChats, shrunkChats };
}

async function chatsNotShown(
  { batch, isOwnRun }: ChatRun,
  shown: ReadonlySet<string>,
): Promise<{ chat: string; messages: number }[]> {
  const { history, reader } = batch;
  const missing: { chat: string; messages: number }[] = [];
  for (const collection of collectionIds(history)) {
    const chat = history.entries.get(collection)!.name;
    if (!isChat(history, collection) || shown.has(chat)) continue;
    const notes = await reader.notes(collection);
    if (!notes.some((note) => "run" in note && isOwnRun(note.run))) continue;
    const witness = new Witness(notes, isOwnRun);
    let messages = 0;
    for await (const row of reader.messages(collection, { lanes: [0] })) {
      if (isMessageRow(row) && witness.has(row)) messages++;
    }
    if (messages > 0) missing.push({ chat, messages });
  }
  return missing;
}
