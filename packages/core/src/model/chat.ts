import type { JsonObject } from "./json.ts";
import type { Attachment } from "./parts/attachment.ts";
import type { NativeId } from "./parts/links.ts";

export type ChatKind =
  "direct" | "group" | "channel" | "broadcast" | "bot" | "self" | "thread" | "service" | "unknown";

export interface Member {
  readonly account: string;
  readonly role?: "owner" | "admin" | "member" | (string & {});
  /** The member's title or card in this chat. */
  readonly title?: string;
  readonly joinedAt?: number;
  readonly leftAt?: number;
}

export interface ChatSettings {
  readonly expiryMs?: number;
  readonly muted?: boolean;
  readonly pinned?: boolean;
  readonly archived?: boolean;
}

/** A title that the chat had. */
export interface ChatTitle {
  readonly value: string;
  readonly from?: number;
  readonly to?: number;
}

export interface Chat {
  /** Made by `chatId`. */
  readonly id: string;
  readonly platform: string;
  readonly kind: ChatKind;
  readonly nativeIds?: readonly NativeId[];
  /** The owner's own accounts in this chat: a message by one of them went out. */
  readonly own?: readonly string[];
  readonly title?: string;
  /** Titles that it had before, oldest first. */
  readonly formerTitles?: readonly ChatTitle[];
  readonly description?: string;
  readonly avatar?: Attachment;
  /** The chat of which this one is a thread or topic. */
  readonly parent?: string;
  /** The chat that this one goes on from. */
  readonly migratedFrom?: string;
  readonly members?: readonly Member[];
  /** Where the source counts more members than it names. */
  readonly memberCount?: number;
  readonly settings?: ChatSettings;
  readonly residue?: JsonObject;
}
