import {
  accountId,
  type Attachment,
  type Draft,
  type Forward,
  type JsonObject,
  type JsonValue,
  type Message,
  type MessageTime,
  type Reply,
} from "../../model/index.ts";
import { difference, digitsOf, isObject } from "../json-values.ts";
import { messageFields, messageScheme, type Names } from "./fields.ts";
import { readCardKind } from "./parts/cards.ts";
import { readButtons, readReactions } from "./parts/marks.ts";
import { count, readCard, readEmoji, readMedia, words, type ReadFile } from "./parts/media.ts";
import { accountPeerText, chatPeerText, peerAccount, peerChat, peerOf, platform } from "./parts/peers.ts";
import { readNotice } from "./parts/notice.ts";
import { readText } from "./parts/text.ts";
import { editedMs, localMs, offsetMinutes, unixMs } from "./parts/times.ts";

/** What is known of a chat while its messages are read. */
export interface ChatReading {
  readonly chat: string;
  /** The owner's own account, where it is known. */
  readonly own: string | undefined;
  /** The first name seen of each account. */
  readonly names: ReadonlyMap<string, string>;
  /** The account of each number that was met, as the export writes it. */
  readonly accounts: Map<string, string>;
  /** The time of the message before. */
  sent: number;
}

/** A message, and where its files lie, in step with its attachments. */
export interface ReadMessage {
  readonly message: Message;
  readonly paths: readonly (string | undefined)[];
}

/** Messages of Telegram Desktop's migrated groups have the old group's numbers less this. */
const migratedShift = 1_000_000_000;
/** Seconds that stand for "seen once". */
const onceSeconds = 0x7fff_ffff;
/** No name. */
const unwritten = "\u0000";
const noPaths: readonly undefined[] = [];

/** The message of one record. What our fields do not hold of it goes to its residue. */
export function readMessage(json: JsonObject, reading: ChatReading): ReadMessage {
  const plain = readPlain(json, reading);
  return plain ?? readAny(json, reading);
}

/** Words by somebody, perhaps an answer, with nothing unusual: most of all messages. */
function readPlain(json: JsonObject, reading: ChatReading): ReadMessage | undefined {
  for (const key in json) if (!plainKeys.has(key)) return undefined;
  const from = words(json["from"]);
  const text = json["type"] === "message" ? plainText(json) : undefined;
  const author = plainAuthor(json["from_id"], reading.accounts);
  if (text === undefined || author === undefined || from === undefined) return undefined;
  const target = json["reply_to_message_id"];
  const value = messageNumber(json["id"]);
  const replyTo = messageNumber(target);
  if (value === undefined || replyTo !== (target === undefined ? undefined : String(target as number)))
    return undefined;
  const sent = unixMs(json["date_unixtime"]);
  const offset = offsetMinutes(localMs(json["date"]), sent);
  if (sent === undefined || offset === undefined) return undefined;
  return plainMessage({ value, text, from, author, replyTo, sent, offset }, reading);
}

/** A plain message taken apart. */
interface Plain {
  readonly value: string;
  readonly text: string;
  readonly from: string;
  readonly author: string;
  readonly replyTo: string | undefined;
  readonly sent: number;
  readonly offset: number;
}

/** Field by field in the order of canonical texts, which are written quicker so. */
function plainMessage(plain: Plain, reading: ChatReading): ReadMessage {
  const { value, text, from, author, replyTo, sent, offset } = plain;
  reading.sent = sent;
  const message: Draft<Partial<Message>> = { author };
  if (reading.names.get(author) !== from) message.authorName = from;
  if (text !== "") message.body = { text };
  message.chat = reading.chat;
  message.kind = "text";
  message.nativeIds = [{ scheme: messageScheme, value }];
  message.order = value;
  if (replyTo !== undefined) message.reply = { target: { scheme: messageScheme, value: replyTo } };
  message.residue = { telegram: offset === 0 ? {} : { offset } };
  message.time = { precision: "s", sent, zone: "utc" };
  return { message: message as Message, paths: noPaths };
}

function plainAuthor(id: JsonValue | undefined, accounts: Map<string, string>): string | undefined {
  return typeof id === "string" ? knownAccount(id, accounts) : undefined;
}

/** The number of a message as a text; undefined for what is no number from 1 on. */
function messageNumber(value: JsonValue | undefined): string | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? String(value as number) : undefined;
}

const plainKeys = new Set([
  "id",
  "type",
  "date",
  "date_unixtime",
  "from",
  "from_id",
  "text",
  "text_entities",
  "reply_to_message_id",
]);

