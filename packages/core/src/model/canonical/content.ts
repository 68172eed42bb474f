import { bytesToHex, textToBytes, type Bytes, type Primitives } from "../../base/index.ts";
import type { Message } from "../message.ts";
import { canonicalText } from "./canonical.ts";

/** The part of the primitives that hashes. */
export type Hashing = Pick<Primitives, "sha256">;

/**
 * The canonical text of what a record says, for telling whether two records are equal. Left out: `residue` and
 * `order`, which change from export to export; `raw`, unless the kind is `unknown` and it is all there is; and a
 * `sent` that only holds a place.
 */
export function contentText(message: Message): string {
  const { residue: _, order: __, raw, time, ...said } = message;
  const content: Record<string, unknown> = said;
  content["time"] = time.precision === "none" ? { ...time, sent: undefined } : time;
  if (message.kind === "unknown") content["raw"] = raw;
  return canonicalText(content);
}

/** The UTF-8 bytes of `contentText`. */
export function contentBytes(message: Message): Bytes {
  return textToBytes(contentText(message));
}

/** SHA-256 of `contentBytes`, 64 lower-case hex digits. Equal digests are the same record. */
export function contentDigest(message: Message, primitives: Hashing): string {
  return bytesToHex(primitives.sha256(contentBytes(message)));
}
