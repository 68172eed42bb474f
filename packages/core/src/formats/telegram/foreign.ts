import { placeholder, type Attachment, type Body, type JsonObject, type Message } from "../../model/index.ts";
import type { FidelityTally } from "../tally.ts";
import { readMessage } from "./message.ts";
import { cardFields } from "./parts/cards.ts";
import { lostSpans } from "./parts/text.ts";

/** Fields of a message for which Telegram's export has no place. */
const noPlace = [
  "mentions",
  "revisions",
  "deletion",
  "receipts",
  "flags",
  "thread",
  "album",
  "fidelity",
  "invalid",
  "direction",
  "raw",
] as readonly (keyof Message)[];

/** Fields that are there in a history of another origin, but not word for word. */
const madeAnew = [
  "nativeIds",
  "author",
  "reply",
  "forward",
  "ephemeral",
  "buttons",
  "attachments",
  "payload",
  "reactions",
] as const satisfies readonly (keyof Message)[];

/** Kinds that Telegram's export has beside cards. */
const knownKinds = new Set([
  "text",
  "image",
  "video",
  "audio",
  "voice",
  "roundVideo",
  "gif",
  "file",
  "sticker",
  "call",
  "system",
]);

const folders: Readonly<Record<string, string>> = {
  image: "photos",
  video: "video_files",
  audio: "audio_files",
  voice: "voice_messages",
  roundVideo: "round_video_messages",
  gif: "animations",
  sticker: "stickers",
};

/** In which folder an attachment goes; undefined if Telegram's export can hold none of its role. */
export function folderOf({ role = "main", kind }: Attachment): string | undefined {
  if (role === "thumb") return "thumbnails";
  if (role !== "main") return undefined;
  return (kind !== undefined && Object.hasOwn(folders, kind) ? folders[kind] : undefined) ?? "files";
}

/** Where a message's files lie, in step with its attachments, of its fields alone. */
export function pathsOf(json: JsonObject, message: Message): readonly (string | undefined)[] {
  const reading = { chat: message.chat, own: undefined, names: new Map(), accounts: new Map(), sent: 0 };
  return readMessage(json, reading).paths;
}

/** Counts what a message loses; `isOwn` if it was read from Telegram, so that its residue holds what is left. */
export function countLosses(message: Message, tally: FidelityTally, isOwn: boolean): void {
  for (const key of noPlace) if (message[key] !== undefined) tally.dropped(key);
  if (isOwn) return;
  for (const key of ["residue", "ordinal"] as const) if (message[key] !== undefined) tally.dropped(key);
  for (const key of madeAnew) if (message[key] !== undefined) tally.changed(key);
  if (message.time.precision !== "s" || message.time.zone === "offset") tally.changed("time");
  if (message.body !== undefined) countBody(message.body, tally);
}

function countBody(body: Body, tally: FidelityTally): void {
  const spans = lostSpans(body);
  if (spans > 0) tally.dropped("spans", spans);
  if (body.format !== undefined || body.html !== undefined) tally.changed("body");
}

/** A message of a kind that Telegram's export does not have, as words that say what it is. */
export function inOurWords(message: Message, tally: FidelityTally): Message {
  if (knownKinds.has(message.kind) || cardFields(message) !== undefined) return message;
  tally.changed(`kind ${message.kind}`);
  const text = placeholder(message, "en");
  const kind = message.attachments?.some((attachment) => folderOf(attachment) !== undefined)
    ? "file"
    : "text";
  return { ...message, kind, body: { text } };
}