/** The text of a message that is one plain run, or none; undefined for any other. */
function plainText(json: JsonObject): string | undefined {
  const { text, text_entities: entities } = json;
  if (typeof text !== "string" || !Array.isArray(entities) || entities.length > 1) return undefined;
  if (entities.length === 0) return text === "" ? text : undefined;
  const entity = entities[0] as JsonValue;
  const isPlain = isObject(entity) && entity["type"] === "plain" && entity["text"] === text && text !== "";
  return isPlain && Object.keys(entity).length === 2 ? text : undefined;
}

function readAny(json: JsonObject, reading: ChatReading): ReadMessage {
  const type = json["type"];
  if (type !== undefined && type !== "message" && type !== "service") return readUnknown(json, reading);
  const { time, offset = 0 } = readTime(json, reading);
  const message: Draft<Message> = { chat: reading.chat, time, kind: "text" };
  takeNumber(json, message);
  const { files, emoji } =
    type === "service" ? takeService(json, message, reading) : takeRegular(json, message, reading);
  takeMarks(json, message, { reading, offset });
  if (files.length > 0) message.attachments = files.map(({ attachment }) => attachment);
  const known = { ...(offset !== 0 && { offset }), ...(emoji.length > 0 && { emoji }) };
  const rest = difference(json, messageFields(message, known, readingNames(json, message, reading)));
  message.residue = { telegram: { ...known, ...rest } };
  return { message, paths: files.map(({ path }) => path) };
}

/**
 * What a writer will know of this message by itself. Where the record has no name for its author, the writer may
 * still have one, from other messages: that it is not to be written is made to show in the difference. So with the
 * number of a record that has none.
 */
function readingNames(json: JsonObject, message: Message, reading: ChatReading): Names {
  const own = message.nativeIds?.[0];
  const isNamed = words(json["from"]) !== undefined;
  return {
    nameOf: (account) => (isNamed ? reading.names.get(account) : unwritten),
    peerText: accountPeerText,
    chatPeerText,
    messageNumber: (id) => (id.scheme === messageScheme ? id.value : (own?.value ?? "0")),
    pathOf: () => undefined,
  };
}

/** A record of a type that we do not know, kept word for word. */
function readUnknown(json: JsonObject, reading: ChatReading): ReadMessage {
  const { time } = readTime(json, reading);
  const message: Draft<Message> = {
    chat: reading.chat,
    time,
    kind: "unknown",
    raw: { mediaType: "application/json", text: JSON.stringify(json) },
    residue: { telegram: {} },
  };
  takeNumber(json, message);
  const sourceType = words(json["type"]);
  if (sourceType !== undefined) message.payload = { sourceType };
  return { message, paths: noPaths };
}

function takeNumber(json: JsonObject, message: Draft<Message>): void {
  const id = json["id"];
  const value = typeof id === "string" ? undefined : digitsOf(id);
  if (value === undefined || !/^-?\d+$/.test(value)) return;
  message.nativeIds = [{ scheme: messageScheme, value }];
  const number = Number(value);
  if (number >= 0) message.order = value;
  else if (number + migratedShift > 0) message.order = String(number + migratedShift);
}

function readTime(json: JsonObject, reading: ChatReading): { time: MessageTime; offset: number | undefined } {
  const utc = unixMs(json["date_unixtime"]);
  const local = localMs(json["date"]);
  const sent = utc ?? local;
  const offset = offsetMinutes(local, utc);
  if (sent === undefined) return { time: { sent: reading.sent, precision: "none", zone: "unknown" }, offset };
  reading.sent = sent;
  return { time: { sent, precision: "s", zone: utc === undefined ? "floating" : "utc" }, offset };
}

/** The account of a field and its number: `from` and `from_id`, `actor` and `actor_id`. */
export function accountOf(
  json: JsonObject,
  role: "from" | "actor",
  { chat, accounts }: Pick<ChatReading, "chat" | "accounts">,
): string | undefined {
  const id = json[role === "from" ? "from_id" : "actor_id"];
  const account = typeof id === "string" ? knownAccount(id, accounts) : numberAccount(id);
  if (account !== undefined) return account;
  const name = words(json[role]);
  return name === undefined ? undefined : accountId({ platform, kind: "name", value: name, chat });
}

function knownAccount(id: string, accounts: Map<string, string>): string | undefined {
  const known = accounts.get(id);
  if (known !== undefined) return known;
  const account = numberAccount(id);
  if (account !== undefined) accounts.set(id, account);
  return account;
}

