import type { JsonObject } from "./json.ts";
import type { Kind, PayloadOf } from "./kinds/payloads.ts";
import type { Attachment } from "./parts/attachment.ts";
import type { Body, Mention } from "./parts/body.ts";
import type { Deletion, Ephemeral, Revision } from "./parts/changes.ts";
import type { Album, Button, Forward, NativeId, Reply } from "./parts/links.ts";
import type { Flags, Reaction, Receipt } from "./parts/marks.ts";
import type { MessageTime } from "./parts/time.ts";

/** How much of the message the source holds; `full` if absent. */
export type Fidelity = "full" | "structured" | "rendered" | "text";

/** A source record word for word: exactly one of `text` and `base64`. */
export interface Raw {
  readonly mediaType: string;
  readonly text?: string;
  readonly base64?: string;
}

/** What a message says: common to messages and to the items of a forwarded bundle. */
export interface MessageContent {
  /** An account's id; absent for system messages and where the source does not say. */
  readonly author?: string;
  /** The author's name as the source shows it with this message, where it differs from the account's. */
  readonly authorName?: string;
  readonly viaBot?: string;
  /** The name under a channel's post. */
  readonly signature?: string;
  /** One of `Kind`, or a later one, which is kept and shown as a placeholder. */
  readonly kind: Kind | (string & {});
  readonly body?: Body;
  readonly mentions?: readonly Mention[];
  /** What belongs to this kind alone; the shapes are in `kinds/`. */
  readonly payload?: object;
  readonly reply?: Reply;
  readonly forward?: Forward;
  readonly raw?: Raw;
}

/**
 * One message as one source saw it: a record. Fields that are absent are absent, never null; numbers are safe
 * integers, other numbers are strings of the source's digits; ids are strings. Fields that this version does not
 * know are kept. docs/MODEL.md is the authority.
 */
export interface Message extends MessageContent {
  /** The chat's id. */
  readonly chat: string;
  /** In order of scheme, then value. Empty lists are absent, here and everywhere. */
  readonly nativeIds?: readonly NativeId[];
  /** The place among records without native id that are equal otherwise; 0 if absent. */
  readonly ordinal?: number;
  /**
   * The source's own order among messages of the same time: shorter keys first, then by code units, so that
   * whole numbers sort as numbers. Not content.
   */
  readonly order?: string;
  readonly time: MessageTime;
  /** Stored only where the source states it and names no author. */
  readonly direction?: "in" | "out";
  /** With the files of the whole message, those of bundled items, revisions and snapshots included. */
  readonly attachments?: readonly Attachment[];
  readonly reactions?: readonly Reaction[];
  /** Oldest first; the message itself is the newest. */
  readonly revisions?: readonly Revision[];
  /** When it was last edited, milliseconds UTC. */
  readonly editedAt?: number;
  readonly deletion?: Deletion;
  readonly ephemeral?: Ephemeral;
  readonly receipts?: readonly Receipt[];
  readonly flags?: Flags;
  /** Rows of buttons under the message. */
  readonly buttons?: readonly (readonly Button[])[];
  /** The first message of its thread. */
  readonly thread?: NativeId;
  readonly album?: Album;
  readonly fidelity?: Fidelity;
  /** What the format's own writer needs and the fields above do not give. Not content. */
  readonly residue?: JsonObject;
  /** What validation moved aside, by its JSON Pointer. */
  readonly invalid?: JsonObject;
}

/** A message of one kind, with its payload. Assignable to Message. */
export type MessageOf<K extends Kind> = Message & { readonly kind: K; readonly payload?: PayloadOf<K> };

/** Narrows a message to a kind; its payload is what validation let through. */
export function isOfKind<K extends Kind>(message: Message, kind: K): message is MessageOf<K> {
  return message.kind === kind;
}
