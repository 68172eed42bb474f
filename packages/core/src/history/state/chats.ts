import { collectionIds, isChat, summaryOf, type History } from "./state.ts";

/** The collections of a history's chats, those with the newest message first. */
export function chatCollections(history: History): string[] {
  const ids = collectionIds(history).filter((id) => isChat(history, id));
  const last = new Map(ids.map((id) => [id, summaryOf(history, id).last ?? -Infinity]));
  return ids.sort((a, b) => last.get(b)! - last.get(a)! || (a < b ? -1 : 1));
}
