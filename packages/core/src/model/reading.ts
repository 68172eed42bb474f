import type { Bytes, Finding } from "../base/index.ts";
import type { Account } from "./account.ts";
import type { Attachment } from "./parts/attachment.ts";
import type { Chat } from "./chat.ts";
import type { JsonObject } from "./json.ts";
import type { Message } from "./message.ts";

/** Bytes from `start` up to and without `end`; to the end of the file if absent. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

/** A file of a source whose bytes can be read, any number of times. */
export interface SourceFile {
  /** Relative to the source, `/` between its parts, no `.`, `..`, empty part, backslash or NUL. */
  readonly path: string;
  readonly sizeBytes: number;
  /** When it was written to last, milliseconds; with a fraction where the system knows it. */
  readonly modifiedMs?: number;
  /** Another whenever the file has changed, as far as the system can tell; compared on one device, never kept. */
  readonly changed?: string;
  /** SHA-256 of the content, 64 hex digits, where it is known; reading it to its end throws if it is another. */
  readonly sha256?: string;
  /** The bytes in pieces of at most a few MiB. Ending the iteration early lets the file go. */
  open(range?: ByteRange): AsyncIterable<Bytes>;
}

/** What a source says of itself. */
export interface SourceInfo {
  /** The reader's name, such as `telegram`. */
  readonly format: string;
  readonly formatVersion?: string;
  readonly platform: string;
  /** The owner's own account, where the source names it. */
  readonly own?: Account;
  /** When the source was written, milliseconds UTC. */
  readonly exportedAt?: number;
  /** The program that wrote it, in its own words. */
  readonly generator?: string;
  readonly timeZone?: string;
  readonly locale?: string;
  /** What the format's writer needs for the frame around the chats. */
  readonly residue?: JsonObject;
}

/**
 * Messages of a chat that are what they were at the source's last reading: all that it shows of a time. In its place
 * among the messages, and no other message that the source shows is of that time.
 */
export interface Stretch {
  /** When the first and the last of them were sent, milliseconds. */
  readonly from: number;
  readonly until: number;
  readonly messages: number;
}

/** What lies in a source and is no history of chats: it is not read, and not kept. */
export interface Aside {
  readonly what: "moments" | "favourites" | "cache";
  readonly files: number;
  readonly bytes: number;
}

/** What lets a reader pass over what has not changed since it read a source last. */
export interface ReadMemory {
  /** What it kept then, where the vault still has all of that; undefined: everything has to be read. */
  readonly before: string | undefined;
  /** Takes what is to be handed back next time. */
  keep(memo: string): void;
  /** The SHA-256 of a text, in hex. */
  sha256Text(text: string): string;
}

/**
 * What a reader yields, and what a writer takes: `source` first; then, chat by chat, `chat`, its accounts, and its
 * messages in canonical order. Accounts may also come before the first chat. Findings come anywhere.
 */
export type ReadEvent =
  | { readonly type: "source"; readonly source: SourceInfo }
  | { readonly type: "chat"; readonly chat: Chat; readonly avatarFile?: SourceFile | undefined }
  | { readonly type: "account"; readonly account: Account; readonly avatarFile?: SourceFile | undefined }
  | {
      readonly type: "message";
      readonly message: Message;
      /** In step with `message.attachments`. */
      readonly files?: readonly (SourceFile | undefined)[] | undefined;
    }
  | ({ readonly type: "same" } & Stretch)
  /** A file that belongs to no message: a profile picture, a story. */
  | { readonly type: "file"; readonly attachment: Attachment; readonly file: SourceFile }
  /** A file of a folder that is kept as it is, in order of path. */
  | { readonly type: "kept"; readonly file: SourceFile }
  /** A folder in it that holds nothing. */
  | { readonly type: "keptFolder"; readonly path: string }
  | ({ readonly type: "aside" } & Aside)
  | { readonly type: "finding"; readonly finding: Finding };

/** What a reader gives bit by bit: events, one or, which is quicker, many at a time. */
export type ReadSteps = AsyncIterable<ReadEvent | readonly ReadEvent[]>;

/** One of `ReadSteps` as a list. */
export function eventsOf(step: ReadEvent | readonly ReadEvent[]): readonly ReadEvent[] {
  return isList(step) ? step : [step];
}

function isList(step: ReadEvent | readonly ReadEvent[]): step is readonly ReadEvent[] {
  return Array.isArray(step);
}
