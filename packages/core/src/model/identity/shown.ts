import { canonicalText } from "../canonical/canonical.ts";
import type { Message } from "../message.ts";
import type { Precision } from "../parts/time.ts";
import { compareText } from "../text/compare.ts";
import type { SeenRecord } from "./record.ts";

/**
 * Of the records of one message: the one to show. A pure total order, so that it does not matter in which order
 * they came: a message that was taken back stays taken back; then the later edit; then what says more; then what
 * was seen later; then the canonical text. The others are kept beside it. The list must not be empty.
 */
export function shownRecord(records: readonly SeenRecord[]): SeenRecord {
  return records.reduce((best, record) => (compareShown(best, record) < 0 ? record : best));
}

/** Negative where `b` is the one to show. */
export function compareShown(a: SeenRecord, b: SeenRecord): number {
  const claimsA = claims(a);
  const claimsB = claims(b);
  for (let i = 0; i < claimsA.length; i++) {
    const difference = claimsA[i]! - claimsB[i]!;
    if (difference !== 0) return difference;
  }
  return compareText(canonicalText(a.message), canonicalText(b.message)) || compareText(a.digest, b.digest);
}

/** What speaks for showing a record, weightiest first. */
function claims(record: SeenRecord): number[] {
  const { message, seen } = record;
  return [
    isTakenBack(message) ? 1 : 0,
    lastEdit(message),
    message.kind === "unknown" || message.kind === "deleted" ? 0 : 1,
    fidelityRank[message.fidelity ?? "full"] ?? 0,
    precisionRank[message.time.precision] ?? 0,
    presentAttachments(message),
    message.body?.text.length ?? 0,
    fieldCount(message),
    seen.at(-1)!.asOf,
  ];
}

/** Taken back by its sender, by an admin, or redacted: from then on nothing older is shown in its place. */
export function isTakenBack(message: Message): boolean {
  const state = message.deletion?.state;
  return state === "revokedBySender" || state === "deletedByAdmin" || state === "redacted";
}

/** When the record was last edited; 0 where it never was. */
function lastEdit(message: Message): number {
  if (message.editedAt !== undefined) return message.editedAt;
  return message.revisions?.at(-1)?.at ?? (message.revisions === undefined ? 0 : 1);
}

const fidelityRank: Readonly<Record<string, number>> = { full: 3, structured: 2, rendered: 1, text: 0 };
const precisionRank: Readonly<Record<Precision, number>> = { ms: 4, s: 3, min: 2, day: 1, none: 0 };

function presentAttachments(message: Message): number {
  return (message.attachments ?? []).filter((attachment) => attachment.state === "present").length;
}

/** Fields that say something. That a row vanished from its source is no content of its own. */
function fieldCount(message: Message): number {
  const isGone = message.deletion?.state === "deletedLocally";
  return Object.keys(message).length - (isGone ? 1 : 0) - (message.residue === undefined ? 0 : 1);
}
