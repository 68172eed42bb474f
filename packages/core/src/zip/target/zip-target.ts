import { concatBytes, KeepsakeError, throwIfAborted, type Bytes } from "../../base/index.ts";
import { memoryFile, requireSafePath, type FileWriter, type Target } from "../../formats/index.ts";
import type { SourceFile } from "../../model/index.ts";
import { CountedSink, EntryOutput, type ByteSink } from "./entry-output.ts";
import { zipLimits } from "../limits.ts";
import { endOf, listed, type Written } from "./records.ts";

export interface ZipTarget extends Target {
  put(path: string, file: SourceFile): Promise<void>;
  /** An empty folder. */
  makeFolder(path: string): Promise<void>;
  /** Writes what waits, and the list of all entries; then closes the sink. Nothing is whole before. */
  close(): Promise<void>;
}

export interface ZipTargetOptions {
  /** The time of files that come without one, milliseconds UTC. */
  readonly modifiedMs: number;
  /** Told of a file that could not be copied, which is left out; without it, `close` throws what was thrown. */
  readonly onFailed?: ((path: string, error: unknown) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A target that streams one zip file. A zip is written one file after the other: the file that was created first goes
 * out as it comes, files that are put wait until it is closed, and another one that is created meanwhile waits in
 * memory, up to a limit (`base.limit`). A file that is given up, or fails, is in no list; its bytes stay.
 */
export function zipTarget(sink: ByteSink, options: ZipTargetOptions): ZipTarget {
  return new ZipStream(sink, options);
}

class ZipStream implements ZipTarget {
  readonly #sink: CountedSink;
  readonly #options: ZipTargetOptions;
  readonly #taken = new Set<string>();
  readonly #written: Written[] = [];
  readonly #waiting: (() => Promise<void>)[] = [];
  #waitingBytes = 0;
  /** Whether a file is on its way into the sink: no other one goes there meanwhile. */
  #isBusy = false;
  #failed: { readonly error: unknown } | undefined;

  constructor(sink: ByteSink, options: ZipTargetOptions) {
    this.#sink = new CountedSink(sink);
    this.#options = options;
  }

  has(path: string): Promise<boolean> {
    return Promise.resolve(this.#taken.has(path));
  }

  async create(path: string): Promise<FileWriter> {
    this.#take(path);
    if (this.#isBusy) return this.#inMemory(path);
    this.#isBusy = true;
    const entry = await EntryOutput.begin(this.#sink, path, this.#options.modifiedMs);
    let isOpen = true;
    return {
      write: (bytes) => entry.write(bytes),
      close: async () => {
        this.#written.push(await entry.close());
        isOpen = false;
        await this.#goOn();
      },
      [Symbol.asyncDispose]: async () => {
        if (!isOpen) return;
        isOpen = false;
        this.#taken.delete(path);
        await entry.abort();
        if (this.#sink.failure === undefined) await this.#goOn();
      },
    };
  }

  put(path: string, file: SourceFile): Promise<void> {
    return this.#next(path, () => this.#copy(path, file));
  }

  makeFolder(path: string): Promise<void> {
    return this.#next(path, async () => {
      const entry = await EntryOutput.begin(this.#sink, `${path}/`, this.#options.modifiedMs);
      this.#written.push(await entry.close());
    });
  }

  async close(): Promise<void> {
    if (this.#sink.failure !== undefined) throw this.#sink.failure.error;
    await this.#goOn();
    if (this.#failed !== undefined) throw this.#failed.error;
    const at = this.#sink.at;
    for (const entry of this.#written) await this.#sink.write(listed(entry));
    const list = { entries: this.#written.length, sizeBytes: this.#sink.at - at, at };
    await this.#sink.write(endOf(list));
    await this.#sink.close();
  }

  /** Writes an entry, once none is on its way. */
  async #next(path: string, write: () => Promise<void>): Promise<void> {
    this.#take(path);
    this.#waiting.push(write);
    if (!this.#isBusy) await this.#goOn();
  }

  #take(path: string): void {
    requireSafePath(path);
    if (this.#taken.has(path)) throw new KeepsakeError("format.target-exists");
    this.#taken.add(path);
  }

  /** Writes what waits, and what comes to wait meanwhile. */
  async #goOn(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      throwIfAborted(this.#options.signal);
      await next();
    }
    this.#isBusy = false;
  }

  async #copy(path: string, file: SourceFile): Promise<void> {
    const { signal, modifiedMs, onFailed } = this.#options;
    const entry = await EntryOutput.begin(this.#sink, path, file.modifiedMs ?? modifiedMs);
    try {
      for await (const piece of file.open()) {
        throwIfAborted(signal);
        await entry.write(piece);
      }
      this.#written.push(await entry.close());
    } catch (error) {
      this.#taken.delete(path);
      await entry.abort();
      throwIfAborted(signal);
      if (this.#sink.failure !== undefined) throw this.#sink.failure.error;
      if (onFailed === undefined) this.#failed ??= { error };
      else onFailed(path, error);
    }
  }

  #inMemory(path: string): FileWriter {
    let pieces: Bytes[] | undefined = [];
    let length = 0;
    const free = (): void => {
      pieces = undefined;
      this.#waitingBytes -= length;
    };
    return {
      write: (bytes) => {
        if (this.#waitingBytes + bytes.length > zipLimits.waitingBytes)
          return Promise.reject(
            new KeepsakeError("base.limit", { details: { limit: zipLimits.waitingBytes } }),
          );
        this.#waitingBytes += bytes.length;
        length += bytes.length;
        pieces?.push(new Uint8Array(bytes));
        return Promise.resolve();
      },
      close: async () => {
        const content = memoryFile(path, concatBytes(...(pieces ?? [])));
        free();
        this.#waiting.push(() => this.#copy(path, content));
        if (!this.#isBusy) await this.#goOn();
      },
      [Symbol.asyncDispose]: () => {
        if (pieces === undefined) return Promise.resolve();
        this.#taken.delete(path);
        free();
        return Promise.resolve();
      },
    };
  }
}
