import type { CopyState } from "../kept/state.ts";

/** In so many shares every byte of a copy is read, one a day. */
export const SHARES = 30;

const DAY_MS = 86_400_000;
const REHEARSAL_MS = 7 * DAY_MS;

/** A copy that the agent sees for the first time. */
export function newCopy(now: number): CopyState {
  return { since: now, readAt: Array.from({ length: SHARES }, () => 0), damaged: [], failures: 0 };
}

/**
 * The share that is to be read now: the one that was read longest ago. One a day; after days on which the machine was
 * off, every share that has not been read for thirty days. One in which damage was found is read again each day.
 */
export function dueShare(copy: CopyState, now: number): number | undefined {
  if (plainDueAt(copy) <= now) return oldestShare(copy);
  return copy.damaged.find((share) => copy.readAt[share]! + DAY_MS <= now);
}

/** When the next share is due. */
export function shareDueAt(copy: CopyState): number {
  return Math.min(plainDueAt(copy), ...copy.damaged.map((share) => copy.readAt[share]! + DAY_MS));
}

function plainDueAt(copy: CopyState): number {
  const lastAt = Math.max(...copy.readAt);
  const oldest = copy.readAt[oldestShare(copy)]! || copy.since;
  return lastAt === 0 ? copy.since : Math.min(lastAt + DAY_MS, oldest + SHARES * DAY_MS);
}

/** When the next rehearsal is due. */
export function rehearsalDueAt({ rehearsedAt, since }: CopyState): number {
  return rehearsedAt === undefined ? since : rehearsedAt + REHEARSAL_MS;
}

/** Every byte was read since then; undefined as long as some were not read at all. */
export function wholeSince({ readAt }: CopyState): number | undefined {
  const oldest = Math.min(...readAt);
  return oldest === 0 ? undefined : oldest;
}

function oldestShare({ readAt }: CopyState): number {
  return readAt.indexOf(Math.min(...readAt));
}
