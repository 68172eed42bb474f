import {
  placeholder,
  type AttachmentKind,
  type Draft,
  type JsonObject,
  type JsonValue,
  type Kind,
  type Message,
  type MessageTime,
} from "../../model/index.ts";
import { difference, digitsOf } from "../json-values.ts";
import { accountOf, platformId, textOr } from "./people.ts";

/** What a message of one of ChatLab's types is. */
interface TypeEntry {
  readonly kind: Kind;
  readonly payload?: object;
  /** The kind of a file that the format leaves out. */
  readonly file?: AttachmentKind;
}

const types: ReadonlyMap<number, TypeEntry> = new Map<number, TypeEntry>([
  [0, { kind: "text" }],
  [1, { kind: "image", file: "image" }],
  [2, { kind: "voice", file: "voice" }],
  [3, { kind: "video", file: "video" }],
  [4, { kind: "file", file: "file" }],
  [5, { kind: "sticker", file: "sticker" }],
  [7, { kind: "link" }],
  [8, { kind: "location" }],
  [20, { kind: "redPacket" }],
  [21, { kind: "transfer" }],
  [22, { kind: "system", payload: { action: "chatlab:poke", meaning: "poke" } }],
  [23, { kind: "call" }],
  [24, { kind: "card", payload: { type: "chatlab:share" } }],
  [25, { kind: "text" }],
  [26, { kind: "forwardBundle", payload: { items: [], complete: false } }],
  [27, { kind: "contact" }],
  [80, { kind: "system", payload: { action: "chatlab:system", meaning: "notice" } }],
  [81, { kind: "deleted" }],
]);

/** The type of each kind; 99, "other", for those that are not here. */
const typeOfKind: Readonly<Record<string, number>> = {
  text: 0,
  image: 1,
  voice: 2,
  video: 3,
  roundVideo: 3,
  file: 4,
  audio: 4,
  sticker: 5,
  gif: 5,
  link: 7,
  location: 8,
  liveLocation: 8,
  redPacket: 20,
  transfer: 21,
  call: 23,
  card: 24,
  miniProgram: 24,
  music: 24,
  post: 24,
  game: 24,
  forwardBundle: 26,
  contact: 27,
  system: 80,
  deleted: 81,
};
const otherType = 99;
const replyType = 25;
const pokeType = 22;

/** Seconds beyond this are milliseconds by mistake. */
const maxSeconds = 100_000_000_000;

/** What is known of a chat while its messages are read or written. */
export interface ChatNames {
  readonly chat: string;
  readonly platform: string;
  /** The first name, and the first name in this chat, of each account. */
  nameOf(account: string): string | undefined;
  cardOf(account: string): string | undefined;
}

/** The message of one record. `place` is its place in the file, `sent` the time of the one before. */
export function readMessage(
  json: JsonObject,
  names: ChatNames,
  at: { place: number; sent: number },
): Message {
  const number = typeof json["type"] === "number" ? json["type"] : otherType;
  const entry = types.get(number);
  const message: Draft<Message> = {
    chat: names.chat,
    kind: entry?.kind ?? "unknown",
    order: String(at.place),
    time: readTime(json["timestamp"], at.sent),
  };
  const content = textOr(json["content"], undefined);
  if (content !== undefined) message.body = { text: content };
  takePerson(json, message, names);
  if (entry === undefined) takeUnknown(json, message);
  else takeEntry(entry, message);
  takeIds(json, message, names);
  const rest = difference(json, messageFields(message, readingNames(json, names)));
  message.residue = { chatlab: rest ?? {} };
  return message;
}

function takeUnknown(json: JsonObject, message: Draft<Message>): void {
  message.payload = { sourceType: digitsOf(json["type"]) ?? "" };
  message.raw = { mediaType: "application/json", text: JSON.stringify(json) };
}

function takeEntry({ kind, payload, file }: TypeEntry, message: Draft<Message>): void {
  if (payload !== undefined) message.payload = { ...payload, ...message.payload };
  if (file !== undefined) message.attachments = [{ state: "omitted", kind: file }];
  if (kind !== "deleted") return;
  message.deletion = {
    state: "revokedBySender",
    ...(message.body !== undefined && { contentRetained: true }),
  };
}

