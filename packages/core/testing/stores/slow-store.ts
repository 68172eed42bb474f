import type { Store } from "../../src/vault/store/index.ts";
import { randomOf, type Random } from "../history/random.ts";

/**
 * Decides, by a seed, in which order the calls of many clients reach a store and are answered. The same seed gives the
 * same order, as long as the clients wait for nothing but the store.
 */
export interface Schedule {
  /** The store as one client sees it: every call travels, does its work, and travels back. */
  client(store: Store): Store;
  /** Runs until all the clients' work has ended, and returns what each came to. */
  run<T>(work: readonly (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]>;
}

/**
 * `settle` resolves once every client that can go on has come to its next call: in Node `setImmediate` does.
 */
export function seededSchedule(seed: number, settle: () => Promise<void>): Schedule {
  const random = randomOf("schedule", seed);
  const waiting: (() => void)[] = [];
  const travel = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve));
  return {
    client: (store) => slowed(store, travel),
    async run(work) {
      let isDone = false;
      const all = Promise.allSettled(work.map((each) => each())).finally(() => {
        isDone = true;
      });
      for (await settle(); !isDone; await settle()) takeOne(waiting, random)?.();
      return all;
    },
  };
}

function takeOne(waiting: (() => void)[], random: Random): (() => void) | undefined {
  return waiting.length === 0 ? undefined : waiting.splice(random.below(waiting.length), 1)[0];
}

function slowed(store: Store, travel: () => Promise<void>): Store {
  const there = async <T>(call: () => Promise<T>): Promise<T> => {
    await travel();
    const result = await call().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    await travel();
    if ("error" in result) throw result.error;
    return result.value;
  };
  return {
    put: (name, bytes, options) => there(() => store.put(name, bytes, options)),
    get: (name, range, options) => there(() => store.get(name, range, options)),
    remove: (name, options) => there(() => store.remove(name, options)),
    async *list(prefix, options) {
      await travel();
      for await (const object of store.list(prefix, options)) {
        yield object;
        await travel();
      }
    },
  };
}
