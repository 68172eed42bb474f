/** An answer to a story or moment; the answer itself is the body. */
export interface StoryReplyPayload {
  readonly author?: string;
  readonly storyText?: string;
  readonly url?: string;
  readonly emoji?: string;
  readonly postedAt?: number;
}
