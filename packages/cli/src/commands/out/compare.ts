import type { Finding } from "@keepsake/core/base";
import type { FidelityReport } from "@keepsake/core/formats";
import type { Attachment, ReadEvent } from "@keepsake/core/model";

/** What of a chat went out. */
export interface ChatTally {
  readonly chat: string;
  messages: number;
  attachments: number;
  /** Attachments that were said to be there and were not to be had. */
  lacking: number;
}

/** One thing that the target lacks. */
export interface Missing {
  readonly what: "messages" | "attachments" | "chats" | "damaged" | "text";
  readonly chat?: string;
  readonly count: number;
}

/** Counts a history chat by chat, in one pass. */
export class Counted {
  readonly #chats: Map<string, ChatTally> = new Map();
  readonly damaged: Finding[] = [];
  #chat: ChatTally | undefined;

  take(event: ReadEvent): void {
    if (event.type === "finding" && event.finding.severity === "error") this.damaged.push(event.finding);
    if (event.type === "chat") this.#begin(event.chat.id);
    if (event.type === "message") this.#count(event);
  }

  /** Notes that an attachment of a chat did not come out. */
  lose(chat: string): void {
    const tally = this.#chats.get(chat);
    if (tally === undefined) return;
    tally.attachments--;
    tally.lacking++;
  }

  get chats(): readonly ChatTally[] {
    return [...this.#chats.values()];
  }

  #begin(chat: string): void {
    this.#chat = this.#chats.get(chat) ?? { chat, messages: 0, attachments: 0, lacking: 0 };
    this.#chats.set(chat, this.#chat);
  }

  #count({ message, files }: Extract<ReadEvent, { type: "message" }>): void {
    const tally = this.#chat;
    if (tally === undefined) return;
    tally.messages++;
    for (const [i, attachment] of (message.attachments ?? []).entries()) {
      if (files?.[i] !== undefined) tally.attachments++;
      else if (isPromised(attachment)) tally.lacking++;
    }
  }
}

function isPromised({ state, sha256 }: Attachment): boolean {
  return state === "present" && sha256 !== undefined;
}

/** What went out and was not written, by count. */
export function compareCounts(sent: Counted, { counts }: FidelityReport): readonly Missing[] {
  const messages = sent.chats.reduce((sum, each) => sum + each.messages, 0) - counts.messages;
  const chats = sent.chats.length - counts.chats;
  return [
    ...(chats > 0 ? [{ what: "chats", count: chats } as const] : []),
    ...(messages > 0 ? [{ what: "messages", count: messages } as const] : []),
  ];
}

/** What the vault itself could not give. */
export function lackingIn({ chats, damaged }: Counted): readonly Missing[] {
  const lacking = chats.filter((each) => each.lacking > 0);
  return [
    ...lacking.map(({ chat, lacking: count }) => ({ what: "attachments", chat, count }) as const),
    ...(damaged.length > 0 ? [{ what: "damaged", count: damaged.length } as const] : []),
  ];
}
