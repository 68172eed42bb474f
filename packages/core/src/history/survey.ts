import { throwIfAborted, type Report } from "../base/index.ts";
import {
  eventsOf,
  type Aside,
  type Attachment,
  type Chat,
  type Message,
  type ReadEvent,
  type ReadSteps,
  type SourceFile,
} from "../model/index.ts";
import { Chooser } from "./intake/chooser.ts";
import type { Choice, LeftOut } from "./state/choices.ts";

/** What something amounts to. */
export interface Amount {
  readonly messages: number;
  readonly files: number;
  readonly bytes: number;
}

/** What a chat of a source holds, without what is left out of it already. */
export interface ChatSurvey extends Amount {
  readonly chat: string;
  readonly title: string | undefined;
  readonly kind: Chat["kind"];
  /** How many messages the owner wrote. */
  readonly own: number;
  readonly byKind: ReadonlyMap<string, Amount>;
  /** Files of more than `LARGE_BYTES`. */
  readonly large: Amount;
}

export interface Survey {
  readonly chats: readonly ChatSurvey[];
  /** By months such as 2024-03, in UTC; what has no time is in none. */
  readonly byMonth: ReadonlyMap<string, Amount>;
  /** What choices leave out already. */
  readonly leftOut: readonly LeftOut[];
  readonly asides: readonly Aside[];
}

export interface SurveyOptions {
  readonly choices?: readonly Choice[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
}

/** A file of more bytes counts as large. */
export const LARGE_BYTES = 50_000_000;
const MESSAGES_PER_REPORT = 10_000;
/** No date lies farther from 1970. */
const MOST_TIME_MS = 8.64e15;

/** Looks through a source, without its files and without a vault: what of it would be kept. */
export async function survey(
  steps: ReadSteps,
  { choices, signal, report }: SurveyOptions = {},
): Promise<Survey> {
  const surveyor = new Surveyor(choices);
  let told = 0;
  for await (const step of steps) {
    throwIfAborted(signal);
    for (const event of eventsOf(step)) {
      surveyor.take(event);
      if (event.type === "finding") report?.(event);
    }
    if (surveyor.messages - told < MESSAGES_PER_REPORT) continue;
    told = surveyor.messages;
    report?.({ type: "progress", stage: "read", done: { messages: told } });
  }
  return surveyor.result();
}

type Counted = { -readonly [K in keyof Amount]: Amount[K] };

interface CountedChat extends Counted {
  readonly chat: Chat;
  own: number;
  readonly byKind: Map<string, Counted>;
  readonly large: Counted;
}

/** Counts what passes by. */
export class Surveyor {
  readonly #chooser: Chooser;
  readonly #chats = new Map<string, CountedChat>();
  readonly #byMonth = new Map<string, Counted>();
  readonly #asides: Aside[] = [];
  messages = 0;

  constructor(choices: readonly Choice[] | undefined) {
    this.#chooser = new Chooser(choices);
  }

