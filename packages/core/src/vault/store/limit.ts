import { Gate, KeepsakeError, systemClock, type Clock, timerSleep, type Sleep } from "../../base/index.ts";
import type { Store } from "./store.ts";

export interface LimitOptions {
  /** Calls at the same time; further ones wait in their order. A listing counts as none. */
  readonly calls: number;
  /** Bytes put and got together, on average. No limit if absent. */
  readonly bytesPerSecond?: number;
  readonly clock?: Clock;
  readonly sleep?: Sleep;
}

/** The store, asked for no more at once and no faster than the options allow. */
export function limitStore(store: Store, options: LimitOptions): Store {
  const gate = new Gate(options.calls);
  const pace = new Pace(options);
  return {
    put: (name, bytes, more) =>
      gate.pass(more?.signal, async () => {
        await pace.spend(bytes.length, more?.signal);
        return store.put(name, bytes, more);
      }),
    get: (name, range, more) =>
      gate.pass(more?.signal, async () => {
        await pace.spend(0, more?.signal);
        const bytes = await store.get(name, range, more);
        pace.charge(bytes?.length ?? 0);
        return bytes;
      }),
    remove: (name, more) => gate.pass(more?.signal, () => store.remove(name, more)),
    list: (prefix, more) => store.list(prefix, more),
  };
}

/** Each byte moves the time on at which the next may go. */
class Pace {
  readonly #bytesPerSecond: number;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  #freeAtMs = 0;

  constructor(options: LimitOptions) {
    this.#bytesPerSecond = options.bytesPerSecond ?? Infinity;
    this.#clock = options.clock ?? systemClock;
    this.#sleep = options.sleep ?? timerSleep;
    if (!(this.#bytesPerSecond > 0))
      throw new KeepsakeError("base.invalid", { details: { what: "bytes-per-second" } });
  }

  /** Waits until what went before is paid for, and charges these bytes. */
  async spend(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    const waitMs = this.#freeAtMs - this.#clock.now();
    this.charge(bytes);
    if (waitMs > 0) await this.#sleep(waitMs, signal);
  }

  charge(bytes: number): void {
    this.#freeAtMs = Math.max(this.#freeAtMs, this.#clock.now()) + (bytes * 1000) / this.#bytesPerSecond;
  }
}
