import { KeepsakeError, type Finding } from "../../base/index.ts";
import type { Account, Message, ReadEvent, SourceInfo } from "../../model/index.ts";
import type { ChatSource } from "../write/chat.ts";

type ChatEvent = Extract<ReadEvent, { type: "chat" }>;
type MessageEvent = Extract<ReadEvent, { type: "message" }>;
type FileEvent = Extract<ReadEvent, { type: "file" }>;
type AccountEvent = Extract<ReadEvent, { type: "account" }>;

/** How the files that events carry are stored: each gives the event with digests filled in. */
export interface FileFiller {
  message(event: MessageEvent): Promise<Message>;
  account(event: AccountEvent): Promise<Account>;
  chat(event: ChatEvent): Promise<ChatSource["chat"]>;
  file(event: FileEvent): Promise<void>;
}

/** Splits what a reader yields into chats. Each chat must be read to its end before the next is asked for. */
export class ChatStream {
  readonly #events: AsyncIterator<ReadEvent>;
  readonly #fill: FileFiller;
  readonly #onFinding: (finding: Finding) => void;
  #ahead: ReadEvent | undefined;
  #isDone = false;
  /** What the source says of itself; there once `start` has returned. */
  #info: SourceInfo | undefined;
  /** Accounts that came before the first chat: told of every chat's people they are the owner's. */
  readonly accounts: Account[] = [];

  constructor(events: AsyncIterable<ReadEvent>, fill: FileFiller, onFinding: (finding: Finding) => void) {
    this.#events = events[Symbol.asyncIterator]();
    this.#fill = fill;
    this.#onFinding = onFinding;
  }

  /** Reads up to the first chat. */
  async start(): Promise<SourceInfo> {
    for (let event = await this.#next(); event !== undefined; event = await this.#next()) {
      if (event.type === "source") this.#info = event.source;
      else if (event.type === "account") this.accounts.push(await this.#fill.account(event));
      else {
        this.#ahead = event;
        break;
      }
    }
    if (this.#info === undefined)
      throw new KeepsakeError("base.invalid", { details: { what: "no-source-event" } });
    return this.#info;
  }

  async *chats(): AsyncGenerator<ChatSource> {
    for (let event = await this.#next(); event !== undefined; event = await this.#next()) {
      if (event.type !== "chat") continue;
      const accounts: Account[] = [];
      const chat = await this.#fill.chat(event);
      yield { chat, accounts, messages: this.#messages(accounts) };
    }
  }

  /** Ends the reading early, so that the reader lets its files go. */
  async stop(): Promise<void> {
    this.#isDone = true;
    await this.#events.return?.();
  }

  async *#messages(accounts: Account[]): AsyncGenerator<Message> {
    for (let event = await this.#next(); event !== undefined; event = await this.#next()) {
      if (event.type === "message") yield await this.#fill.message(event);
      else if (event.type === "account") accounts.push(await this.#fill.account(event));
      else if (event.type === "chat") {
        this.#ahead = event;
        return;
      }
    }
  }

  /** The next event that is no finding and no loose file: these are dealt with on the way. */
  async #next(): Promise<ReadEvent | undefined> {
    for (;;) {
      const event = await this.#pull();
      if (event?.type === "finding") this.#onFinding(event.finding);
      else if (event?.type === "file") await this.#fill.file(event);
      else return event;
    }
  }

  async #pull(): Promise<ReadEvent | undefined> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead !== undefined) return ahead;
    if (this.#isDone) return undefined;
    const { value, done } = await this.#events.next();
    this.#isDone = done === true;
    return done === true ? undefined : value;
  }
}
