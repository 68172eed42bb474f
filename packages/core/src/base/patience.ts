/** What goes out shows no progress: it is given the time of a slow line. */
const SLOW_BYTES_PER_MS = 16;

/** How long so many bytes take on a slow line that is still waited for. */
export function slowLineMs(bytes: number): number {
  return bytes / SLOW_BYTES_PER_MS;
}

/** Ends what nothing comes of for too long, and what the caller does not want any more; slow lines are waited for. */
export class Patience {
  readonly #stop = new AbortController();
  readonly #silenceMs: number;
  readonly #caller: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#stop.abort();
  #timer: ReturnType<typeof setTimeout> | undefined;
  isOver = false;

  constructor(silenceMs: number, caller: AbortSignal | undefined) {
    this.#silenceMs = silenceMs;
    this.#caller = caller;
    caller?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Waits anew: something came, or so many bytes go out now. */
  renew(bytesOut = 0): void {
    this.rest();
    this.#timer = setTimeout(
      () => {
        this.isOver = true;
        this.#stop.abort();
      },
      this.#silenceMs + slowLineMs(bytesOut),
    );
  }

  /** Nothing is waited for until the next `renew`. */
  rest(): void {
    clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    this.rest();
    this.#caller?.removeEventListener("abort", this.#onAbort);
  }
}
