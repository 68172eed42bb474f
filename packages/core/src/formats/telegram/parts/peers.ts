import {
  accountId,
  chatId,
  idParts,
  type AccountKind,
  type ChatClass,
  type ChatKind,
} from "../../../model/index.ts";
import { digitsOf } from "../../json-values.ts";

export const platform: string = "telegram";

/** Somebody or something that has a number in Telegram. */
export interface Peer {
  readonly kind: Extract<AccountKind, "userId" | "group" | "channel">;
  readonly value: string;
}

const prefixKinds: Readonly<Record<string, Peer["kind"]>> = {
  user: "userId",
  chat: "group",
  channel: "channel",
};
const prefixes: Readonly<Record<Peer["kind"], string>> = {
  userId: "user",
  group: "chat",
  channel: "channel",
};
const peerText = /^(user|chat|channel)(\d{1,20})$/;
/** Exports from October 2020 to May 2021 add this to the number of a user, and twice this to that of a group. */
const shift = 0x1_0000_0000;

/** The peer of `user1`, `chat1`, `channel1`, or of a bare number as exports before May 2021 write it. */
export function peerOf(value: unknown): Peer | undefined {
  if (typeof value === "string") {
    const [, prefix, digits] = peerText.exec(value) ?? [];
    return prefix === undefined ? undefined : { kind: prefixKinds[prefix]!, value: digits! };
  }
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) return undefined;
  return { kind: "userId", value: String(value >= shift && value < 2 * shift ? value - shift : value) };
}

export function peerAccount(peer: Peer): string {
  return accountId({ platform, kind: peer.kind, value: peer.value });
}

/** What Telegram calls an account of its own; undefined for any other. */
export function accountPeerText(id: string): string | undefined {
  const [from, kind, value] = idParts(id);
  if (from !== platform || value === undefined || !/^\d+$/.test(value)) return undefined;
  return Object.hasOwn(prefixes, kind!) ? `${prefixes[kind as Peer["kind"]]}${value}` : undefined;
}

interface ChatType {
  readonly kind: ChatKind;
  readonly class: ChatClass;
}

/** What Telegram calls a chat, what we call it, and in which space its number is unique. */
const chatTypes: Readonly<Record<string, ChatType>> = {
  saved_messages: { kind: "self", class: "user" },
  replies: { kind: "service", class: "user" },
  verification_codes: { kind: "service", class: "user" },
  personal_chat: { kind: "direct", class: "user" },
  bot_chat: { kind: "bot", class: "user" },
  private_group: { kind: "group", class: "group" },
  private_supergroup: { kind: "group", class: "channel" },
  public_supergroup: { kind: "group", class: "channel" },
  private_channel: { kind: "channel", class: "channel" },
  public_channel: { kind: "channel", class: "channel" },
};

export function chatType(type: unknown): ChatType {
  const known = typeof type === "string" && Object.hasOwn(chatTypes, type) ? chatTypes[type] : undefined;
  return known ?? { kind: "unknown", class: "list" };
}

/** What Telegram calls a chat of that sort. */
export function typeOfChat(kind: ChatKind, ofClass: string | undefined): string {
  if (kind === "group" || kind === "thread")
    return ofClass === "group" ? "private_group" : "private_supergroup";
  if (kind === "channel" || kind === "broadcast") return "private_channel";
  const types: Partial<Record<ChatKind, string>> = {
    self: "saved_messages",
    service: "replies",
    direct: "personal_chat",
    bot: "bot_chat",
  };
  return types[kind] ?? "";
}

/** The number of a chat. Chats that hold numbers of senders bare had theirs shifted like them. */
export function chatNumber(id: unknown, isShifted: boolean): string | undefined {
  const digits = digitsOf(id);
  if (!isShifted || typeof id !== "number" || id < shift) return digits;
  return String(id % shift);
}

/** The id of the chat that a peer's messages lie in. */
export function peerChat(peer: Peer, own: string | undefined): string {
  const classes: Readonly<Record<Peer["kind"], ChatClass>> = {
    userId: "user",
    group: "group",
    channel: "channel",
  };
  return chatId({ platform, class: classes[peer.kind], nativeId: peer.value, own });
}

/** What Telegram calls the peer whose chat this is; undefined for a chat of another platform. */
export function chatPeerText(id: string): string | undefined {
  const [from, ofClass, value] = idParts(id);
  if (from !== platform || value === undefined || !/^\d+$/.test(value)) return undefined;
  const kinds: Readonly<Record<string, string>> = { user: "user", group: "chat", channel: "channel" };
  return Object.hasOwn(kinds, ofClass!) ? `${kinds[ofClass!]}${value}` : undefined;
}
