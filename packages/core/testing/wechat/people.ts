import { accountId, chatId, type Account, type AccountName, type Chat } from "../../src/model/index.ts";
import { accountOf, labelOf, md5 } from "./names.ts";
import type { AccountPlan, ChatPlan, Person, PhonePlan } from "./plan.ts";

const platform = "wechat";

/** The user name by which a reader knows a chat: its hash where nobody gives the name away. */
export function readName({ naming, person }: ChatPlan): string {
  return naming === "nobody" ? md5(person.userName) : person.userName;
}

export function chatIdOf({ own }: AccountPlan, chat: ChatPlan): string {
  const nativeId = readName(chat);
  const isGroup = nativeId.endsWith("@chatroom");
  return chatId({ platform, class: isGroup ? "group" : "user", nativeId, own: accountOf(own.userName) });
}

/** The account of a person, with the names that the list of contacts has. */
export function accountFor(
  userName: string,
  known: Person | undefined,
  {
    isLabelled = false,
    hasAvatar = false,
  }: { readonly isLabelled?: boolean; readonly hasAvatar?: boolean } = {},
): Account {
  const kind = userName.endsWith("@chatroom") ? "group" : "wxid";
  const names = known === undefined ? [] : namesOf(known);
  const id = accountId({ platform, kind, value: userName });
  const label = isLabelled ? labelOf(userName) : undefined;
  return {
    id,
    platform,
    kind,
    value: userName,
    ...(names.length > 0 && { names }),
    ...(label !== undefined && { labels: [label.name] }),
    ...(hasAvatar && { avatar: { state: "present", kind: "avatar" } }),
  };
}

function namesOf({ remark, nickname, alias }: Person): AccountName[] {
  const names = [
    { kind: "remark", value: remark },
    { kind: "display", value: nickname },
    { kind: "handle", value: alias },
  ] as const;
  return names.flatMap(({ kind, value }) => (value === undefined ? [] : [{ value, kind }]));
}

/** How people are shown in a chat: by their name in the group, else as the owner calls them. */
export function namesIn(plan: PhonePlan, chat: ChatPlan): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const person of [chat.person, ...chat.members.map((member) => member.person)]) {
    const name = person.remark ?? person.nickname ?? person.alias;
    if (name !== undefined) names.set(person.userName, name);
  }
  if (hasCards(plan) && chat.naming === "contact")
    for (const { person, card } of chat.members) if (card !== undefined) names.set(person.userName, card);
  return names;
}

/** Older versions list who is in a group, and not what each is called there. */
function hasCards({ generation }: PhonePlan): boolean {
  return generation.contacts === "own database";
}

/** A chat as a reader is to tell of it. */
export function imaginedChat(plan: PhonePlan, account: AccountPlan, chat: ChatPlan): Chat {
  const { person, naming, place } = chat;
  const title = person.remark ?? person.nickname ?? person.alias;
  const kinds = { group: "group", official: "channel", self: "self", direct: "direct" } as const;
  const members = chat.members.map(({ person: { userName }, card }) => ({
    account: accountOf(userName),
    ...(hasCards(plan) && card !== undefined && { title: card }),
  }));
  return {
    id: chatIdOf(account, chat),
    platform,
    kind: naming === "nobody" ? "unknown" : kinds[place],
    own: [accountOf(account.own.userName)],
    ...(title !== undefined && { title }),
    ...(chat.hasAvatar && { avatar: { state: "present", kind: "avatar" } }),
    ...(place === "group" && naming === "contact" && { members }),
  };
}
