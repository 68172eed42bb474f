import type { MessageTime } from "./time.ts";

/** The source's own id of a message, which holds within its chat. */
export interface NativeId {
  /** Dotted by platform, such as `telegram.message` or `wechat.server`. */
  readonly scheme: string;
  readonly value: string;
}

/** What the source shows of the message that a reply answers, as it was then. */
export interface Snapshot {
  readonly author?: string;
  readonly authorName?: string;
  readonly kind?: string;
  readonly text?: string;
  readonly sent?: number;
  /** Places in the message's own `attachments`. */
  readonly attached?: readonly number[];
}

export interface Reply {
  /** The id of the message that is answered. */
  readonly target?: NativeId;
  /** Its chat, where it is another one. */
  readonly chat?: string;
  readonly snapshot?: Snapshot;
  /** The stretch of its text that is answered, in UTF-16 code units. */
  readonly range?: { readonly start: number; readonly length: number };
}

/** Where a forwarded message came from. All that the source hides is absent. */
export interface Forward {
  readonly from?: string;
  readonly fromName?: string;
  readonly time?: MessageTime;
  readonly chat?: string;
  readonly chatName?: string;
  readonly target?: NativeId;
  /** The chat from which it was saved, as the source names it. */
  readonly savedFrom?: string;
}

/** Messages that were sent as one. `asserted` by the source or `inferred` by a reader. */
export interface Album {
  readonly id: string;
  readonly basis: "asserted" | "inferred";
}

export interface Button {
  readonly text: string;
  readonly type?: string;
  readonly url?: string;
  readonly data?: string;
}
