import { KeepsakeError } from "@keepsake/core/base";
import { retryStore, type Store, type StoredObject } from "@keepsake/core/store";

/** A server that could not be reached so often, one time after the other, is away. */
const MOST_FAILURES = 3;
/** How long a server that is away is not asked again by who only looks. */
const PAUSE_MS = 15_000;

/**
 * Whether the server can be reached. Who looks at a history does not wait for a server that was away a moment ago:
 * what is asked of it fails at once, so that what this browser keeps is shown instead. Who writes waits for it, and
 * asks again, as long as any store is asked.
 */
export class Reach {
  readonly #now: () => number;
  readonly #isOnline: () => boolean;
  #failures = 0;
  #failedAtMs = -Infinity;
  #writers = 0;

  constructor(now: () => number = Date.now, isOnline: () => boolean = () => navigator.onLine) {
    [this.#now, this.#isOnline] = [now, isOnline];
  }

  get isAway(): boolean {
    return this.#failures >= MOST_FAILURES || (this.#failures > 0 && !this.#isOnline());
  }

  /** As long as something is written, the server is waited for. */
  async patiently<T>(work: () => Promise<T>): Promise<T> {
    this.#writers++;
    try {
      return await work();
    } finally {
      this.#writers--;
    }
  }

  /** The server's store, asked in this way. */
  over(server: Store): Store {
    const through = <T>(call: () => Promise<T>): Promise<T> => this.#through(call);
    const list = (...asked: Parameters<Store["list"]>): AsyncGenerator<StoredObject> =>
      this.#list(server.list(...asked));
    return retryStore({
      put: (...given) => through(() => server.put(...given)),
      get: (...asked) => through(() => server.get(...asked)),
      remove: (...given) => through(() => server.remove(...given)),
      list,
    });
  }

  async #through<T>(call: () => Promise<T>): Promise<T> {
    if (this.isAway && this.#writers === 0 && this.#now() - this.#failedAtMs < PAUSE_MS)
      throw new KeepsakeError("store.unavailable", { retry: "never" });
    try {
      const answer = await call();
      this.#failures = 0;
      return answer;
    } catch (error) {
      if (KeepsakeError.is(error, "store.unavailable")) {
        this.#failures++;
        this.#failedAtMs = this.#now();
      }
      throw error;
    }
  }

  async *#list(objects: AsyncIterable<StoredObject>): AsyncGenerator<StoredObject> {
    const iterator = objects[Symbol.asyncIterator]();
    for (;;) {
      const next = await this.#through(() => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  }
}