function readTime(value: JsonValue | undefined, sent: number): MessageTime {
  if (typeof value !== "number" || !Number.isSafeInteger(value * 1000))
    return { sent, precision: "none", zone: "unknown" };
  const isMs = Math.abs(value) > maxSeconds;
  const isExact = Number.isInteger(value);
  return {
    sent: isMs ? Math.floor(value) : Math.floor(value * 1000),
    precision: isMs || !isExact ? "ms" : "s",
    zone: "utc",
  };
}

function takePerson(json: JsonObject, message: Draft<Message>, names: ChatNames): void {
  const sender = textOr(json["sender"], undefined);
  const account = sender === undefined ? undefined : accountOf(names.platform, sender);
  const name = textOr(json["accountName"], undefined);
  const isOther = name !== undefined && (account === undefined || names.nameOf(account) !== name);
  if (message.kind === "system") {
    message.payload = {
      ...(account !== undefined && { actor: account }),
      ...(isOther && { actorName: name }),
    };
    return;
  }
  if (account !== undefined) message.author = account;
  if (isOther) message.authorName = name;
}

function takeIds(json: JsonObject, message: Draft<Message>, { platform }: ChatNames): void {
  const scheme = idScheme(platform);
  const id = textOr(json["platformMessageId"], undefined);
  if (id !== undefined) message.nativeIds = [{ scheme, value: id }];
  const target = textOr(json["replyToMessageId"], undefined);
  if (target !== undefined) message.reply = { target: { scheme, value: target } };
}

/** The scheme of message ids: which of a platform's several ids it is, a file does not say. */
function idScheme(platform: string): string {
  return `${platform}.chatlab`;
}

/** Names that a record does not have, though a writer may know them, are made to show in the difference. */
function readingNames(json: JsonObject, names: ChatNames): ChatNames {
  const isNamed = textOr(json["accountName"], undefined) !== undefined;
  const hasCard = textOr(json["groupNickname"], undefined) !== undefined;
  const unwritten = (): string => "\u0000";
  return {
    chat: names.chat,
    platform: names.platform,
    nameOf: isNamed ? (account) => names.nameOf(account) : unwritten,
    cardOf: hasCard ? (account) => names.cardOf(account) : unwritten,
  };
}

/** A message as ChatLab writes it, of our fields alone. */
export function messageFields(message: Message, names: ChatNames): JsonObject {
  const { time } = message;
  const scheme = idScheme(names.platform);
  const id = message.nativeIds?.find((native) => native.scheme === scheme) ?? message.nativeIds?.[0];
  const target = message.reply?.target?.value;
  const { meaning } = (message.payload ?? {}) as { meaning?: string };
  return {
    ...personFields(message, names),
    timestamp: Math.floor(time.sent / 1000),
    type: typeOf(message, meaning),
    content: message.body?.text ?? placeholder(message, "zh"),
    ...(id !== undefined && { platformMessageId: id.value }),
    ...(target !== undefined && { replyToMessageId: target }),
  };
}

function personFields(message: Message, names: ChatNames): JsonObject {
  const isSystem = message.kind === "system";
  const { actor, actorName } = (isSystem ? (message.payload ?? {}) : {}) as {
    actor?: string;
    actorName?: string;
  };
  const account = isSystem ? actor : message.author;
  const shown = isSystem ? actorName : message.authorName;
  if (account === undefined) {
    const sender = isSystem ? "system" : "";
    return { sender, accountName: shown ?? sender };
  }
  const sender = platformId(account);
  const card = names.cardOf(account);
  return {
    sender,
    accountName: shown ?? names.nameOf(account) ?? sender,
    ...(card !== undefined && { groupNickname: card }),
  };
}

function typeOf({ kind, reply }: Message, meaning: string | undefined): number {
  if (kind === "text" && reply !== undefined) return replyType;
  if (kind === "system" && meaning === "poke") return pokeType;
  return Object.hasOwn(typeOfKind, kind) ? typeOfKind[kind]! : otherType;
}
