import type { Message } from "@keepsake/core/model";

/**
 * Whether a message may come up by itself, without anybody having gone to it: nothing that was deleted or taken back
 * anywhere, nothing that was meant to be seen once or to go away, and nothing that the app said.
 */
export function isForShow({ kind, deletion, ephemeral, attachments = [] }: Message): boolean {
  if (deletion !== undefined || ephemeral !== undefined) return false;
  return kind !== "system" && kind !== "deleted" && attachments.every(({ viewOnce }) => viewOnce !== true);
}
