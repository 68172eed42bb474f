import type { Message } from "../../model/index.ts";
import type { FidelityTally } from "../tally.ts";

/** Fields of a message for which ChatLab has no place. */
const noPlace = [
  ...[
    "mentions",
    "forward",
    "attachments",
    "reactions",
    "revisions",
    "editedAt",
    "ephemeral",
    "receipts",
    "flags",
  ],
  ...[
    "buttons",
    "thread",
    "album",
    "fidelity",
    "invalid",
    "signature",
    "viaBot",
    "direction",
    "raw",
    "residue",
  ],
  "ordinal",
] as readonly (keyof Message)[];

/** Kinds that become words. */
const wordless = new Set([
  "forwardBundle",
  "poll",
  "todo",
  "game",
  "event",
  "unknown",
  "gift",
  "invoice",
  "storyReply",
]);

/** Counts what a message loses; `isOwn` if it was read from ChatLab, so that its residue holds what is left. */
export function countLosses(message: Message, tally: FidelityTally, isOwn: boolean): void {
  if (isOwn) {
    for (const key of ["revisions", "reactions", "receipts", "flags"] as const)
      if (message[key] !== undefined) tally.dropped(key);
    return;
  }
  for (const key of noPlace) if (message[key] !== undefined) tally.dropped(key);
  if (message.body?.spans !== undefined) tally.dropped("spans");
  if (message.time.precision !== "s" || message.time.zone !== "utc") tally.changed("time");
  if ((message.nativeIds?.length ?? 0) > 0) tally.changed("nativeIds");
  if (message.payload !== undefined) tally.dropped("payload");
  if (wordless.has(message.kind)) tally.changed(`kind ${message.kind}`);
  if (message.reply?.snapshot !== undefined) tally.dropped("reply snapshot");
}
