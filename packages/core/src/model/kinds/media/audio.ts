import type { KindEntry } from "../kind.ts";

/** A piece of music or another sound file; the sound is the attachment. */
export interface AudioPayload {
  readonly title?: string;
  readonly performer?: string;
}

export const audio: KindEntry<AudioPayload> = {
  label: { en: "Audio", zh: "音频" },
  check: ({ object, text }) =>
    object<AudioPayload>({
      title: text,
      performer: text,
    }),
  texts: (payload) => [payload.title, payload.performer],
};
