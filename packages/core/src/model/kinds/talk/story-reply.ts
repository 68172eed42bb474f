import type { KindEntry } from "../kind.ts";

/** An answer to a story or moment; the answer itself is the body. */
export interface StoryReplyPayload {
  readonly author?: string;
  readonly storyText?: string;
  readonly url?: string;
  readonly emoji?: string;
  readonly postedAt?: number;
}

export const storyReply: KindEntry<StoryReplyPayload> = {
  label: { en: "Reply to a story", zh: "回复动态" },
  check: ({ integer, object, text }) =>
    object<StoryReplyPayload>({
      author: text,
      storyText: text,
      url: text,
      emoji: text,
      postedAt: integer,
    }),
  texts: (payload) => [payload.emoji],
};
