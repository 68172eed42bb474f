import { parentPort, Worker, type ResourceLimits, type Transferable } from "node:worker_threads";
import { KeepsakeError, type Code } from "../../../base/index.ts";

interface Asked<Request> {
  readonly id: number;
  readonly request: Request;
}

type Answer<Reply> = { readonly id: number } & ({ readonly reply: Reply } | { readonly code: Code });

/** What the thread says without having been asked. */
interface Note {
  readonly note: unknown;
}

export interface ThreadOptions {
  /** Bounds of its heap; the bytes of files and packs lie outside of it. */
  readonly limits: ResourceLimits;
  /** What it starts with. */
  readonly data?: unknown;
  readonly onNote?: ((note: unknown) => void) | undefined;
}

/** A worker thread that answers requests. It keeps the process alive only while one is open. */
export class Thread<Request, Reply> implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<Reply>>();
  #next = 0;
  #failure: KeepsakeError | undefined;

  constructor(file: URL, { limits, data, onNote }: ThreadOptions) {
    this.#worker = new Worker(file, { resourceLimits: limits, workerData: data });
    this.#worker.unref();
    this.#worker.on("message", (message: Answer<Reply> | Note) => {
      if ("note" in message) onNote?.(message.note);
      else this.#settle(message);
    });
    this.#worker.on("error", (cause) => this.#fail(cause));
    this.#worker.on("exit", () => this.#fail(undefined));
  }

  /** What `transfer` names goes over without being copied. */
  ask(request: Request, transfer: readonly Transferable[] = []): Promise<Reply> {
    const asked = Promise.withResolvers<Reply>();
    if (this.#failure !== undefined) {
      asked.reject(this.#failure);
      return asked.promise;
    }
    const id = this.#next++;
    this.#waiting.set(id, asked);
    this.#worker.ref();
    this.#worker.postMessage({ id, request } satisfies Asked<Request>, transfer);
    return asked.promise;
  }

  #settle(answer: Answer<Reply>): void {
    const asked = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ("reply" in answer) asked?.resolve(answer.reply);
    else asked?.reject(new KeepsakeError(answer.code));
  }

  #fail(cause: unknown): void {
    this.#failure ??= new KeepsakeError("base.unexpected", { cause, details: { what: "thread" } });
    for (const asked of this.#waiting.values()) asked.reject(this.#failure);
    this.#waiting.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

/** The thread's side: answers every request. What `transferOf` names goes over without being copied. */
export function answer<Request, Reply>(
  handle: (request: Request) => Promise<Reply>,
  transferOf: (reply: Reply) => readonly Transferable[] = () => [],
): void {
  parentPort?.on("message", ({ id, request }: Asked<Request>) => {
    handle(request).then(
      (reply) => parentPort?.postMessage({ id, reply } satisfies Answer<Reply>, transferOf(reply)),
      (error: unknown) => {
        const code = KeepsakeError.is(error) ? error.code : "base.unexpected";
        parentPort?.postMessage({ id, code } satisfies Answer<Reply>);
      },
    );
  });
}

/** Says something without having been asked. */
export function note(note: unknown): void {
  parentPort?.postMessage({ note } satisfies Note);
}
