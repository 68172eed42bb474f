import { KeepsakeError, type FindingCode } from "../../base/index.ts";
import {
  checkMessage,
  ordinals,
  type Account,
  type Chat,
  type JsonObject,
  type Message,
  type ReadEvent,
  type SourceFile,
} from "../../model/index.ts";
import type { ReadOptions } from "../format.ts";
import { OrderBuffer } from "../in-order.ts";
import { isObject } from "../json-values.ts";
import type { Source } from "../source.ts";
import { FindingTally } from "../tally.ts";
import { chatFiles, openChatFile, type ChatFile, type Item } from "./items.ts";
import { readMessage, type ChatNames } from "./message.ts";
import { accountNamed, accountOf, platformOf, readChat, readMember, textOr } from "./people.ts";
import { FirstNames } from "./first-names.ts";

/** Records of this size and more go through validation one by one. */
const bigRecordBytes = 64 * 1024;
const messagesPerReport = 10_000;

/** Reads chats in ChatLab's format, each file of the source one chat. */
export async function* read(source: Source, options: ReadOptions = {}): AsyncGenerator<ReadEvent> {
  let place = 0;
  for await (const file of chatFiles(source)) {
    const chatFile = await openChatFile(file, options.signal);
    if (chatFile === undefined) continue;
    const isFirst = place === 0;
    place += 1;
    yield* fileEvents(chatFile, { options, file, isFirst, place });
  }
  if (place === 0) throw new KeepsakeError("format.damaged");
}

interface FilePlace {
  readonly options: ReadOptions;
  readonly file: SourceFile;
  readonly isFirst: boolean;
  readonly place: number;
}

async function* fileEvents(
  file: ChatFile,
  { options, isFirst, place }: FilePlace,
): AsyncGenerator<ReadEvent> {
  const { chat, avatar, own, isVague } = await readChat(file, options.own, options.signal);
  const findings = new FindingTally();
  const names = new FirstNames(chat);
  if (isFirst) yield sourceEvent(file, own, options);
  yield { type: "chat", chat, ...(avatar?.file !== undefined && { avatarFile: avatar.file }) };
  if (isVague) findings.add({ code: "chatlab.no-chat-id", severity: "warning", where: `file ${place}` });
  yield* itemEvents({ file, chat, names, findings, options, place });
  if (!file.isWhole) findings.add({ code: "chatlab.truncated", severity: "error", where: `file ${place}` });
  for (const finding of findings.all()) yield { type: "finding", finding };
}

function sourceEvent({ head }: ChatFile, own: string | undefined, options: ReadOptions): ReadEvent {
  const { version, exportedAt, generator } = head.chatlab;
  const isTime = typeof exportedAt === "number" && Number.isSafeInteger(exportedAt * 1000);
  return {
    type: "source",
    source: {
      format: "chatlab",
      platform: platformOf(head.meta),
      ...(typeof version === "string" && { formatVersion: version }),
      ...(isTime && { exportedAt: exportedAt * 1000 }),
      ...(typeof generator === "string" && { generator }),
      ...(own !== undefined && { own: accountNamed(own, []) }),
      ...(options.timeZone !== undefined && { timeZone: options.timeZone }),
    },
  };
}

/** One file while it is read. */
interface Reading {
  readonly file: ChatFile;
  readonly chat: Chat;
  readonly names: FirstNames;
  readonly findings: FindingTally;
  readonly options: ReadOptions;
  readonly place: number;
}

async function* itemEvents(reading: Reading): AsyncGenerator<ReadEvent> {
  const { file, chat, names, findings, options } = reading;
  const buffer = new OrderBuffer();
  const number = ordinals();
  const at = { place: 0, sent: 0 };
  let members = 0;
  for await (const bunch of file.items(options.signal)) {
    for (const item of bunch) {
      if (item.type === "member") {
        const event = memberEvent(item, reading, ++members);
        if (event !== undefined) yield event;
        continue;
      }
      if (item.type === "broken" && item.raw === undefined) {
        say(reading, "chatlab.unknown-record", item);
        continue;
      }
      const account = isObject(item.value) ? newAccount(item.value, chat, names) : undefined;
      if (account !== undefined) yield { type: "account", account };
      const next = buffer.push({ type: "message", message: number(nextMessage(item, at, reading)) });
      if (next !== undefined) yield next;
    }
  }
  yield* buffer.drain();
  if (buffer.late > 0) findings.add({ code: "format.out-of-order", severity: "warning", count: buffer.late });
}

function say({ findings, place }: Reading, code: FindingCode, { where }: Item): void {
  findings.add({ code, severity: "warning", where: `file ${place}, ${where}` });
}

function memberEvent(item: Item, reading: Reading, place: number): ReadEvent | undefined {
  const member = isObject(item.value) ? readMember(item.value, reading.chat, place) : undefined;
  if (member === undefined) {
    say(reading, "chatlab.bad-member", item);
    return undefined;
  }
  reading.names.learn(member.account);
  const { account, avatar } = member;
  return { type: "account", account, ...(avatar?.file !== undefined && { avatarFile: avatar.file }) };
}

/** The account that a message is the first to name. */
function newAccount(json: JsonObject, chat: Chat, names: FirstNames): Account | undefined {
  const sender = textOr(json["sender"], undefined);
  if (sender === undefined) return undefined;
  const id = accountOf(chat.platform, sender);
  const name = textOr(json["accountName"], undefined);
  if (names.isKnown(id, name)) return undefined;
  const account = accountNamed(id, name === undefined ? [] : [{ value: name, kind: "display" }]);
  names.learn(account);
  return account;
}

function nextMessage(item: Item, at: { place: number; sent: number }, reading: Reading): Message {
  at.place += 1;
  const message = messageOf(item, at, reading);
  if (message.time.precision !== "none") at.sent = message.time.sent;
  if (at.place % messagesPerReport === 0)
    reading.options.report?.({ type: "progress", stage: "read", done: { messages: at.place } });
  return message;
}

function messageOf(item: Item, at: { place: number; sent: number }, reading: Reading): Message {
  const { chat } = reading;
  if (!isObject(item.value)) return brokenMessage(item, at, reading);
  const names: ChatNames = reading.names;
  const message = readMessage(item.value, names, at);
  if (item.sizeBytes < bigRecordBytes) return message;
  const checked = checkMessage(message, { chat: chat.id, sent: at.sent });
  for (const finding of checked.findings) say(reading, finding.code, item);
  return checked.message;
}

/** A record that is no object, kept word for word. */
function brokenMessage(item: Item, at: { place: number; sent: number }, reading: Reading): Message {
  const text = item.raw ?? (item.value === undefined ? undefined : JSON.stringify(item.value));
  say(reading, text === undefined ? "chatlab.message-too-long" : "chatlab.bad-message", item);
  const message: Message = {
    chat: reading.chat.id,
    kind: "unknown",
    order: String(at.place),
    time: { sent: at.sent, precision: "none", zone: "unknown" },
    residue: { chatlab: {} },
    ...(text !== undefined && { raw: { mediaType: "text/plain", text } }),
  };
  return checkMessage(message, { chat: reading.chat.id, sent: at.sent }).message;
}
