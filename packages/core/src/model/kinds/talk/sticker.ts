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
