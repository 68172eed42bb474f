/** Where the time comes from. Times are shown and recorded; no decision about safety hangs on them. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
