import { KeepsakeError, type Finding } from "../../base/index.ts";
import {
  eventsOf,
  type Account,
  type Message,
  type ReadEvent,
  type ReadSteps,
  type SourceInfo,
} from "../../model/index.ts";
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
  readonly #steps: AsyncIterator<ReadEvent | readonly ReadEvent[]>;
  readonly #fill: FileFiller;
  readonly #onFinding: (finding: Finding) => void;
  /** What the reader gave last, and how far it is dealt with. */
  #events: readonly ReadEvent[] = [];
  #place = 0;
  #isDone = false;
  /** What the source says of itself; there once `start` has returned. */
  #info: SourceInfo | undefined;
  /** Accounts that came before the first chat: told of every chat's people they are the owner's. */
  readonly accounts: Account[] = [];

  constructor(steps: ReadSteps, fill: FileFiller, onFinding: (finding: Finding) => void) {
    this.#steps = steps[Symbol.asyncIterator]();
    this.#fill = fill;
    this.#onFinding = onFinding;
  }

  /** Reads up to the first chat. */
  async start(): Promise<SourceInfo> {
    for (let event = await this.#peek(); event !== undefined; event = await this.#peek()) {
      if (event.type === "chat" || event.type === "message") break;
      this.#place++;
      if (event.type === "source") this.#info = event.source;
      else if (event.type === "account") this.accounts.push(await this.#fill.account(event));
      else await this.#pass(event);
    }
    if (this.#info === undefined)
      throw new KeepsakeError("base.invalid", { details: { what: "no-source-event" } });
    return this.#info;
  }

  async *chats(): AsyncGenerator<ChatSource> {
    for (let event = await this.#peek(); event !== undefined; event = await this.#peek()) {
      this.#place++;
      if (event.type === "chat") {
        const accounts: Account[] = [];
        const chat = await this.#fill.chat(event);
        yield { chat, accounts, messages: this.#messages(accounts) };
      } else await this.#pass(event);
    }
  }

  /** Ends the reading early, so that the reader lets its files go. */
  async stop(): Promise<void> {
    this.#isDone = true;
    await this.#steps.return?.();
  }

  /** The messages up to the next chat, as many at a time as the reader gives. */
  async *#messages(accounts: Account[]): AsyncGenerator<readonly Message[]> {
    for (let event = await this.#peek(); event !== undefined; event = await this.#peek()) {
      if (event.type === "chat") return;
      const messages: Message[] = [];
      for (; event !== undefined && event.type !== "chat"; event = this.#events[this.#place]) {
        this.#place++;
        if (event.type === "account") accounts.push(await this.#fill.account(event));
        else if (event.type !== "message") await this.#pass(event);
        else messages.push(event.files === undefined ? event.message : await this.#fill.message(event));
      }
      if (messages.length > 0) yield messages;
    }
  }

  /** Findings and loose files may come anywhere. */
  async #pass(event: ReadEvent): Promise<void> {
    if (event.type === "finding") this.#onFinding(event.finding);
    else if (event.type === "file") await this.#fill.file(event);
  }

  /** The next event; undefined at the end. */
  async #peek(): Promise<ReadEvent | undefined> {
    while (this.#place >= this.#events.length) {
      if (this.#isDone) return undefined;
      const { value, done } = await this.#steps.next();
      this.#isDone = done === true;
      this.#events = done === true ? [] : eventsOf(value);
      this.#place = 0;
    }
    return this.#events[this.#place];
  }
}
