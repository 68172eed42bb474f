import type { Account, Chat, Message } from "../../src/model/index.ts";
import type { FileContent } from "./files.ts";
import { accountFor, imaginedChat } from "./people.ts";
import { planPhone, type AccountPlan, type Person, type PhonePlan, type WeChatOptions } from "./plan.ts";
import { ChatRows } from "./rows.ts";
import { avatarOf } from "./backup/settings.ts";

/** A message as it is to be read, and what is in its files, in step with its attachments. */
interface ImaginedMessage {
  readonly message: Message;
  readonly contents: readonly (FileContent | undefined)[];
}

interface ImaginedChat {
  readonly chat: Chat;
  readonly avatar: Uint8Array | undefined;
  /** In the order in which the phone wrote them, which is nearly that of time. */
  messages(): Iterable<ImaginedMessage>;
}

export interface ImaginedAccount {
  readonly own: Account;
  /** Everybody of whom more than the user name is known, by their ids. */
  readonly people: ReadonlyMap<string, Account>;
  readonly chats: readonly ImaginedChat[];
}

/** What a reader is to make of a phone: of the first day, or after `dayLater`. */
export function imaginePhone(
  options: WeChatOptions,
  { isLater }: { readonly isLater?: boolean } = {},
): ImaginedAccount[] {
  const plan = planPhone(options);
  return plan.accounts.map((account) => imagineAccount(plan, account, isLater));
}

function imagineAccount(plan: PhonePlan, account: AccountPlan, isLater?: boolean): ImaginedAccount {
  const pictured = new Set(
    account.chats.flatMap(({ person, hasAvatar }) => (hasAvatar ? [person.userName] : [])),
  );
  const isLabelled = plan.generation.contacts === "own database";
  const told = (person: Person, isContact: boolean): Account =>
    accountFor(person.userName, person, {
      isLabelled: isLabelled && isContact,
      hasAvatar: pictured.has(person.userName),
    });
  const inSessions = account.chats.filter(({ naming }) => naming === "session");
  const people = [
    ...account.contacts.map((person) => told(person, true)),
    ...inSessions.map(({ person }) => told(person, false)),
  ];
  return {
    own: accountFor(account.own.userName, account.own),
    people: new Map(people.map((person) => [person.id, person])),
    chats: account.chats.map((chat) => ({
      chat: imaginedChat(plan, account, chat),
      avatar: chat.hasAvatar ? avatarOf(chat.person.userName) : undefined,
      messages: () => new ChatRows(plan, account, chat).all({ isLater }),
    })),
  };
}
