/** A timer of more than that would ring at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Something to wait for that anybody may end. */
export class Alarm {
  #end: (() => void) | undefined;
  #isRung = false;

  ring(): void {
    this.#isRung = true;
    this.#end?.();
  }

  /** Waits for the alarm, the signal or the time; an alarm that rang since the last wait ends it at once. */
  async wait(delayMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#isRung && !signal.aborted) {
      await new Promise<void>((done) => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          done();
        };
        const timer = setTimeout(end, Math.min(delayMs, LONGEST_MS));
        signal.addEventListener("abort", end, { once: true });
        this.#end = end;
      });
    }
    this.#end = undefined;
    this.#isRung = false;
  }
}
