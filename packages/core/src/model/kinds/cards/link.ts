import type { KindEntry } from "../kind.ts";

/** A shared page. A link inside a text is a span, not this. */
export interface LinkPayload {
  readonly url?: string;
  readonly title?: string;
  readonly description?: string;
  /** The site or the app that shared it. */
  readonly siteName?: string;
}

export const link: KindEntry<LinkPayload> = {
  label: { en: "Link", zh: "链接" },
  check: ({ object, text }) =>
    object<LinkPayload>({
      url: text,
      title: text,
      description: text,
      siteName: text,
    }),
  texts: (payload) => [payload.title, payload.description, payload.siteName, payload.url],
};
