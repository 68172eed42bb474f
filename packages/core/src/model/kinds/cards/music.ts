import type { KindEntry } from "../kind.ts";

/** A shared song of a music service. */
export interface MusicPayload {
  readonly title?: string;
  readonly performer?: string;
  readonly album?: string;
  readonly url?: string;
  readonly soundUrl?: string;
  readonly lyrics?: string;
}

export const music: KindEntry<MusicPayload> = {
  label: { en: "Music", zh: "音乐" },
  check: ({ object, text }) =>
    object<MusicPayload>({
      title: text,
      performer: text,
      album: text,
      url: text,
      soundUrl: text,
      lyrics: text,
    }),
  texts: (payload) => [payload.title, payload.performer, payload.album, payload.lyrics],
};