function numberAccount(id: unknown): string | undefined {
  const peer = peerOf(id);
  return peer === undefined ? undefined : peerAccount(peer);
}

interface Taken {
  readonly files: ReadFile[];
  readonly emoji: readonly string[];
}

function takeService(json: JsonObject, message: Draft<Message>, reading: ChatReading): Taken {
  const actor = accountOf(json, "actor", reading);
  Object.assign(message, readNotice(json, actor));
  const photo = readMedia(json);
  return { files: photo?.files ?? [], emoji: [] };
}

function takeRegular(json: JsonObject, message: Draft<Message>, reading: ChatReading): Taken {
  const author = accountOf(json, "from", reading);
  if (author !== undefined) message.author = author;
  const name = words(json["from"]);
  if (author !== undefined && name !== undefined && reading.names.get(author) !== name)
    message.authorName = name;
  const { body, emoji } = readText(json);
  if (body !== undefined) message.body = body;
  const files = takeMedia(json, message);
  for (const text of emoji) {
    const file = readEmoji(text);
    if (file !== undefined) files.push(file);
  }
  takeForward(json, message);
  const [signature, viaBot] = [words(json["author"]), words(json["via_bot"])];
  if (signature !== undefined) message.signature = signature;
  if (viaBot !== undefined) message.viaBot = viaBot;
  takePeriod(json, message);
  return { files, emoji: emoji.some((text) => !/^\d*$/.test(text)) ? emoji : [] };
}

function takePeriod(json: JsonObject, message: Draft<Message>): void {
  const period = count(json["self_destruct_period_seconds"]);
  if (period === undefined) return;
  message.ephemeral = { ttlMs: period * 1000, ...(period === onceSeconds && { viewOnce: true }) };
}

function takeMedia(json: JsonObject, message: Draft<Message>): ReadFile[] {
  const card = readCardKind(json);
  if (card !== undefined) {
    Object.assign(message, card);
    const file = card.kind === "contact" ? readCard(json) : undefined;
    return file === undefined ? [] : [file];
  }
  const media = readMedia(json);
  if (media === undefined) return [];
  message.kind = media.kind;
  const sticker = words(json["sticker_emoji"]);
  if (media.kind === "sticker" && sticker !== undefined) message.payload = { emoji: sticker };
  const [title, performer] = [words(json["title"]), words(json["performer"])];
  if (media.kind === "audio" && (title ?? performer) !== undefined)
    message.payload = {
      ...(title !== undefined && { title }),
      ...(performer !== undefined && { performer }),
    };
  return media.files;
}

function takeForward(json: JsonObject, message: Draft<Message>): void {
  const { forwarded_from: from, forwarded_from_id: fromId, saved_from: saved } = json;
  if (from === undefined && fromId === undefined && saved === undefined) return;
  const forward: Draft<Forward> = {};
  const name = words(from);
  if (name !== undefined) forward.fromName = name;
  const peer = peerOf(fromId);
  if (peer !== undefined) forward.from = peerAccount(peer);
  const savedFrom = words(saved);
  if (savedFrom !== undefined) forward.savedFrom = savedFrom;
  message.forward = forward;
}

interface Around {
  readonly reading: ChatReading;
  readonly offset: number;
}

function takeMarks(json: JsonObject, message: Draft<Message>, { reading, offset }: Around): void {
  const target = digitsOf(json["reply_to_message_id"]);
  if (target !== undefined) {
    const peer = peerOf(json["reply_to_peer_id"]);
    const reply: Draft<Reply> = { target: { scheme: messageScheme, value: target } };
    if (peer !== undefined) reply.chat = peerChat(peer, reading.own);
    message.reply = reply;
  }
  const editedAt = editedMs(json["edited"], json["edited_unixtime"]);
  if (editedAt !== undefined) message.editedAt = editedAt;
  const reactions = readReactions(json["reactions"], offset);
  if (reactions.length > 0) message.reactions = reactions;
  const buttons = readButtons(json["inline_bot_buttons"]);
  if (buttons.length > 0) message.buttons = buttons;
}

/** Attachments whose file is not in the source. */
export function withMissing(message: Message, isMissing: (place: number) => boolean): Message {
  const attachments = message.attachments?.map((attachment, place): Attachment =>
    isMissing(place) ? { ...attachment, state: "missing" } : attachment,
  );
  return attachments === undefined ? message : { ...message, attachments };
}
