import type { Body, Draft, JsonObject, JsonValue, Span, SpanType } from "../../../model/index.ts";
import { digitsOf, isObject } from "../../json-values.ts";
import { accountPeerText, peerAccount } from "./peers.ts";

/** Telegram's sorts of text against ours. Sorts that are not here are kept as `telegram:` and their name. */
const spanTypes: Readonly<Record<string, SpanType>> = {
  mention: "mention",
  hashtag: "hashtag",
  bot_command: "botCommand",
  link: "link",
  email: "email",
  bold: "bold",
  italic: "italic",
  code: "code",
  pre: "pre",
  text_link: "textLink",
  mention_name: "mention",
  phone: "phone",
  cashtag: "cashtag",
  underline: "underline",
  strikethrough: "strikethrough",
  blockquote: "blockquote",
  bank_card: "bankCard",
  spoiler: "spoiler",
  custom_emoji: "customEmoji",
};
const entityTypes: ReadonlyMap<string, string> = new Map(
  Object.entries(spanTypes)
    .filter(([type]) => type !== "mention_name")
    .map(([type, span]) => [span, type]),
);
const ownPrefix = "telegram:";

/** A text with its spans, and the files that its custom emoji name, in their order. */
export interface ReadText {
  readonly body: Body | undefined;
  readonly emoji: readonly string[];
}

/** The text of a message: of `text_entities`, or of `text` in exports that have no entities. */
export function readText(message: JsonObject): ReadText {
  const entities = message["text_entities"];
  const text = message["text"];
  const runs = Array.isArray(entities) ? entities : Array.isArray(text) ? text : [text];
  return readRuns(runs as readonly JsonValue[]);
}

/** The text of a list of strings and entities. */
function readRuns(runs: readonly (JsonValue | undefined)[]): ReadText {
  let whole = "";
  const spans: Span[] = [];
  const emoji: string[] = [];
  for (const run of runs) {
    const text = isObject(run) ? run["text"] : run;
    if (typeof text !== "string") continue;
    const type = isObject(run) ? run["type"] : undefined;
    if (typeof type === "string" && type !== "plain" && text !== "") {
      spans.push(spanOf(run as JsonObject, type, { start: whole.length, length: text.length }));
      if (type === "custom_emoji") emoji.push(digitsOf((run as JsonObject)["document_id"]) ?? "");
    }
    whole += text;
  }
  if (whole === "") return { body: undefined, emoji };
  return { body: spans.length === 0 ? { text: whole } : { text: whole, spans }, emoji };
}

function spanOf(entity: JsonObject, type: string, place: Pick<Span, "start" | "length">): Span {
  const known = Object.hasOwn(spanTypes, type) ? spanTypes[type]! : `${ownPrefix}${type}`;
  const span: Draft<Span> = { ...place, type: known };
  if (typeof entity["href"] === "string") span.url = entity["href"];
  if (typeof entity["language"] === "string" && entity["language"] !== "") span.language = entity["language"];
  if (entity["collapsed"] === true) span.collapsed = true;
  if (type === "mention_name") {
    const user = digitsOf(entity["user_id"]);
    if (user !== undefined) span.account = peerAccount({ kind: "userId", value: user });
  }
  if (type === "custom_emoji") {
    const id = digitsOf(entity["document_id"]);
    if (id !== undefined && /^\d+$/.test(id)) span.id = id;
  }
  return span;
}

/** `text` and `text_entities` of a body. `emoji` names the files of custom emoji, in their order. */
export function textFields(body: Body | undefined, emoji: readonly JsonValue[] = []): JsonObject {
  const entities = body === undefined ? [] : entitiesOf(body, emoji);
  if (entities.length === 0) return { text: "", text_entities: [] };
  const isPlain = entities.length === 1 && entities[0]!["type"] === "plain";
  const text = isPlain
    ? entities[0]!["text"]!
    : entities.map((entity) => (entity["type"] === "plain" ? entity["text"]! : entity));
  return { text, text_entities: entities };
}

function entitiesOf(body: Body, emoji: readonly JsonValue[]): JsonObject[] {
  const entities: JsonObject[] = [];
  const plain = (from: number, to: number): void => {
    if (to > from) entities.push({ type: "plain", text: body.text.slice(from, to) });
  };
  let at = 0;
  let emojiAt = 0;
  for (const span of body.spans ?? []) {
    if (span.start < at) continue;
    plain(at, span.start);
    at = span.start + span.length;
    const file = span.type === "customEmoji" ? emoji[emojiAt++] : undefined;
    entities.push(entityOf(span, body.text.slice(span.start, at), file));
  }
  plain(at, body.text.length);
  return entities;
}

function entityOf(span: Span, text: string, file: JsonValue | undefined): JsonObject {
  const user = span.type === "mention" ? accountPeerText(span.account ?? "") : undefined;
  if (user?.startsWith("user") === true)
    return { type: "mention_name", text, user_id: Number(user.slice(4)) };
  const isOwn = span.type.startsWith(ownPrefix);
  const type = isOwn ? span.type.slice(ownPrefix.length) : (entityTypes.get(span.type) ?? "plain");
  return { type, text, ...entityDetails(span, file) };
}

function entityDetails(span: Span, file: JsonValue | undefined): JsonObject {
  return {
    ...(span.type === "textLink" && { href: span.url ?? "" }),
    ...(span.type === "pre" && { language: span.language ?? "" }),
    ...(span.collapsed === true && { collapsed: true }),
    ...(span.type === "customEmoji" && { document_id: file ?? span.id ?? "" }),
  };
}

/** How many spans of a body Telegram's text cannot hold: those inside others, and sorts that it does not know. */
export function lostSpans(body: Body): number {
  let at = 0;
  let lost = 0;
  for (const span of body.spans ?? []) {
    if (span.start < at || !(entityTypes.has(span.type) || span.type.startsWith(ownPrefix))) lost += 1;
    if (span.start >= at) at = span.start + span.length;
  }
  return lost;
}
