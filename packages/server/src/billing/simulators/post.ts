/** One sending of a notification: signed anew each time, as providers do. */
interface Letter {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Notice {
  readonly make: () => Letter;
  readonly isTaken: (answer: { readonly status: number; readonly body: string }) => boolean;
  tries: number;
  dueMs: number;
}

const ANSWER_MS = 5_000;
const MOST_TRIES = 12;

/**
 * What a provider tells our server, again and again until it is taken. It can be held back, and then be sent in any
 * order and more than once.
 */
export class Post {
  readonly #now: () => number;
  readonly #againMs: number;
  #waiting: Notice[] = [];
  #sending = Promise.resolve();
  /** Whether nothing is sent by itself. */
  isHeld = false;
  /** All that was ever to be told, oldest first. */
  readonly all: Notice[] = [];

  constructor(now: () => number, againMs = 15_000) {
    this.#now = now;
    this.#againMs = againMs;
  }

  /** Tells something: at once, unless it is held back. */
  tell(
    make: Notice["make"],
    isTaken: Notice["isTaken"] = ({ status }) => status >= 200 && status < 300,
  ): void {
    const notice: Notice = { make, isTaken, tries: 0, dueMs: this.#now() };
    this.all.push(notice);
    this.#waiting.push(notice);
    if (!this.isHeld) void this.turn();
  }

  /** Sends all that is due. */
  turn(): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      if (this.isHeld) return;
      const due = this.#waiting.filter(({ dueMs }) => dueMs <= this.#now());
      for (const notice of due) await this.#send(notice);
    });
    return this.#sending;
  }

  /** Sends some of all that was ever told, in this order, whether it was taken or not. */
  async send(order: readonly number[]): Promise<void> {
    for (const at of order) {
      const notice = this.all.at(at);
      if (notice !== undefined) await this.#send(notice);
    }
  }

  async #send(notice: Notice): Promise<void> {
    const { url, headers, body } = notice.make();
    notice.tries++;
    const isTaken = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS),
    }).then(
      async (answer) => notice.isTaken({ status: answer.status, body: await answer.text() }),
      () => false,
    );
    notice.dueMs = this.#now() + Math.min(this.#againMs * 2 ** (notice.tries - 1), 24 * 60 * 60_000);
    if (isTaken || notice.tries >= MOST_TRIES)
      this.#waiting = this.#waiting.filter((each) => each !== notice);
  }
}
