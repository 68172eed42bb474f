import type { Finding } from "../../base/index.ts";
import type { BundleItem } from "../kinds/talk/forward-bundle.ts";
import { kinds } from "../kinds/table.ts";
import { limits } from "../limits.ts";
import type { Message, MessageContent } from "../message.ts";
import { count, integer, isObject, jsonObject, list, must, oneOf, text, Wrong, type Check } from "./check.ts";
import type { Shape } from "./check.ts";
import { checks } from "./checks.ts";
import { notebook } from "./notes.ts";
import { object, setField } from "./object.ts";
import * as parts from "./parts.ts";
import { plainText } from "./plain-text.ts";

/** What stands in for what a record does not say. */
export interface MessageContext {
  /** The chat in which the record was found. */
  readonly chat: string;
  /** The time of the message before it, 0 at the start. */
  readonly sent: number;
}

export interface CheckedMessage {
  readonly message: Message;
  readonly findings: readonly Finding[];
}

/**
 * Makes a message of unknown JSON. What is wrong is moved aside into `invalid`, with a finding that names its place;
 * unknown fields and kinds stay. Never throws and never drops: what is no object at all becomes a message of kind
 * `unknown` that holds it as raw.
 */
export function checkMessage(value: unknown, context: MessageContext): CheckedMessage {
  const earlier = isObject(value) ? value["invalid"] : undefined;
  const notes = notebook(earlier, itemCheck);
  const fields = isObject(value) ? { ...withoutInvalid(value) } : {};
  const checked = messageCheck(context)(fields, "", notes);
  if (!isObject(value) || checked instanceof Wrong) return notUnderstood(value, context);
  const message = checked as Message;
  const invalid = notes.invalid();
  return { message: invalid === undefined ? message : { ...message, invalid }, findings: notes.findings };
}

function withoutInvalid(value: object): object {
  const rest = {};
  for (const [key, field] of Object.entries(value)) if (key !== "invalid") setField(rest, key, field);
  return rest;
}

function notUnderstood(value: unknown, context: MessageContext): CheckedMessage {
  const raw = { mediaType: "application/json", text: plainText(value, limits.textLength) };
  const time = { sent: context.sent, precision: "none", zone: "unknown" } as const;
  return {
    message: { chat: context.chat, kind: "unknown", raw, time },
    findings: [{ code: "model.wrong-type", severity: "warning" }],
  };
}

const contentShape: Shape<MessageContent> = {
  author: text,
  authorName: text,
  viaBot: text,
  signature: text,
  kind: must(text, "unknown"),
  body: parts.body,
  mentions: parts.mentions,
  payload: (value) => (isObject(value) ? value : new Wrong("model.wrong-type")),
  reply: parts.reply,
  forward: parts.forward,
  raw: parts.raw,
};

const payloadChecks: ReadonlyMap<string, Check> = new Map(
  Object.entries(kinds).map(([kind, { check }]) => [kind, check(checks)]),
);

/** By the kind that the object says it is; an unknown kind's payload may be any JSON object. */
const checkPayload: Check = (value, path, notes) => {
  const content = value as MessageContent;
  const { payload, ...rest } = content;
  if (payload === undefined) return content;
  const check = payloadChecks.get(content.kind) ?? jsonObject;
  const checked = check(payload, `${path}/payload`, notes);
  if (!(checked instanceof Wrong)) return { ...content, payload: checked };
  notes.setAside(`${path}/payload`, payload, checked.code);
  return rest;
};

/** A message inside a bundle. */
const itemFields: Check = object<BundleItem>(
  { ...contentShape, time: parts.time, nativeIds: parts.nativeIds, attached: parts.attached },
  checkPayload,
);

const itemCheck: Check = (value, path, notes) => {
  const depth = path.split("/payload/items/").length - 1;
  return depth > limits.bundleDepth ? new Wrong("model.over-limit") : itemFields(value, path, notes);
};

function messageCheck(context: MessageContext): Check {
  const time = { sent: context.sent, precision: "none", zone: "unknown" } as const;
  return object<Omit<Message, "invalid">>(
    { ...contentShape, ...messageShape, chat: must(text, context.chat), time: must(parts.time, time) },
    checkPayload,
  );
}

const messageShape: Shape<Omit<Message, keyof MessageContent | "invalid" | "chat" | "time">> = {
  nativeIds: parts.nativeIds,
  ordinal: count,
  order: text,
  direction: oneOf("in", "out"),
  attachments: list(parts.attachment),
  reactions: parts.reactions,
  revisions: list(parts.revision),
  editedAt: integer,
  deletion: parts.deletion,
  ephemeral: parts.ephemeral,
  receipts: parts.receipts,
  flags: parts.flags,
  buttons: parts.buttons,
  thread: parts.nativeId,
  album: parts.album,
  fidelity: oneOf("full", "structured", "rendered", "text"),
  residue: jsonObject,
};