  take(event: ReadEvent): void {
    if (event.type === "aside")
      this.#asides.push({ what: event.what, files: event.files, bytes: event.bytes });
    if (event.type === "chat") {
      this.#chooser.begin(event.chat);
      this.#chats.set(event.chat.id, {
        chat: event.chat,
        own: 0,
        byKind: new Map(),
        large: nothing(),
        ...nothing(),
      });
    }
    if (event.type === "message") this.#message(event.message, event.files ?? []);
  }

  result(): Survey {
    const chats = [...this.#chats.values()].map(({ chat, ...counts }): ChatSurvey => {
      return { chat: chat.id, title: chat.title, kind: chat.kind, ...counts };
    });
    return { chats, byMonth: this.#byMonth, leftOut: this.#chooser.leftOut, asides: this.#asides };
  }

  #message(message: Message, files: readonly (SourceFile | undefined)[]): void {
    this.messages++;
    const chat = this.#chats.get(message.chat);
    if (chat === undefined) return;
    const left = this.#chooser.ofMessage(message);
    const sizes = files.flatMap((file, i) =>
      file === undefined ? [] : [sizeOf(file, message.attachments?.[i])],
    );
    if (left !== undefined) {
      this.#chooser.count(left, message, { messages: 1, files: sizes.length, bytes: sum(sizes) });
      return;
    }
    const kept = sizes.filter((bytes) => !this.#isLeftOut(message, bytes));
    const counts = [chat, countsOf(chat.byKind, message.kind)];
    const month = monthOf(message);
    if (month !== undefined) counts.push(countsOf(this.#byMonth, month));
    for (const each of counts) add(each, { messages: 1, files: kept.length, bytes: sum(kept) });
    const large = kept.filter((bytes) => bytes > LARGE_BYTES);
    add(chat.large, { messages: 0, files: large.length, bytes: sum(large) });
    if (isOwn(message, chat.chat)) chat.own++;
  }

  #isLeftOut(message: Message, bytes: number): boolean {
    const choice = this.#chooser.ofFile(message, bytes);
    if (choice !== undefined) this.#chooser.count(choice, message, { messages: 0, files: 1, bytes });
    return choice !== undefined;
  }
}

function countsOf(counts: Map<string, Counted>, name: string): Counted {
  const counted = counts.get(name) ?? nothing();
  counts.set(name, counted);
  return counted;
}

function monthOf({ time: { sent, precision } }: Message): string | undefined {
  const isKnown = precision !== "none" && Math.abs(sent) <= MOST_TIME_MS;
  return isKnown ? new Date(sent).toISOString().slice(0, -"-01T00:00:00.000Z".length) : undefined;
}

function isOwn({ author, direction }: Message, { own = [] }: Chat): boolean {
  return direction === "out" || (author !== undefined && own.includes(author));
}

function sizeOf({ sizeBytes }: SourceFile, attachment: Attachment | undefined): number {
  return sizeBytes > 0 ? sizeBytes : (attachment?.sizeBytes ?? 0);
}

function nothing(): Counted {
  return { messages: 0, files: 0, bytes: 0 };
}

function add(counted: Counted, { messages, files, bytes }: Amount): void {
  counted.messages += messages;
  counted.files += files;
  counted.bytes += bytes;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

/** Something that a person may choose to leave out, and what that would save. */
export interface Proposal extends Amount {
  readonly what: "pushes" | "silentGroups" | "largeFiles" | "stickers";
  readonly choice: Omit<Choice, "id">;
}

/** What is worth asking about, the one that saves most first. None of it is left out unless the person says so. */
export function proposalsFor({ chats }: Survey): Proposal[] {
  const pushes = chats.filter(({ kind }) => kind === "channel");
  const silent = chats.filter(({ kind, own, files }) => kind === "group" && own === 0 && files > 0);
  const stickers = chats.flatMap(({ byKind }) => byKind.get("sticker") ?? []);
  const filesOnly = (list: readonly Amount[]): Amount => ({ ...total(list), messages: 0 });
  const all: readonly Proposal[] = [
    { what: "pushes", choice: { what: "messages", chatKinds: ["channel"] }, ...total(pushes) },
    {
      what: "silentGroups",
      choice: { what: "files", chats: silent.map(({ chat }) => chat) },
      ...filesOnly(silent),
    },
    {
      what: "largeFiles",
      choice: { what: "files", overBytes: LARGE_BYTES },
      ...filesOnly(chats.map(({ large }) => large)),
    },
    { what: "stickers", choice: { what: "files", kinds: ["sticker"] }, ...filesOnly(stickers) },
  ];
  return all.filter(({ messages, files }) => messages + files > 0).sort((a, b) => b.bytes - a.bytes);
}

/** Several as one. */
export function total(list: readonly Amount[]): Amount {
  const counted = nothing();
  for (const { messages, files, bytes } of list) add(counted, { messages, files, bytes });
  return counted;
}
