import { setTimeout } from "node:timers/promises";

export interface AnswersOptions {
  /** A disk that has said nothing for so long does not answer. */
  readonly patienceMs?: number;
  /** What waits for a disk takes one of the process's threads for files: no more than so many do. */
  readonly most?: number;
}

/** A disk that does not answer, or a place that is to be asked later: nothing is known of it. */
export type NoAnswer = "silent" | "later";

const PATIENCE_MS = 30_000;
/** As many threads for files has a process that is not told otherwise. */
const THREADS = 4;
/** What the agent itself reads and writes needs threads too. */
const WAITING_SHARE = 0.75;

/** How many places may be waited for in a process with this environment. */
export function mostWaiting({ UV_THREADPOOL_SIZE: told }: NodeJS.ProcessEnv): number {
  const threads = told === undefined ? THREADS : Number.parseInt(told, 10) || 1;
  return Math.max(1, Math.floor(threads * WAITING_SHARE));
}

/**
 * Asks places something, of which the disk may not answer: the folder of a server that is away. Such a place is asked
 * once, and again only after it has answered.
 */
export class Answers {
  readonly #options: AnswersOptions;
  /** What is being asked; true comes of it where the patience was at its end before. */
  readonly #asked = new Map<string, Promise<boolean>>();

  constructor(options: AnswersOptions = {}) {
    this.#options = options;
  }

  /**
   * Whatever comes of asking; `silent` where nothing comes, `later` where too many others do not answer. Throws what
   * asking throws.
   */
  async of<T>(place: string, ask: () => Promise<T>): Promise<T | NoAnswer> {
    const { most = mostWaiting(process.env) } = this.#options;
    for (let asked = this.#asked.get(place); asked !== undefined; asked = this.#asked.get(place))
      if (await asked) return "silent";
    if (this.#asked.size >= most) return "later";
    const answer = ask().finally(() => this.#asked.delete(place));
    const isSilent = this.#waited(answer);
    this.#asked.set(place, isSilent);
    return (await isSilent) ? "silent" : answer;
  }

  async #waited(answer: Promise<unknown>): Promise<boolean> {
    const patience = new AbortController();
    const { patienceMs = PATIENCE_MS } = this.#options;
    const over = setTimeout(patienceMs, true, patience).catch(() => true);
    const answered = answer.then(
      () => false,
      () => false,
    );
    try {
      return await Promise.race([answered, over]);
    } finally {
      patience.abort();
    }
  }
}
