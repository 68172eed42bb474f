import type { ChatView } from "@keepsake/core/history";
import { chatTitle } from "@keepsake/core/model";

/** What a chat is called; empty where nobody gave it a name. */
export function titleOf(described: ChatView | undefined): string {
  if (described === undefined) return "";
  const { chat, accounts } = described;
  const title = chatTitle(chat, (account) => accounts.get(account));
  return title === chat.id ? "" : title;
}
