import { accountName, chatTitle, type Account } from "@keepsake/core/model";
import type { ChatOpened } from "../worker/look/timeline.ts";

/** What a chat is called. */
export function titleOf({ chat, accounts }: Pick<ChatOpened, "chat" | "accounts">): string {
  return chatTitle(chat, (id) => accounts[id]);
}

/** What somebody is called in a chat. */
export function nameIn(accounts: Readonly<Record<string, Account>>, id: string): string {
  return accountName(accounts[id], id);
}
