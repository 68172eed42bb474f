import type { Draft, Forward, JsonObject, Message, NativeId, Reply } from "../../model/index.ts";
import { isObject, withDifference } from "../json-values.ts";
import { cardFields } from "./parts/cards.ts";
import { buttonFields, reactionFields } from "./parts/marks.ts";
import { mediaFields, numberOf, present, seconds, slot, type PathOf } from "./parts/media.ts";
import { noticeFields } from "./parts/notice.ts";
import { textFields } from "./parts/text.ts";
import { localText } from "./parts/times.ts";

/** The scheme of Telegram's message numbers. */
export const messageScheme: string = "telegram.message";

/** What a message's fields need to know of the history around it. */
export interface Names {
  /** The name that is shown for an account. */
  nameOf(account: string): string | undefined;
  /** What Telegram calls an account, such as `user1`. */
  peerText(account: string): string | undefined;
  /** What Telegram calls the other side of a chat, such as `channel1`. */
  chatPeerText(chat: string): string | undefined;
  /** The number of a message of this chat. */
  messageNumber(id: NativeId): string | undefined;
  readonly pathOf: PathOf;
}

/** What our fields do not hold of a message, as `residue.telegram` does. */
export interface Residue extends JsonObject {
  /** Minutes by which the exporting machine's clock was east of UTC; 0 if absent. */
  readonly offset?: number;
  /** The files of custom emoji in the text, in their order. */
  readonly emoji?: readonly string[];
  readonly set?: JsonObject;
  readonly unset?: readonly string[];
}

/** A message as Telegram writes it, with what its residue adds. */
export function messageJson(message: Message, residue: Residue, names: Names): JsonObject {
  return withDifference(messageFields(message, residue, names), residue);
}

/** A message as Telegram would write it from our fields alone; undefined fields are absent. */
export function messageFields(message: Message, residue: Residue, names: Names): JsonObject {
  const { offset = 0, emoji } = residue;
  const who = author(message, names);
  const notice = noticeFields(message, {
    actorId: who.id,
    actor: who.name,
  });
  return {
    ...numberFields(message, names),
    type: notice === undefined ? "message" : "service",
    ...timeFields(message, offset),
    ...(notice ?? {
      ...present("from", who.name),
      ...present("from_id", who.id),
      ...regularFields(message, names),
    }),
    ...replyFields(message.reply, names),
    ...textFields(notice === undefined ? message.body : undefined, emoji),
    ...reactionFields(message.reactions, offset, (account) => names.peerText(account)),
    ...buttonFields(message.buttons),
  };
}

function numberFields(message: Message, names: Names): JsonObject {
  const id = message.nativeIds?.find(({ scheme }) => scheme === messageScheme) ?? message.nativeIds?.[0];
  const number = names.messageNumber(id ?? { scheme: "", value: "" });
  return present("id", number === undefined ? undefined : numberOf(number));
}

interface Who {
  readonly id: string | undefined;
  readonly name: string | undefined;
}

function author(message: Message, names: Names): Who {
  const payload = message.payload as { actor?: string; actorName?: string } | undefined;
  const isSystem = message.kind === "system";
  const account = isSystem ? payload?.actor : message.author;
  const shown = isSystem ? payload?.actorName : message.authorName;
  if (account === undefined) return { id: undefined, name: shown };
  return { id: names.peerText(account), name: shown ?? (isSystem ? undefined : names.nameOf(account)) };
}

/** Local time, and Unix time where the time is an instant. */
function timeFields({ time, editedAt }: Message, offset: number): JsonObject {
  const shiftMs = offset * 60_000;
  const fields: Draft<JsonObject> = {};
  const isInstant = time.zone === "utc" || time.zone === "offset";
  if (time.precision !== "none") {
    fields["date"] = localText(time.sent + (isInstant ? shiftMs : 0));
    if (isInstant) fields["date_unixtime"] = String(seconds(time.sent));
  }
  if (editedAt !== undefined) {
    fields["edited"] = localText(editedAt + (isInstant ? shiftMs : 0));
    if (isInstant) fields["edited_unixtime"] = String(seconds(editedAt));
  }
  return fields;
}

function regularFields(message: Message, names: Names): JsonObject {
  const period = message.ephemeral?.ttlMs;
  const card = cardFields(message);
  return {
    ...present("author", message.signature),
    ...present("via_bot", message.viaBot),
    ...forwardFields(message.forward, names),
    ...(card === undefined
      ? mediaFields(message, names.pathOf)
      : { ...card, ...vcard(message, names.pathOf) }),
    ...stickerFields(message),
    ...present("self_destruct_period_seconds", period === undefined ? undefined : seconds(period)),
  };
}

/** What stickers and music say of themselves. */
function stickerFields({ kind, payload }: Message): JsonObject {
  if (!isObject(payload)) return {};
  if (kind === "sticker") return present("sticker_emoji", payload["emoji"]);
  if (kind !== "audio") return {};
  return { ...present("performer", payload["performer"]), ...present("title", payload["title"]) };
}

function vcard(message: Message, pathOf: PathOf): JsonObject {
  const card = message.attachments?.[0];
  if (message.kind !== "contact" || card === undefined || card.kind === "sticker") return {};
  return { ...slot("contact_vcard", card, pathOf(0)), ...present("contact_vcard_file_size", card.sizeBytes) };
}

function forwardFields(forward: Forward | undefined, names: Names): JsonObject {
  if (forward === undefined) return {};
  return {
    ...present("saved_from", forward.savedFrom),
    forwarded_from: forward.fromName ?? forward.chatName ?? null,
    ...present("forwarded_from_id", forward.from === undefined ? undefined : names.peerText(forward.from)),
  };
}

function replyFields(reply: Reply | undefined, names: Names): JsonObject {
  const target = reply?.target;
  if (target === undefined) return {};
  const peer = reply?.chat === undefined ? undefined : names.chatPeerText(reply.chat);
  const number = target.scheme === messageScheme ? target.value : names.messageNumber(target);
  return {
    ...present("reply_to_message_id", number === undefined ? undefined : numberOf(number)),
    ...present("reply_to_peer_id", peer),
  };
}
