import { KeepsakeError, type Clock } from "@keepsake/core/base";

/** So many at once, and so many a second after that. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

const MOST_BUCKETS = 100_000;

/** Buckets of one kind, each filled again as time goes by; the ones that were not used for longest make room. */
export class Limits {
  readonly #rate: Rate;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { left: number; atMs: number }>();

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Takes from a bucket; throws `request.too-many` with the time to wait where it is empty. */
  spend(name: string, cost = 1): void {
    const nowMs = this.#clock.now();
    const { burst, perSecond } = this.#rate;
    const before = this.#buckets.get(name) ?? { left: burst, atMs: nowMs };
    const passedMs = Math.max(0, nowMs - before.atMs);
    const left = Math.min(burst, before.left + (passedMs * perSecond) / 1000) - cost;
    this.#buckets.delete(name);
    if (left < 0) {
      this.#buckets.set(name, { left: left + cost, atMs: nowMs });
      const waitMs = Math.ceil((-left * 1000) / perSecond);
      throw new KeepsakeError("request.too-many", { retry: "later", details: { waitMs } });
    }
    this.#buckets.set(name, { left, atMs: nowMs });
    if (this.#buckets.size > MOST_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value!);
  }
}

/** How many of one kind a name may have under way at once. */
export class AtOnce {
  readonly #most: number;
  readonly #counts = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Runs the work; throws `request.too-many` where too much is under way already. */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const count = this.#counts.get(name) ?? 0;
    if (count >= this.#most)
      throw new KeepsakeError("request.too-many", { retry: "later", details: { waitMs: 1000 } });
    this.#counts.set(name, count + 1);
    try {
      return await work();
    } finally {
      const now = this.#counts.get(name)! - 1;
      if (now === 0) this.#counts.delete(name);
      else this.#counts.set(name, now);
    }
  }
}
