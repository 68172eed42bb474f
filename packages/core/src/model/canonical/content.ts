import { textToBytes, type Bytes, type Primitives } from "../../base/index.ts";
import type { Message } from "../message.ts";
import { canonicalText } from "./canonical.ts";

/** The part of the primitives that hashes. */
export type Hashing = Pick<Primitives, "sha256Text">;

/**
 * The canonical text of what a record says, for telling whether two records are equal. Left out: `residue` and
 * `order`, which change from export to export; `raw`, unless the kind is `unknown` and it is all there is; and a
 * `sent` that only holds a place.
 */
export function contentText(message: Message): string {
  return canonicalText(contentOf(message));
}

/** Fields that are undefined are absent in any text. */
function contentOf(message: Message): object {
  const { time, kind, raw } = message;
  const content = {
    ...message,
    order: undefined,
    residue: undefined,
    raw: kind === "unknown" ? raw : undefined,
  };
  return time.precision === "none" ? { ...content, time: { ...time, sent: undefined } } : content;
}

/** `contentText` of a message that was read from its canonical text: mostly this text without a piece or two. */
export function contentTextIn(text: string, message: Message): string {
  const { order, residue, raw, time } = message;
  if (raw !== undefined || time.precision === "none") return contentText(message);
  const withoutOrder = order === undefined ? text : withoutMember(text, "order", order);
  const content =
    residue === undefined ? withoutOrder : withoutOrder && withoutMember(withoutOrder, "residue", residue);
  return content ?? contentText(message);
}

/**
 * The text of an object without a member that is not its first one. Undefined if the same stands further in, as a
 * member of something else, or is written in another way: then nobody can say at a glance which is the object's own.
 */
function withoutMember(text: string, key: string, value: unknown): string | undefined {
  const member = `,"${key}":${JSON.stringify(value)}`;
  const at = text.indexOf(member);
  if (at === -1 || text.indexOf(member, at + 1) !== -1) return undefined;
  return text.slice(0, at) + text.slice(at + member.length);
}

/** The UTF-8 bytes of `contentText`. */
export function contentBytes(message: Message): Bytes {
  return textToBytes(contentText(message));
}

/** SHA-256 of `contentBytes`, 64 lower-case hex digits. Equal digests are the same record. */
export function contentDigest(message: Message, primitives: Hashing): string {
  return primitives.sha256Text(contentText(message));
}
