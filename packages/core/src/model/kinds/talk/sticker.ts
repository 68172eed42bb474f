import type { KindEntry } from "../kind.ts";

/** A sticker; its picture is the attachment. */
export interface StickerPayload {
  /** The emoji that it stands for. */
  readonly emoji?: string;
  /** The source's id of the sticker, and of its pack. */
  readonly id?: string;
  readonly pack?: string;
  /** What a dice or rock-paper-scissors sticker came to rest on. */
  readonly result?: string;
}

export const sticker: KindEntry<StickerPayload> = {
  label: { en: "Sticker", zh: "表情" },
  check: ({ object, text }) =>
    object<StickerPayload>({
      emoji: text,
      id: text,
      pack: text,
      result: text,
    }),
  texts: (payload) => [payload.emoji],
};
