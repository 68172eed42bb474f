import {
  accountId,
  chatId,
  idParts,
  type Account,
  type AccountKind,
  type AccountName,
  type Chat,
  type Draft,
  type JsonObject,
  type JsonValue,
  type Member,
} from "../../model/index.ts";
import { difference, isObject } from "../json-values.ts";
import { readAvatar, type Avatar } from "./avatar.ts";
import type { ChatFile } from "./items.ts";

/** What names an account on the platforms that ChatLab files come from. */
const accountKinds: Readonly<Record<string, AccountKind>> = { wechat: "wxid", qq: "uin", whatsapp: "phone" };

/** The platform that a file says, in our spelling. */
export function platformOf(meta: JsonObject): string {
  const platform = textOr(meta["platform"], "").trim().toLowerCase();
  return platform === "" ? "unknown" : platform;
}

export function accountOf(platform: string, value: string): string {
  const kind = Object.hasOwn(accountKinds, platform) ? accountKinds[platform]! : "userId";
  return accountId({ platform, kind, value });
}

/** The id of an account as ChatLab writes it. */
export function platformId(account: string): string {
  return idParts(account)[2] ?? account;
}

export function textOr<T>(value: JsonValue | undefined, otherwise: T): string | T {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

/** An account of a file: a member, or somebody who is only named by messages. */
export function accountNamed(id: string, names: readonly AccountName[]): Account {
  const [platform = "unknown", kind = "userId", value = id] = idParts(id);
  return { id, platform, kind, value, ...(names.length > 0 && { names }) };
}

/** A member with its picture. */
export interface ReadMember {
  readonly account: Account;
  readonly avatar: Avatar | undefined;
}

/** A member of a chat; undefined where it has no id. */
export function readMember(value: JsonObject, chat: Chat, place: number): ReadMember | undefined {
  const native = textOr(value["platformId"], undefined);
  if (native === undefined) return undefined;
  const avatar = readAvatar(value["avatar"], `avatars/${place}`);
  const account: Account = {
    ...accountNamed(accountOf(chat.platform, native), memberNames(value, chat.id)),
    ...(avatar !== undefined && { avatar: avatar.avatar }),
  };
  const picture = avatar === undefined ? undefined : textOr(value["avatar"], undefined);
  const rest = difference(value, memberFields(account, chat.id, picture));
  return { account: rest === undefined ? account : { ...account, residue: { chatlab: rest } }, avatar };
}

function memberNames(value: JsonObject, chat: string): AccountName[] {
  const names: AccountName[] = [];
  const name = textOr(value["accountName"], undefined);
  if (name !== undefined) names.push({ value: name, kind: "display" });
  const card = textOr(value["groupNickname"], undefined);
  if (card !== undefined) names.push({ value: card, kind: "groupCard", chat });
  const { aliases } = value;
  for (const alias of Array.isArray(aliases) ? (aliases as readonly JsonValue[]) : [])
    if (typeof alias === "string" && alias !== "") names.push({ value: alias, kind: "alias" });
  return names;
}

/** A member as ChatLab writes it. */
export function memberFields(account: Account, chat: string, avatar: string | undefined): JsonObject {
  const names = account.names ?? [];
  const card = names.find((name) => name.kind === "groupCard" && name.chat === chat)?.value;
  const aliases = names.filter(({ kind }) => kind === "alias" || kind === "remark").map(({ value }) => value);
  const shown = names.find(({ kind }) => kind !== "groupCard" && kind !== "alias")?.value;
  return {
    platformId: platformId(account.id),
    accountName: shown ?? names[0]?.value ?? platformId(account.id),
    ...(card !== undefined && { groupNickname: card }),
    ...(aliases.length > 0 && { aliases }),
    ...(avatar !== undefined && { avatar }),
  };
}

/** What a file tells of its chat. */
export interface ReadChat {
  readonly chat: Chat;
  readonly avatar: Avatar | undefined;
  readonly own: string | undefined;
  /** True where the other side, or the group, has no id. */
  readonly isVague: boolean;
}

/** People who are looked for in a chat between two. */
const twoPeople = 2;

/** The chat of a file. `own` is the account that the person said is theirs. */
export async function readChat(
  file: ChatFile,
  own: string | undefined,
  signal?: AbortSignal,
): Promise<ReadChat> {
  const { meta } = file.head;
  const platform = platformOf(meta);
  const members = await membersOf(file, platform, signal);
  const me = statedOwn(meta, members) ?? own;
  const chat: Draft<Chat> =
    meta["type"] === "private" ? await privateChat(file, me, signal) : groupChat(meta, platform);
  if (me !== undefined) chat.own = [me];
  const avatar = readAvatar(meta["groupAvatar"], "avatars/group");
  if (avatar !== undefined) chat.avatar = avatar.avatar;
  if (members.length > 0) chat.members = members;
  const picture = avatar === undefined ? undefined : textOr(meta["groupAvatar"], undefined);
  const isVague = chat.kind === "group" ? chat.nativeIds === undefined : me === undefined;
  chat.residue = { chatlab: residueOf(file, difference(meta, metaFields(chat, picture))) };
  return { chat, avatar, own: me, isVague };
}

/** What our fields do not hold of a file's head. */
function residueOf({ head, form, hasMembers }: ChatFile, meta: JsonObject | undefined): JsonObject {
  return {
    header: head.chatlab,
    form,
    ...(meta !== undefined && { meta }),
    ...(Object.keys(head.rest).length > 0 && { rest: head.rest }),
    ...(!hasMembers && { noMembers: true }),
  };
}

/** The owner of the history; a group's `ownerId` may also mean the owner of the group, and is then no help. */
function statedOwn(meta: JsonObject, members: readonly Member[]): string | undefined {
  const id = textOr(meta["ownerId"], undefined);
  if (id === undefined) return undefined;
  const account = accountOf(platformOf(meta), id);
  const isGroup = meta["type"] !== "private";
  return isGroup && members.some((member) => member.role === "owner" && member.account === account)
    ? undefined
    : account;
}

function groupChat(meta: JsonObject, platform: string): Draft<Chat> {
  const groupId = textOr(meta["groupId"], undefined);
  const title = textOr(meta["name"], undefined);
  return {
    id: chatId({ platform, class: "group", nativeId: groupId ?? title ?? "" }),
    platform,
    kind: "group",
    ...(groupId !== undefined && { nativeIds: [{ scheme: `${platform}.group`, value: groupId }] }),
    ...(title !== undefined && { title }),
  };
}

/** A chat between two: known by the other side, or by both where it is not known who the owner is. */
async function privateChat(
  file: ChatFile,
  me: string | undefined,
  signal?: AbortSignal,
): Promise<Draft<Chat>> {
  const { meta } = file.head;
  const platform = platformOf(meta);
  const title = textOr(meta["name"], undefined);
  const people = [...(await peopleOf(file, signal))].sort();
  const other = people.find((id) => me !== undefined && accountOf(platform, id) !== me);
  return {
    id: chatId({ platform, class: "user", nativeId: other ?? people.join(" "), own: me }),
    platform,
    kind: "direct",
    ...(title !== undefined && { title }),
  };
}

/** A chat's head as ChatLab writes it. */
export function metaFields(chat: Chat, avatar: string | undefined): JsonObject {
  const isGroup =
    chat.kind === "group" || chat.kind === "channel" || chat.kind === "broadcast" || chat.kind === "thread";
  const own = chat.own?.[0];
  return {
    name: chat.title ?? "",
    platform: chat.platform,
    type: isGroup ? "group" : "private",
    ...(isGroup && chat.nativeIds?.[0] !== undefined && { groupId: chat.nativeIds[0].value }),
    ...(avatar !== undefined && { groupAvatar: avatar }),
    ...(own !== undefined && { ownerId: platformId(own) }),
  };
}

/** The first two who are members or say something. */
async function peopleOf(file: ChatFile, signal: AbortSignal | undefined): Promise<Set<string>> {
  const people = new Set<string>();
  for await (const bunch of file.items(signal)) {
    for (const { type, value } of bunch) {
      if (!isObject(value) || type === "broken") continue;
      const isPerson = type === "member" || value["type"] !== 80;
      const id = isPerson ? textOr(value[type === "member" ? "platformId" : "sender"], undefined) : undefined;
      if (id !== undefined) people.add(id);
      if (people.size >= twoPeople) return people;
    }
  }
  return people;
}

async function membersOf(
  file: ChatFile,
  platform: string,
  signal: AbortSignal | undefined,
): Promise<Member[]> {
  const members: Member[] = [];
  for await (const { value } of file.members(signal)) {
    const id = isObject(value) ? textOr(value["platformId"], undefined) : undefined;
    if (id === undefined || !isObject(value) || members.length >= maxMembers) continue;
    const roles = Array.isArray(value["roles"])
      ? (value["roles"] as readonly JsonValue[]).filter(isObject)
      : [];
    const ids = roles.map((role) => role["id"]);
    const role = ["owner", "admin"].find((name) => ids.includes(name));
    const title = textOr(value["groupNickname"], undefined);
    members.push({
      account: accountOf(platform, id),
      ...(role !== undefined && { role }),
      ...(title !== undefined && { title }),
    });
  }
  return members;
}

const maxMembers = 100_000;
