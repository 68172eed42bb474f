import type {
  Draft,
  JsonObject,
  JsonValue,
  Message,
  PayloadOf,
  SystemMeaning,
} from "../../../model/index.ts";
import { isObject } from "../../json-values.ts";
import { count, present, seconds, words } from "./media.ts";

/** What Telegram's notices mean. Those that are not here are kept under their own name. */
const meanings: Readonly<Record<string, SystemMeaning>> = {
  create_group: "chat.create",
  create_channel: "chat.create",
  edit_group_title: "title.change",
  edit_group_photo: "avatar.change",
  delete_group_photo: "avatar.change",
  suggest_profile_photo: "avatar.change",
  invite_members: "member.add",
  remove_members: "member.remove",
  join_group_by_link: "member.join",
  join_group_by_request: "member.join",
  join_group_via_community: "member.join",
  joined_telegram: "contact.join",
  migrate_to_supergroup: "chat.migrate",
  migrate_from_group: "chat.migrate",
  change_creator: "member.role",
  pin_message: "message.pin",
  clear_history: "chat.clear",
  score_in_game: "game.score",
  send_payment: "payment",
  refunded_payment: "payment",
  group_call: "call",
  conference_call: "call",
  invite_to_group_call: "call",
  group_call_scheduled: "call",
  take_screenshot: "screenshot",
  set_messages_ttl: "ttl.change",
  edit_chat_theme: "theme.change",
  set_chat_wallpaper: "theme.change",
  set_same_chat_wallpaper: "theme.change",
  topic_created: "topic.create",
  topic_edit: "topic.edit",
};

type CallResult = NonNullable<PayloadOf<"call">["result"]>;

const callResults: Readonly<Record<string, CallResult>> = {
  hangup: "answered",
  missed: "missed",
  busy: "declined",
  disconnect: "failed",
};

/** A notice without a name of its own, only with a text. */
const custom = "custom";

/** Fields that every message has; all others of a notice are its parameters. */
const general = new Set([
  "id",
  "type",
  "date",
  "date_unixtime",
  "edited",
  "edited_unixtime",
  "text",
  "text_entities",
  "reactions",
  "inline_bot_buttons",
  "actor",
  "actor_id",
  "action",
  "members",
  "information_text",
  "reply_to_message_id",
  "reply_to_peer_id",
]);

/** What a notice says; the actor's account is the caller's to find. */
export function readNotice(
  message: JsonObject,
  actor: string | undefined,
): Pick<Message, "kind"> & Partial<Message> {
  const action = words(message["action"]);
  if (action === "phone_call") return readCall(message, actor);
  const rest = Object.entries(message).filter(([key]) => !general.has(key));
  const names = members(message["members"]);
  const payload: Draft<PayloadOf<"system">> = { action: `telegram:${action ?? custom}` };
  const meaning = action !== undefined && Object.hasOwn(meanings, action) ? meanings[action] : undefined;
  if (meaning !== undefined) payload.meaning = meaning;
  if (actor !== undefined) payload.actor = actor;
  const actorName = words(message["actor"]);
  if (actorName !== undefined) payload.actorName = actorName;
  if (names.length > 0) payload.targetNames = names;
  if (rest.length > 0) payload.params = Object.fromEntries(rest);
  const information = words(message["information_text"]);
  return { kind: "system", payload, ...(information !== undefined && { body: { text: information } }) };
}

function readCall(message: JsonObject, actor: string | undefined): Pick<Message, "kind"> & Partial<Message> {
  const payload: Draft<PayloadOf<"call">> = { media: "voice" };
  const reason = message["discard_reason"];
  const isKnown = typeof reason === "string" && Object.hasOwn(callResults, reason);
  if (isKnown) payload.result = callResults[reason]!;
  const duration = count(message["duration_seconds"]);
  if (duration !== undefined) payload.durationMs = duration * 1000;
  return { kind: "call", payload, ...(actor !== undefined && { author: actor }) };
}

function members(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}

/** What the fields of a notice need to know of its accounts. */
export interface NoticeNames {
  /** Such as `user1`. */
  readonly actorId: string | undefined;
  readonly actor: string | undefined;
}

/** The fields of a notice; `undefined` if the message is none that Telegram knows. */
export function noticeFields(message: Message, names: NoticeNames): JsonObject | undefined {
  const who = { ...present("actor", names.actor), ...present("actor_id", names.actorId) };
  if (message.kind === "call")
    return { ...who, ...callFields(message.payload as PayloadOf<"call"> | undefined) };
  if (message.kind !== "system") return undefined;
  const payload = message.payload as PayloadOf<"system"> | undefined;
  const action = payload?.action ?? "";
  if (!action.startsWith("telegram:") || action === `telegram:${custom}`)
    return { ...who, information_text: message.body?.text ?? action };
  const params = isObject(payload?.params) ? payload.params : {};
  const name = action.slice("telegram:".length);
  return { ...params, ...who, action: name, ...present("members", payload?.targetNames) };
}

function callFields(payload: PayloadOf<"call"> | undefined): JsonObject {
  const reason = Object.entries(callResults).find(([, result]) => result === payload?.result)?.[0];
  const duration = payload?.durationMs;
  return {
    action: "phone_call",
    ...present("duration_seconds", duration === undefined ? undefined : seconds(duration)),
    ...present("discard_reason", reason),
  };
}
