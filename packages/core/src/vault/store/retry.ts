import { KeepsakeError, timerSleep, type Sleep } from "../../base/index.ts";
import type { Store, StoredObject, StoreOptions } from "./store.ts";

export interface RetryOptions {
  /** How often a call is tried in all. 5 if absent. */
  readonly attempts?: number;
  /** The wait before the second try; it doubles with each further one. 250 if absent. */
  readonly firstDelayMs?: number;
  readonly longestDelayMs?: number;
  readonly sleep?: Sleep;
  /** From 0 on, below 1: spreads the tries of many clients. */
  readonly jitter?: () => number;
}

/**
 * The store, tried again where its error says that this can help: at once or, for `retry: "later"`, after a wait that
 * doubles, of which a random half is left out. Other errors, and the last one, pass through as they are.
 *
 * A put that failed may have gone through. Tried again it then returns "exists", and the caller, who knows whether
 * anybody else may use the name, reads back and compares, as the contract of `Store` says. This decorator never turns
 * "exists" into "stored". A listing that breaks off goes on after the last name that it gave.
 */
export function retryStore(store: Store, options: RetryOptions = {}): Store {
  const again = <T>(call: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> =>
    withRetries(options, signal, call);
  return {
    put: (name, bytes, more) => again(() => store.put(name, bytes, more), more?.signal),
    get: (name, range, more) => again(() => store.get(name, range, more), more?.signal),
    remove: (name, more) => again(() => store.remove(name, more), more?.signal),
    list: (prefix, more) => listAgain(store, options, prefix, more),
  };
}

async function withRetries<T>(
  options: RetryOptions,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  for (let failures = 0; ;) {
    try {
      return await call();
    } catch (error) {
      await waitOrThrow(options, error, ++failures, signal);
    }
  }
}

async function* listAgain(
  store: Store,
  options: RetryOptions,
  prefix: string,
  more: StoreOptions | undefined,
): AsyncGenerator<StoredObject> {
  let last = "";
  for (let failures = 0; ;) {
    const given = last;
    try {
      for await (const object of store.list(prefix, more)) {
        if (object.name <= given) continue;
        last = object.name;
        failures = 0;
        yield object;
      }
      return;
    } catch (error) {
      await waitOrThrow(options, error, ++failures, more?.signal);
    }
  }
}

async function waitOrThrow(
  options: RetryOptions,
  error: unknown,
  failures: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { attempts = 5, firstDelayMs = 250, longestDelayMs = 30_000 } = options;
  const { sleep = timerSleep, jitter = Math.random } = options;
  if (!KeepsakeError.is(error) || error.retry === "never" || failures >= attempts) throw error;
  if (error.retry === "now") return;
  const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
  await sleep(delayMs * (1 - jitter() / 2), signal);
}
