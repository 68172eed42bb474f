import { crc32 } from "../crc32.ts";
import { descriptor, localHeader, type Written } from "./records.ts";

/** Takes the bytes of a zip one after the other. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** What is packed smaller by deflate; all else, pictures and films above all, is packed already. */
const text =
  /\.(?:json|jsonl|ndjson|txt|html?|css|js|csv|tsv|md|xml|svg|log|vcf|ics|srt|bmp|wav|db|sqlite)$/i;

/** A sink that knows how far it is, and what it failed with. */
export class CountedSink {
  at = 0;
  failure: { readonly error: unknown } | undefined;
  readonly #sink: ByteSink;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#sink.write(bytes);
    } catch (error) {
      this.failure ??= { error };
      throw error;
    }
    this.at += bytes.length;
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}

/** One entry of a zip while it is written. What was begun and not closed stays as bytes that nothing names. */
export class EntryOutput {
  readonly #sink: CountedSink;
  readonly #about: Pick<Written, "path" | "isDeflated" | "modifiedMs" | "at">;
  readonly #packing: Packing;
  #start = 0;
  #crc = 0;
  #sizeBytes = 0;

  private constructor(sink: CountedSink, about: Pick<Written, "path" | "isDeflated" | "modifiedMs" | "at">) {
    this.#sink = sink;
    this.#about = about;
    this.#packing = about.isDeflated ? deflating(sink) : storing(sink);
  }

  static async begin(sink: CountedSink, path: string, modifiedMs: number): Promise<EntryOutput> {
    const about = { path, modifiedMs, isDeflated: text.test(path), at: sink.at };
    const entry = new EntryOutput(sink, about);
    await sink.write(localHeader(about));
    entry.#start = sink.at;
    return entry;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#crc = crc32(bytes, this.#crc);
    this.#sizeBytes += bytes.length;
    await this.#packing.write(bytes);
  }

  async close(): Promise<Written> {
    await this.#packing.close();
    const packedBytes = this.#sink.at - this.#start;
    const written = { ...this.#about, crc: this.#crc, packedBytes, sizeBytes: this.#sizeBytes };
    await this.#sink.write(descriptor(written));
    return written;
  }

  /** Nothing is written any more once this has returned. */
  abort(): Promise<void> {
    return this.#packing.abort();
  }
}

interface Packing {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

function storing(sink: CountedSink): Packing {
  return {
    write: (bytes) => sink.write(bytes),
    close: () => Promise.resolve(),
    abort: () => Promise.resolve(),
  };
}

function deflating(sink: CountedSink): Packing {
  const stream = new CompressionStream("deflate-raw");
  const [writer, reader] = [stream.writable.getWriter(), stream.readable.getReader()];
  const drain = async (): Promise<void> => {
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read())
      if (value !== undefined) await sink.write(value);
  };
  // Both at once: a write that is on its way ends only when nothing waits to be read.
  const stop = async (): Promise<void> => {
    await Promise.allSettled([reader.cancel(), writer.abort()]);
  };
  let failure: { readonly error: unknown } | undefined;
  const draining = drain().catch(async (error: unknown) => {
    failure ??= { error };
    await stop();
  });
  /** A sink that takes no more stops the packing: its own error is the one to tell. */
  const orFailure = async (work: Promise<void>): Promise<void> => {
    await work.catch(async (error: unknown) => {
      await draining;
      throw failure?.error ?? error;
    });
  };
  return {
    write: (bytes) => orFailure(writer.write(new Uint8Array(bytes))),
    async close() {
      await orFailure(writer.close());
      await draining;
      if (failure !== undefined) throw failure.error;
    },
    async abort() {
      failure = { error: undefined };
      await stop();
      await draining;
    },
  };
}
