/** The sorts of span that every reader uses for the same thing. Others are kept and shown as plain text. */
export type SpanType =
  | "bold"
  | "italic"
  | "underline"
  | "strikethrough"
  | "spoiler"
  | "code"
  | "pre"
  | "blockquote"
  | "link"
  | "textLink"
  | "mention"
  | "mentionAll"
  | "hashtag"
  | "cashtag"
  | "botCommand"
  | "email"
  | "phone"
  | "bankCard"
  | "customEmoji"
  | "face";

/** A stretch of a text with a meaning. `start` and `length` count UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly length: number;
  readonly type: SpanType | (string & {});
  /** Where a textLink leads. */
  readonly url?: string;
  /** Whom a mention names. */
  readonly account?: string;
  /** The programming language of a pre. */
  readonly language?: string;
  /** The source's id of a customEmoji or face. */
  readonly id?: string;
  /** A blockquote that is shown folded. */
  readonly collapsed?: boolean;
}

/** How `text` is to be understood where it is markup; plain if absent. */
export type BodyFormat = "plain" | "markdown" | "html" | "mrkdwn";

export interface Body {
  readonly text: string;
  /** In order of start, then longest first. */
  readonly spans?: readonly Span[];
  readonly format?: BodyFormat;
  /** The source's own HTML, where it gives one beside the text. */
  readonly html?: string;
}

/** Somebody named without a place in the text. */
export interface Mention {
  readonly account?: string;
  readonly name?: string;
  /** Everybody in the chat. */
  readonly all?: boolean;
}
