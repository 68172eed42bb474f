/** What was seen of a source lately. Times are of a clock that only goes forward. */
export interface Settling {
  readonly digest: string | undefined;
  /** When it was seen to be so first. */
  readonly since: number;
  /** How many listings in a row were equal. */
  readonly listings: number;
}

export const unseen: Settling = { digest: undefined, since: 0, listings: 0 };

/** Takes a listing in; undefined stands for a source that is not there. */
export function settle(before: Settling, digest: string | undefined, now: number): Settling {
  if (before.listings > 0 && before.digest === digest) return { ...before, listings: before.listings + 1 };
  return { digest, since: now, listings: 1 };
}

/** Whether a source is whole: two listings were equal, and between them lay the quiet time. */
export function isSettled({ digest, since, listings }: Settling, now: number, quietMs: number): boolean {
  return digest !== undefined && listings >= 2 && now - since >= quietMs;
}
