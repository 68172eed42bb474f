import { ahead, eachBounded, KeepsakeError, type Finding } from "../../base/index.ts";
import {
  eventsOf,
  type Account,
  type Aside,
  type Message,
  type ReadEvent,
  type ReadSteps,
  type SourceFile,
  type SourceInfo,
  type Stretch,
} from "../../model/index.ts";
import type { ChatSource } from "../write/chat.ts";

type ChatEvent = Extract<ReadEvent, { type: "chat" }>;
type MessageEvent = Extract<ReadEvent, { type: "message" }>;
type FileEvent = Extract<ReadEvent, { type: "file" }>;
type AccountEvent = Extract<ReadEvent, { type: "account" }>;

/** So many portions of messages are read while the one before is stored. */
const READ_AHEAD = 8;
/** So many files of each portion are read at a time. */
const FILES_AT_ONCE = 4;

/** How the files that events carry are stored: each gives the event with digests filled in. */
export interface FileFiller {
  /** Told of each chat before anything of it is filled in. */
  begin(chat: ChatEvent["chat"]): void;
  message(event: MessageEvent): Promise<Message>;
  account(event: AccountEvent): Promise<Account>;
  chat(event: ChatEvent): Promise<ChatSource["chat"]>;
  file(event: FileEvent): Promise<void>;
}

/** Takes the files of a kept folder, and its empty folders by their paths. */
export type Keeper = (entry: SourceFile | string) => Promise<void>;

/** Messages that follow each other, their files being stored; or any other event. */
type Item =
  Exclude<ReadEvent, MessageEvent> | { readonly type: "messages"; readonly filled: Promise<Message[]> };

/** Splits what a reader yields into chats. Each chat must be read to its end before the next is asked for. */
export class ChatStream {
  readonly #items: AsyncGenerator<Item>;
  readonly #fill: FileFiller;
  readonly #onFinding: (finding: Finding) => void;
  #next: Item | undefined;
  #isDone = false;
  /** What the source says of itself; there once `start` has returned. */
  #info: SourceInfo | undefined;
  /** Accounts that came before the first chat: told of every chat's people they are the owner's. */
  readonly accounts: Account[] = [];
  readonly asides: Aside[] = [];

  constructor(steps: ReadSteps, fill: FileFiller, onFinding: (finding: Finding) => void) {
    this.#items = ahead(itemsOf(steps, fill), READ_AHEAD);
    this.#fill = fill;
    this.#onFinding = onFinding;
  }

  /** Reads up to the first chat, or the first file of a kept folder. */
  async start(): Promise<SourceInfo> {
    for (let item = await this.#peek(); item !== undefined; item = await this.#peek()) {
      if (item.type === "chat" || item.type === "messages" || item.type === "same" || isKept(item)) break;
      this.#next = undefined;
      if (item.type === "source") this.#info = item.source;
      else if (item.type === "account") this.accounts.push(await this.#fill.account(item));
      else await this.#pass(item);
    }
    if (this.#info === undefined)
      throw new KeepsakeError("base.invalid", { details: { what: "no-source-event" } });
    return this.#info;
  }

  /** Whether a kept folder comes next. */
  get isFolder(): boolean {
    return this.#next !== undefined && isKept(this.#next);
  }

  /** Chat by chat; what is kept as it is goes to `keep`. */
  async *chats(keep: Keeper): AsyncGenerator<ChatSource> {
    for (let item = await this.#peek(); item !== undefined; item = await this.#peek()) {
      this.#next = undefined;
      if (item.type === "chat") {
        const accounts: Account[] = [];
        const chat = await this.#fill.chat(item);
        yield { chat, accounts, messages: this.#messages(accounts) };
      } else if (isKept(item)) await keep(item.type === "kept" ? item.file : item.path);
      else await this.#pass(item);
    }
  }

  /** Ends the reading early, so that the reader lets its files go. */
  async stop(): Promise<void> {
    this.#isDone = true;
    await this.#items.return(undefined);
  }

  /** The messages up to the next chat, and stretches of them that are as they were. */
  async *#messages(accounts: Account[]): AsyncGenerator<readonly Message[] | Stretch> {
    for (let item = await this.#peek(); item !== undefined; item = await this.#peek()) {
      if (item.type === "chat") return;
      this.#next = undefined;
      if (item.type === "messages") yield await item.filled;
      else if (item.type === "same") yield item;
      else if (item.type === "account") accounts.push(await this.#fill.account(item));
      else await this.#pass(item);
    }
  }

  /** Findings and loose files may come anywhere. */
  async #pass(item: Item): Promise<void> {
    if (item.type === "finding") this.#onFinding(item.finding);
    else if (item.type === "file") await this.#fill.file(item);
    else if (item.type === "aside")
      this.asides.push({ what: item.what, files: item.files, bytes: item.bytes });
  }

  /** The next item; undefined at the end. */
  async #peek(): Promise<Item | undefined> {
    if (this.#next !== undefined || this.#isDone) return this.#next;
    const { value, done } = await this.#items.next();
    this.#isDone = done === true;
    return (this.#next = done === true ? undefined : value);
  }
}

function isKept(item: Item): item is Extract<Item, { type: "kept" | "keptFolder" }> {
  return item.type === "kept" || item.type === "keptFolder";
}

/** What a reader gives, neighbouring messages together. Their files are read while it goes on. */
async function* itemsOf(steps: ReadSteps, fill: FileFiller): AsyncGenerator<Item> {
  for await (const step of steps) {
    let events: MessageEvent[] = [];
    for (const event of eventsOf(step)) {
      if (event.type === "message") {
        events.push(event);
        continue;
      }
      if (events.length > 0) yield filledMessages(events, fill);
      events = [];
      if (event.type === "chat") fill.begin(event.chat);
      yield event;
    }
    if (events.length > 0) yield filledMessages(events, fill);
  }
}

function filledMessages(events: readonly MessageEvent[], fill: FileFiller): Item {
  const filled = fillAll(events, fill);
  filled.catch(() => undefined);
  return { type: "messages", filled };
}

async function fillAll(events: readonly MessageEvent[], fill: FileFiller): Promise<Message[]> {
  const messages = events.map(({ message }) => message);
  const withFiles = events.flatMap((event, place) => (event.files === undefined ? [] : [{ event, place }]));
  if (withFiles.length === 0) return messages;
  await eachBounded(withFiles, FILES_AT_ONCE, async ({ event, place }) => {
    messages[place] = await fill.message(event);
  });
  return messages;
}
