import type { Message } from "../../model/index.ts";
import type { FidelityTally } from "../tally.ts";

/** Fields of a message for which ChatLab has no place. */
const noPlace = [
  "mentions",
  "forward",
  "attachments",
  "reactions",
  "revisions",
  "editedAt",
  "ephemeral",
  "receipts",
  "flags",
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
  "ordinal",
] as readonly (keyof Message)[];

/** Fields that no reader of ours sets: they came from elsewhere since. */
const addedLater = [
  "revisions",
  "reactions",
  "receipts",
  "flags",
] as const satisfies readonly (keyof Message)[];

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
  for (const key of isOwn ? addedLater : noPlace) if (message[key] !== undefined) tally.dropped(key);
  if (!isOwn) countForeign(message, tally);
}

function countForeign(message: Message, tally: FidelityTally): void {
  if (message.body?.spans !== undefined) tally.dropped("spans");
  if (message.time.precision !== "s" || message.time.zone !== "utc") tally.changed("time");
  if (message.nativeIds !== undefined) tally.changed("nativeIds");
  if (message.payload !== undefined) tally.dropped("payload");
  if (wordless.has(message.kind)) tally.changed(`kind ${message.kind}`);
  if (message.reply?.snapshot !== undefined) tally.dropped("reply snapshot");
}
