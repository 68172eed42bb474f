import type { KindEntry } from "../kind.ts";

/** A shared post, video or live of a feed, such as a channel's. */
export interface PostPayload {
  readonly type?: "post" | "video" | "live" | "profile" | (string & {});
  readonly authorName?: string;
  readonly text?: string;
  readonly url?: string;
  readonly id?: string;
}

export const post: KindEntry<PostPayload> = {
  label: { en: "Shared post", zh: "分享的动态" },
  check: ({ object, text }) =>
    object<PostPayload>({
      type: text,
      authorName: text,
      text,
      url: text,
      id: text,
    }),
  texts: (payload) => [payload.authorName, payload.text],
};
