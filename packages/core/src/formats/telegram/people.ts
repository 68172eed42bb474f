import {
  accountId,
  chatId,
  idParts,
  type Account,
  type AccountName,
  type Chat,
  type Draft,
  type JsonObject,
  type JsonValue,
} from "../../model/index.ts";
import { difference, digitsOf, isObject, withDifference } from "../json-values.ts";
import type { ChatPart } from "./frame.ts";
import { present, words } from "./parts/media.ts";
import { chatNumber, chatType, peerAccount, platform, typeOfChat, type Peer } from "./parts/peers.ts";

/** The owner's account, of the section that a full export has of it. */
export function statedOwn(information: JsonValue | undefined): Account | undefined {
  if (!isObject(information)) return undefined;
  const value = digitsOf(information["user_id"]);
  if (value === undefined || !/^\d+$/.test(value)) return undefined;
  const names: AccountName[] = [];
  const full = fullName(information);
  if (full !== undefined) names.push({ value: full, kind: "profile" });
  const handle = words(information["username"]);
  if (handle !== undefined) names.push({ value: handle, kind: "handle" });
  return userAccount(value, names, words(information["phone_number"]));
}

/** The people of the owner's address book that have an account. */
export function contactAccounts(contacts: JsonValue | undefined): Account[] {
  const list = isObject(contacts) ? contacts["list"] : undefined;
  if (!Array.isArray(list)) return [];
  return (list as readonly JsonValue[]).filter(isObject).flatMap((contact) => {
    const value = digitsOf(contact["user_id"]);
    if (value === undefined || !/^[1-9]\d*$/.test(value)) return [];
    const name = fullName(contact);
    const names: AccountName[] = name === undefined ? [] : [{ value: name, kind: "remark" }];
    return [userAccount(value, names, words(contact["phone_number"]))];
  });
}

function userAccount(value: string, names: readonly AccountName[], phone: string | undefined): Account {
  const digits = phone?.replace(/[^\d+]/g, "");
  return {
    id: peerAccount({ kind: "userId", value }),
    platform,
    kind: "userId",
    value,
    ...(names.length > 0 && { names }),
    ...(digits !== undefined &&
      digits !== "" && { alsoKnownAs: [accountId({ platform: "phone", kind: "phone", value: digits })] }),
  };
}

function fullName(about: JsonObject): string | undefined {
  const parts = [words(about["first_name"]), words(about["last_name"])].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(" ");
}

/** An account by the id that `accountId` made of it. */
export function accountById(id: string, name?: string): Account {
  const [of = platform, kind = "name", value = id] = idParts(id);
  const account = { id, platform: of, kind, value };
  return name === undefined ? account : { ...account, names: [{ value: name, kind: "display" }] };
}

/** What must be known of an export to name its chats. */
export interface ChatSetting {
  readonly own: string | undefined;
  /** Whether numbers are shifted, as in exports from October 2020 to May 2021. */
  readonly isShifted: boolean;
}

/** The chat of an export. */
export function readChatHead({ head, ranges, isLeft }: ChatPart, { own, isShifted }: ChatSetting): Chat {
  const type = chatType(head["type"]);
  const number = chatNumber(head["id"], isShifted);
  const title = words(head["name"]);
  const isUser = type.class === "user";
  const chat: Draft<Chat> = {
    id: chatId({ platform, class: type.class, nativeId: number ?? title ?? "", own }),
    platform,
    kind: type.kind,
  };
  if (number !== undefined)
    chat.nativeIds = [{ scheme: `telegram.${isUser ? "user" : type.class}`, value: number }];
  if (own !== undefined) chat.own = [own];
  if (title !== undefined) chat.title = title;
  const rest = difference(head, chatFields(chat, "0"));
  const residue = { ...rest, ...(isLeft && { left: true }), ...(ranges.length === 0 && { empty: true }) };
  chat.residue = { telegram: residue };
  return chat;
}

/** The fields of a chat as Telegram would write them from ours alone. */
function chatFields(chat: Chat, number?: string): JsonObject {
  const [, ofClass] = idParts(chat.id);
  const native = chat.nativeIds?.find(({ scheme }) => scheme.startsWith("telegram."))?.value ?? number;
  const id = native !== undefined && String(Number(native)) === native ? Number(native) : undefined;
  return {
    ...present("name", chat.title),
    type: typeOfChat(chat.kind, ofClass),
    ...present("id", id),
  };
}

/** A chat's fields with what its residue adds. */
export function chatJson(chat: Chat, number?: string): JsonObject {
  return withDifference(chatFields(chat, number), chatResidue(chat));
}

/** What our fields do not hold of a chat. */
export function chatResidue(chat: Chat): JsonObject {
  const residue = chat.residue?.["telegram"];
  return isObject(residue) ? residue : {};
}

/** The peer on the other side of a chat between two. */
export function otherPeer(chat: Chat): Peer | undefined {
  const value = chat.nativeIds?.find(({ scheme }) => scheme === "telegram.user")?.value;
  return value === undefined ? undefined : { kind: "userId", value };
}
