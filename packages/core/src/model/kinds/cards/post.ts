/** A shared post, video or live of a feed, such as a channel's. */
export interface PostPayload {
  readonly type?: "post" | "video" | "live" | "profile" | (string & {});
  readonly authorName?: string;
  readonly text?: string;
  readonly url?: string;
  readonly id?: string;
}
