import type { Finding } from "../../base/index.ts";
import {
  checkMessage,
  type Account,
  type JsonObject,
  type JsonValue,
  type Message,
  type ReadEvent,
  type SourceFile,
} from "../../model/index.ts";
import type { ReadOptions } from "../format.ts";
import { OrderBuffer, type MessageEvent } from "../in-order.ts";
import { jsonRecords, type JsonRecord } from "../json-records.ts";
import { isObject } from "../json-values.ts";
import { isInsidePath, type Source } from "../source.ts";
import { exportFiles, readFrame, type ChatPart, type Frame } from "./frame.ts";
import { accountOf, readMessage, withMissing, type ChatReading } from "./message.ts";
import { FindingTally } from "../tally.ts";
import { looseFiles } from "./loose-files.ts";
import { peerAccount, peerOf, platform } from "./parts/peers.ts";
import { accountById, contactAccounts, otherPeer, readChatHead, statedOwn } from "./people.ts";

/** Records of this size and more go through validation one by one. */
const bigRecordBytes = 64 * 1024;
const messagesPerReport = 10_000;

/** One export while it is read. */
interface Reading {
  readonly source: Source;
  readonly options: ReadOptions;
  readonly file: SourceFile;
  /** The place of the file among the exports of the source. */
  readonly place: number;
  /** The folder of the export, with its slash. */
  readonly folder: string;
  readonly own: string | undefined;
  readonly names: Map<string, string>;
  readonly accounts: Map<string, string>;
  readonly known: Set<string>;
  readonly findings: FindingTally;
  messages: number;
}

/** Reads exports of Telegram Desktop. */
export async function* read(source: Source, options: ReadOptions = {}): AsyncGenerator<ReadEvent> {
  for await (const some of readMany(source, options)) yield* some;
}

/** The same, many events at a time. */
export async function* readMany(
  source: Source,
  options: ReadOptions = {},
): AsyncGenerator<readonly ReadEvent[]> {
  const files = await exportFiles(source);
  const names = new Map<string, string>();
  const accounts = new Map<string, string>();
  const known = new Set<string>();
  let messages = 0;
  for (const [place, { file }] of files.entries()) {
    const frame = await readFrame(file, options.signal);
    const own = await ownAccount(file, frame, options);
    const folder = file.path.slice(0, file.path.lastIndexOf("/") + 1);
    const findings = new FindingTally();
    const reading: Reading = {
      source,
      options,
      file,
      place,
      folder,
      own: own?.id,
      names,
      accounts,
      known,
      findings,
      messages,
    };
    if (place === 0) yield [sourceEvent(frame, own, options)];
    yield [...accountEvents(frame, own, reading)];
    for await (const event of looseFiles(frame, folder, source)) yield [event];
    for (const part of frame.chats) yield* chatEvents(part, reading);
    messages = reading.messages;
    if (frame.brokenAt !== undefined)
      yield [{ type: "finding", finding: truncated(reading, frame.brokenAt) }];
    yield findings.all().map((finding): ReadEvent => ({ type: "finding", finding }));
  }
}

function truncated(reading: Reading, at: number): Finding {
  return { code: "telegram.truncated", severity: "error", where: where(reading, at) };
}

function where({ place }: Reading, offset: number): string {
  return `file ${place + 1}, byte ${offset}`;
}

function sourceEvent(frame: Frame, own: Account | undefined, options: ReadOptions): ReadEvent {
  const { layout, root, chatsAbout, leftAbout } = frame;
  const residue = {
    layout,
    ...(layout === "full" && { root }),
    ...(chatsAbout !== undefined && { chatsAbout }),
    ...(leftAbout !== undefined && { leftAbout }),
  };
  return {
    type: "source",
    source: {
      format: "telegram",
      platform,
      ...(own !== undefined && { own }),
      ...(options.timeZone !== undefined && { timeZone: options.timeZone }),
      residue: { telegram: residue },
    },
  };
}

function* accountEvents(frame: Frame, own: Account | undefined, reading: Reading): Generator<ReadEvent> {
  const contacts = contactAccounts(frame.root["contacts"]);
  for (const account of own === undefined ? contacts : [own, ...contacts]) {
    const name = account.names?.[0]?.value;
    if (name !== undefined && !reading.names.has(account.id)) reading.names.set(account.id, name);
    reading.known.add(account.id);
    yield { type: "account", account };
  }
}

/** Who exported: stated by a full export, said by the person, or plain from a chat between two. */
async function ownAccount(
  file: SourceFile,
  frame: Frame,
  options: ReadOptions,
): Promise<Account | undefined> {
  const stated = statedOwn(frame.root["personal_information"]);
  if (stated !== undefined) return stated;
  if (options.own !== undefined) return accountById(options.own);
  const [part] = frame.chats;
  if (frame.layout !== "single" || part === undefined) return undefined;
  const chat = readChatHead(part, { own: undefined, isShifted: await isShifted(file, part, options) });
  const other = otherPeer(chat);
  if (other === undefined) return undefined;
  if (chat.kind === "self") return accountById(peerAccount(other));
  if (chat.kind !== "direct" && chat.kind !== "bot") return undefined;
  return inferredOwn(file, part, { other: other.value, options });
}

interface Inference {
  readonly other: string;
  readonly options: ReadOptions;
}

async function inferredOwn(
  file: SourceFile,
  part: ChatPart,
  { other, options }: Inference,
): Promise<Account | undefined> {
  for await (const record of recordsOf(file, part, options)) {
    if (!isObject(record.value)) continue;
    const { from_id: fromId, actor_id: actorId } = record.value;
    const peer = peerOf(fromId ?? actorId);
    if (peer?.kind === "userId" && peer.value !== other) return accountById(peerAccount(peer));
  }
  return undefined;
}

