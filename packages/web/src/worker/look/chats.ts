import { chatCollections, summaryOf } from "@keepsake/core/history";
import { fold, type Attachment, type ChatKind } from "@keepsake/core/model";
import type { Session } from "../session.ts";
import { titleOf } from "./title.ts";

/** A chat in the list. */
export interface ChatLine {
  readonly collection: string;
  readonly id: string;
  /** Empty where nobody gave it a name. */
  readonly title: string;
  /** The title as names are compared. */
  readonly folded: string;
  readonly kind: ChatKind;
  readonly platform: string;
  readonly avatar?: Attachment;
  readonly isPinned: boolean;
  readonly messages: number;
  readonly attachments: number;
  readonly attachmentBytes: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** The chats of a history. */
export class Chats {
  readonly #session: Session;
  #known: { readonly of: unknown; readonly lines: Promise<readonly ChatLine[]> } | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Those with the newest message first. */
  list(): Promise<readonly ChatLine[]> {
    const { history } = this.#session.open;
    if (this.#known?.of !== history) {
      const lines = this.#read();
      lines.catch(() => (this.#known = undefined));
      this.#known = { of: history, lines };
    }
    return this.#known!.lines;
  }

  /** Those with the newest messages, described without reading of any other. */
  latest(count: number): Promise<readonly ChatLine[]> {
    const { history } = this.#session.open;
    const newest = chatCollections(history).slice(0, count);
    return Promise.all(newest.map((collection) => this.#line(collection)));
  }

  async #read(): Promise<readonly ChatLine[]> {
    const lines: ChatLine[] = [];
    for (const collection of chatCollections(this.#session.open.history))
      lines.push(await this.#line(collection));
    return lines;
  }

  async #line(collection: string): Promise<ChatLine> {
    const { history, view } = this.#session.open;
    const described = await view.chat(collection);
    const id = described?.chat.id ?? history.entries.get(collection)!.name;
    const { platform = "", kind = "unknown", avatar, settings } = described?.chat ?? {};
    const { messages, attachments, attachmentBytes, first, last } = summaryOf(history, collection);
    const title = titleOf(described);
    return {
      collection,
      id,
      title,
      folded: fold(title),
      kind,
      platform,
      ...(avatar !== undefined && { avatar }),
      isPinned: settings?.pinned === true,
      messages,
      attachments,
      attachmentBytes,
      first,
      last,
    };
  }
}
