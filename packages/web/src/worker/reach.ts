import { KeepsakeError } from "@keepsake/core/base";
import { retryStore, type Store, type StoredObject } from "@keepsake/core/store";

/** A server that could not be reached so often, one time after the other, is away. */
const MOST_FAILURES = 3;
/** How long a server that is away is not asked again by who only looks, unless the network came or went. */
const PAUSE_MS = 15_000;

/** How many bytes have arrived at the server, and how many are on their way to it. */
type Sending = (sent: number, onTheirWay: number) => void;

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
  #failedOnline = true;
  #writers = 0;
  #sent = 0;
  #onTheirWay = 0;
  #tell: Sending | undefined;

  constructor(now: () => number = Date.now, isOnline: () => boolean = () => navigator.onLine) {
    [this.#now, this.#isOnline] = [now, isOnline];
  }

  get isAway(): boolean {
    return this.#failures >= MOST_FAILURES || (this.#failures > 0 && !this.#isOnline());
  }

  /** As long as something is written, the server is waited for; `tell` hears what is sent meanwhile. */
  async patiently<T>(work: () => Promise<T>, tell?: Sending): Promise<T> {
    this.#writers++;
    if (tell !== undefined) [this.#sent, this.#onTheirWay, this.#tell] = [0, 0, tell];
    try {
      return await work();
    } finally {
      this.#writers--;
      if (this.#tell === tell) this.#tell = undefined;
    }
  }

  /** The server's store, asked in this way. */
  over(server: Store): Store {
    const through = <T>(call: () => Promise<T>): Promise<T> => this.#through(call);
    const list = (...asked: Parameters<Store["list"]>): AsyncGenerator<StoredObject> =>
      this.#list(server.list(...asked));
    return retryStore({
      put: (...given) => this.#sending(given[1].length, () => through(() => server.put(...given))),
      get: (...asked) => through(() => server.get(...asked)),
      remove: (...given) => through(() => server.remove(...given)),
      list,
    });
  }

  async #sending<T>(bytes: number, send: () => Promise<T>): Promise<T> {
    this.#onTheirWay += bytes;
    this.#tell?.(this.#sent, this.#onTheirWay);
    try {
      const answer = await send();
      this.#sent += bytes;
      return answer;
    } finally {
      this.#onTheirWay -= bytes;
    }
  }

  async #through<T>(call: () => Promise<T>): Promise<T> {
    const isPaused = this.#now() - this.#failedAtMs < PAUSE_MS && this.#isOnline() === this.#failedOnline;
    if (this.isAway && this.#writers === 0 && isPaused)
      throw new KeepsakeError("store.unavailable", { retry: "never" });
    try {
      const answer = await call();
      this.#failures = 0;
      return answer;
    } catch (error) {
      if (KeepsakeError.is(error, "store.unavailable")) {
        this.#failures++;
        [this.#failedAtMs, this.#failedOnline] = [this.#now(), this.#isOnline()];
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