async function* recordsOf(
  file: SourceFile,
  part: ChatPart,
  options: ReadOptions,
): AsyncGenerator<JsonRecord> {
  for (const range of part.ranges)
    for await (const bunch of jsonRecords(file, range, options.signal)) yield* bunch;
}

/** Whether the first number of a sender is a bare one that was shifted. */
async function isShifted(file: SourceFile, part: ChatPart, options: ReadOptions): Promise<boolean> {
  let looked = 0;
  for await (const { value } of recordsOf(file, part, options)) {
    const number: JsonValue | undefined = isObject(value)
      ? (value["from_id"] ?? value["actor_id"])
      : undefined;
    if (number !== undefined && number !== null) return typeof number === "number" && number >= 0x1_0000_0000;
    if (++looked >= 1000) return false;
  }
  return false;
}

async function* chatEvents(part: ChatPart, reading: Reading): AsyncGenerator<readonly ReadEvent[]> {
  const { file, options, own } = reading;
  const chat = readChatHead(part, { own, isShifted: await isShifted(file, part, options) });
  if (chat.nativeIds === undefined)
    reading.findings.add({ code: "telegram.no-chat-id", severity: "warning" });
  yield [{ type: "chat", chat }];
  const { names, accounts } = reading;
  const state: ChatReading = { chat: chat.id, own, names, accounts, sent: 0 };
  const buffer = new OrderBuffer();
  for (const range of part.ranges) {
    for await (const bunch of jsonRecords(file, range, options.signal)) {
      const events: ReadEvent[] = [];
      for (const record of bunch) {
        if (isObject(record.value)) {
          const account = newAccount(record.value, state, reading);
          if (account !== undefined) events.push({ type: "account", account });
        }
        const event = messageOf(record, state, reading);
        const next = buffer.push(event instanceof Promise ? await event : event);
        if (next !== undefined) events.push(next);
      }
      yield events;
    }
  }
  yield buffer.drain();
  if (buffer.late > 0)
    reading.findings.add({ code: "format.out-of-order", severity: "warning", count: buffer.late });
}

/** The account that a record names for the first time, or for the first time with a name. */
function newAccount(json: JsonObject, state: ChatReading, { names, known }: Reading): Account | undefined {
  const role = json["type"] === "service" ? "actor" : "from";
  const id = accountOf(json, role, state);
  if (id === undefined) return undefined;
  const name = json[role];
  const isNamed = typeof name === "string" && name !== "";
  if (isNamed ? names.has(id) : known.has(id)) return undefined;
  known.add(id);
  if (!isNamed) return accountById(id);
  names.set(id, name);
  return accountById(id, name);
}

function messageOf(
  record: JsonRecord,
  state: ChatReading,
  reading: Reading,
): MessageEvent | Promise<MessageEvent> {
  reading.messages += 1;
  if (reading.messages % messagesPerReport === 0)
    reading.options.report?.({ type: "progress", stage: "read", done: { messages: reading.messages } });
  const { value } = record;
  if (!isObject(value)) return { type: "message", message: brokenMessage(record, state, reading) };
  const { message, paths } = readMessage(value, state);
  const checked = record.sizeBytes >= bigRecordBytes ? check(message, record, reading) : message;
  return paths.length === 0 ? { type: "message", message: checked } : withFiles(checked, paths, reading);
}

function check(message: Message, record: JsonRecord, reading: Reading): Message {
  const checked = checkMessage(message, { chat: message.chat, sent: message.time.sent });
  for (const finding of checked.findings)
    reading.findings.add({ ...finding, where: where(reading, record.offset) });
  return checked.message;
}

/** A record that is no object, kept word for word. */
function brokenMessage(record: JsonRecord, state: ChatReading, reading: Reading): Message {
  const { raw, value, offset } = record;
  const text = raw ?? (value === undefined ? undefined : JSON.stringify(value));
  const code = text === undefined ? "telegram.message-too-long" : "telegram.bad-message";
  reading.findings.add({ code, severity: "error", where: where(reading, offset) });
  const message: Message = {
    chat: state.chat,
    time: { sent: state.sent, precision: "none", zone: "unknown" },
    kind: "unknown",
    residue: { telegram: {} },
    order: `${offset}`,
  };
  if (text === undefined) return message;
  const mediaType = value === undefined ? "text/plain" : "application/json";
  return check({ ...message, raw: { mediaType, text } }, record, reading);
}

async function withFiles(
  message: Message,
  paths: readonly (string | undefined)[],
  reading: Reading,
): Promise<MessageEvent> {
  const files: (SourceFile | undefined)[] = [];
  for (const path of paths) files.push(path === undefined ? undefined : await fileAt(path, reading));
  const isMissing = (place: number): boolean => paths[place] !== undefined && files[place] === undefined;
  if (!paths.some((_, place) => isMissing(place))) {
    return files.some((file) => file !== undefined)
      ? { type: "message", message, files }
      : { type: "message", message };
  }
  return { type: "message", message: withMissing(message, isMissing), files };
}

async function fileAt(path: string, { source, folder, findings }: Reading): Promise<SourceFile | undefined> {
  const isSafe = isInsidePath(path);
  const file = isSafe ? await source.file(folder + path) : undefined;
  if (!isSafe) findings.add({ code: "telegram.unsafe-path", severity: "warning" });
  else if (file === undefined) findings.add({ code: "telegram.file-missing", severity: "warning" });
  return file;
}
