import { textToBytes, type Bytes, type Primitives } from "../../base/index.ts";
import type { Message } from "../message.ts";
import { canonicalTextWithout } from "./canonical.ts";

/** The part of the primitives that hashes. */
export type Hashing = Pick<Primitives, "sha256Text">;

/**
 * The canonical text of what a record says, for telling whether two records are equal. Left out: `residue` and
 * `order`, which change from export to export; `raw`, unless the kind is `unknown` and it is all there is; and a
 * `sent` that only holds a place.
 */
export function contentText(message: Message): string {
  const { time, kind } = message;
  const content = time.precision === "none" ? { ...message, time: { ...time, sent: undefined } } : message;
  return canonicalTextWithout(content, kind === "unknown" ? besideUnknown : beside);
}

const besideUnknown: ReadonlySet<string> = new Set(["residue", "order"]);
const beside: ReadonlySet<string> = new Set([...besideUnknown, "raw"]);

/** The UTF-8 bytes of `contentText`. */
export function contentBytes(message: Message): Bytes {
  return textToBytes(contentText(message));
}

/** SHA-256 of `contentBytes`, 64 lower-case hex digits. Equal digests are the same record. */
export function contentDigest(message: Message, primitives: Hashing): string {
  return primitives.sha256Text(contentText(message));
}
