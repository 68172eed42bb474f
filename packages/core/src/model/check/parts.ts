import type { Attachment, SourceHash } from "../parts/attachment.ts";
import type { Body, Mention, Span } from "../parts/body.ts";
import type { Deletion, Ephemeral, Revision } from "../parts/changes.ts";
import type { Album, Button, Forward, NativeId, Reply, Snapshot } from "../parts/links.ts";
import type { Flags, Reaction, Reactor, Receipt } from "../parts/marks.ts";
import type { MessageTime } from "../parts/time.ts";
import type { Raw } from "../message.ts";
import { compareText } from "../text/compare.ts";
import {
  count,
  flag,
  integer,
  isObject,
  jsonObject,
  list,
  must,
  oneOf,
  sha256Hex,
  text,
  type Check,
  Wrong,
} from "./check.ts";
import { childPath, object } from "./object.ts";

export const time: Check = object<MessageTime>({
  sent: must(integer),
  precision: must(oneOf("ms", "s", "min", "day", "none")),
  zone: must(oneOf("utc", "offset", "floating", "unknown"), "unknown"),
  offsetMinutes: integer,
  raw: text,
  received: integer,
  server: integer,
});

const span: Check = object<Span>({
  start: must(count),
  length: must(count),
  type: must(text),
  url: text,
  account: text,
  language: text,
  id: text,
  collapsed: flag,
});

export const body: Check = object<Body>(
  {
    text: must(text),
    spans: list(span),
    format: oneOf("plain", "markdown", "html", "mrkdwn"),
    html: text,
  },
  (value, path, notes) => {
    const checked = value as Body;
    const { spans, ...rest } = checked;
    if (spans === undefined) return checked;
    const inside = spans.filter((entry) => entry.start + entry.length <= checked.text.length);
    if (inside.length === spans.length) return checked;
    const outside = spans.filter((entry) => !inside.includes(entry));
    notes.setAside(childPath(path, "spans"), outside, "model.out-of-range");
    return inside.length === 0 ? rest : { ...rest, spans: inside };
  },
);

export const mentions: Check = list(object<Mention>({ account: text, name: text, all: flag }));

const sourceHash: Check = object<SourceHash>({ algorithm: must(text), value: must(text) });

const attachmentFields: Check = object<Attachment>({
  state: must(
    oneOf("present", "omitted", "unavailable", "expired", "remoteOnly", "consumed", "missing"),
    "unavailable",
  ),
  stateReason: text,
  role: oneOf("main", "thumb", "preview", "longText", "item", "old", "quoted"),
  kind: text,
  sha256: sha256Hex,
  sizeBytes: count,
  mime: text,
  fileName: text,
  width: count,
  height: count,
  durationMs: count,
  caption: text,
  spoiler: flag,
  viewOnce: flag,
  hashes: list(sourceHash),
  ref: text,
  transcript: text,
  waveform: text,
  blurHash: text,
});

/** An attachment that is no object leaves an empty one in its place: places in the list are pointed at. */
export const attachment: Check = (value, path, notes) => {
  if (isObject(value)) return attachmentFields(value, path, notes);
  notes.setAside(path, value, "model.wrong-type");
  return { state: "unavailable" } satisfies Attachment;
};

export const nativeId: Check = object<NativeId>({ scheme: must(text), value: must(text) });

/** Native ids in order of scheme, then value, each once. */
export const nativeIds: Check = (value, path, notes) => {
  const checked = list(nativeId)(value, path, notes);
  if (checked === undefined || checked instanceof Wrong) return checked;
  const idByKey = new Map((checked as NativeId[]).map((id) => [JSON.stringify([id.scheme, id.value]), id]));
  return [...idByKey.values()].sort(
    (a, b) => compareText(a.scheme, b.scheme) || compareText(a.value, b.value),
  );
};

const range: Check = object<NonNullable<Reply["range"]>>({ start: must(count), length: must(count) });

/** Places in the list of attachments. */
export const attached: Check = list(count);

const snapshot: Check = object<Snapshot>({
  author: text,
  authorName: text,
  kind: text,
  text,
  sent: integer,
  attached,
});

export const reply: Check = object<Reply>({ target: nativeId, chat: text, snapshot, range });

export const forward: Check = object<Forward>({
  from: text,
  fromName: text,
  time,
  chat: text,
  chatName: text,
  target: nativeId,
  savedFrom: text,
});

export const album: Check = object<Album>({ id: must(text), basis: must(oneOf("asserted", "inferred")) });

const button: Check = object<Button>({ text: must(text), type: text, url: text, data: text });

export const buttons: Check = list(list(button));

export const reactor: Check = object<Reactor>({ account: text, name: text, at: integer });

const reaction: Check = object<Reaction>({ key: must(text), type: text, count, by: list(reactor) });

export const reactions: Check = list(reaction);

const receipt: Check = object<Receipt>({
  account: text,
  state: must(oneOf("pending", "sent", "delivered", "read", "played", "skipped", "failed")),
  at: integer,
});

export const receipts: Check = list(receipt);

export const flags: Check = object<Flags>({
  pinned: flag,
  starred: flag,
  important: flag,
  broadcast: flag,
  silent: flag,
});

export const deletion: Check = object<Deletion>({
  state: must(
    oneOf("revokedBySender", "deletedByAdmin", "deletedLocally", "redacted", "expired", "consumed"),
  ),
  by: text,
  at: integer,
  contentRetained: flag,
});

export const ephemeral: Check = object<Ephemeral>({
  ttlMs: count,
  startedAt: integer,
  expiresAt: integer,
  viewOnce: flag,
  policyApplied: text,
});

export const revision: Check = object<Revision>({ at: integer, body, attached, payload: jsonObject });

export const raw: Check = object<Raw>({ mediaType: must(text), text, base64: text });
