import { KeepsakeError } from "./errors.ts";

/** Throws `base.aborted` once the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new KeepsakeError("base.aborted", { cause: signal.reason });
}

/** Work that goes on behind the caller: at most `limit` pieces, and its errors come out at the next `add` or at `settle`. */
export class Tails {
  readonly #limit: number;
  readonly #running: Promise<void>[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a piece of work that has begun; waits for the oldest one where there are too many. */
  async add(work: Promise<void>): Promise<void> {
    work.catch(() => undefined);
    this.#running.push(work);
    if (this.#running.length > this.#limit) await this.#running.shift();
  }

  /** Waits for all of it. Throws its first error, once everything has ended. */
  async settle(): Promise<void> {
    const ended = await Promise.allSettled(this.#running.splice(0));
    for (const each of ended) if (each.status === "rejected") throw each.reason;
  }
}

/**
 * Runs `work` on every item, at most `limit` at once, and yields results in the items' order.
 * The first error ends it; work already begun is awaited, so that nothing runs on behind the caller's back.
 */
export async function* mapBounded<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      result.catch(() => undefined);
      running.push(result);
      if (running.length >= limit) yield await running.shift()!;
    }
    while (running.length > 0) yield await running.shift()!;
  } finally {
    await Promise.allSettled(running);
  }
}

/** Runs `work` on every item, at most `limit` at once. */
export async function eachBounded<T>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  for await (const _ of mapBounded(items, limit, work));
}

/** The same items, of which up to `count` are asked for before they are wanted. */
export async function* ahead<T>(items: AsyncGenerator<T>, count: number): AsyncGenerator<T> {
  const asked: Promise<IteratorResult<T>>[] = [];
  try {
    for (;;) {
      while (asked.length < count) {
        const next = items.next();
        next.catch(() => undefined);
        asked.push(next);
      }
      const { value, done } = await asked.shift()!;
      if (done === true) return;
      yield value;
    }
  } finally {
    await Promise.allSettled(asked);
    await items.return(undefined);
  }
}

/** Lets so many through at once; the others wait in their order. */
export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    if (!Number.isSafeInteger(places) || places < 1)
      throw new KeepsakeError("base.invalid", { details: { what: "calls" } });
    this.#free = places;
  }

  async pass<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    throwIfAborted(signal);
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(new KeepsakeError("base.aborted", { cause: signal?.reason }));
      };
      this.#waiting.push(enter);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }
}
