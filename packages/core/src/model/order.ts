import { canonicalText } from "./canonical/canonical.ts";
import type { Message } from "./message.ts";
import { compareText } from "./text/compare.ts";

/**
 * The canonical order of a chat: time, then the source's own order (records without one first), then ordinal, then
 * the canonical text, so that no two different records are equal.
 */
export function compareMessages(a: Message, b: Message): number {
  return (
    a.time.sent - b.time.sent ||
    compareOrderKeys(a.order, b.order) ||
    (a.ordinal ?? 0) - (b.ordinal ?? 0) ||
    (a === b ? 0 : compareText(canonicalText(a), canonicalText(b)))
  );
}

/** Shorter first, then by code units: whole numbers without leading zeros sort as numbers. Absent comes first. */
export function compareOrderKeys(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  return a.length - b.length || compareText(a, b);
}
