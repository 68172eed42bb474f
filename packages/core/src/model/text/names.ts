import type { Account } from "../account.ts";
import type { Chat } from "../chat.ts";

const MOST_NAMES = 4;

/** What a person is called. */
export function accountName(account: Account | undefined, id: string): string {
  return account?.names?.[0]?.value ?? account?.value ?? id;
}

/** What a chat is called in lists: its title, or the others who are in it. */
export function chatTitle(chat: Chat, accountOf: (id: string) => Account | undefined): string {
  if (chat.title !== undefined && chat.title !== "") return chat.title;
  const own = new Set(chat.own);
  const others = (chat.members ?? []).filter(({ account }) => !own.has(account));
  const names = others.slice(0, MOST_NAMES).map(({ account }) => accountName(accountOf(account), account));
  return names.length === 0 ? chat.id : names.join(", ");
}
