import { throwIfAborted } from "./concurrency.ts";
import { KeepsakeError } from "./errors.ts";

/** Waits; throws `base.aborted` as soon as the signal fires. */
export type Sleep = (delayMs: number, signal?: AbortSignal) => Promise<void>;

/** A sleep by the platform's timer. */
export const timerSleep: Sleep = (delayMs, signal) => {
  throwIfAborted(signal);
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new KeepsakeError("base.aborted", { cause: signal?.reason }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", stop, { once: true });
  });
};
