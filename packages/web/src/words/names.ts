import { accountName, chatTitle, type Account } from "@keepsake/core/model";
import { say } from "../state/language.ts";
import { chats } from "./pages/chats.ts";
import type { ChatOpened } from "../worker/look/timeline.ts";

/** What a chat is called. */
export function titleOf({ chat, accounts }: Pick<ChatOpened, "chat" | "accounts">): string {
  const title = chatTitle(chat, (id) => accounts[id]);
  return shownTitle(title === chat.id ? "" : title);
}

/** A title, or that there is none. */
export function shownTitle(title: string): string {
  return title === "" ? say(chats).noTitle : title;
}

/** What somebody is called in a chat. */
export function nameIn(accounts: Readonly<Record<string, Account>>, id: string): string {
  return accountName(accounts[id], id);
}
