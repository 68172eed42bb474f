/** A shared page. A link inside a text is a span, not this. */
export interface LinkPayload {
  readonly url?: string;
  readonly title?: string;
  readonly description?: string;
  /** The site or the app that shared it. */
  readonly siteName?: string;
}
