import { isChat, summaryOf, type History } from "./state/state.ts";
import { logRoots } from "./write/logs.ts";

/** How a chat changed between two versions. */
export interface ChatDifference {
  /** The chat's id. */
  readonly chat: string;
  readonly change: "added" | "removed" | "changed";
  /** Records before and after; every version of a message counts. */
  readonly messages: readonly [before: number, after: number];
  readonly attachments: readonly [before: number, after: number];
}

/** What is different in `after`: chats whose content is not the same, in the order of their ids. */
export function diff(before: History, after: History): ChatDifference[] {
  const [old, now] = [logRoots(before), logRoots(after)];
  const ids = [...new Set([...old.keys(), ...now.keys()])];
  return ids
    .filter((id) => old.get(id) !== now.get(id) && (isChat(after, id) || isChat(before, id)))
    .map((id): ChatDifference => {
      const [a, b] = [summaryOf(before, id), summaryOf(after, id)];
      const change = !old.has(id) ? "added" : now.has(id) ? "changed" : "removed";
      const messages = [a.messages, b.messages] as const;
      return {
        chat: nameOf(before, after, id),
        change,
        messages,
        attachments: [a.attachments, b.attachments],
      };
    })
    .sort((a, b) => (a.chat < b.chat ? -1 : 1));
}

function nameOf(before: History, after: History, id: string): string {
  return (after.entries.get(id) ?? before.entries.get(id))?.name ?? id;
}
