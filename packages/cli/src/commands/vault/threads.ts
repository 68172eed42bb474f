import { availableParallelism } from "node:os";
import type { BackupOptions } from "@keepsake/core/history";
import { rowThreads, sealThread, type SealThread } from "@keepsake/core/node";
import type { ChosenSource, CountedSource } from "./source.ts";

/** A smaller source is read before a thread has started. */
const WORTH_THREADS_BYTES = 8_000_000;

/** What seals in threads of its own, until it is disposed of. */
export interface BackupThreads extends AsyncDisposable, Pick<BackupOptions, "seal" | "sealFiles"> {}

/** Threads that seal beside the one that reads, where there is enough to seal and a processor for them. */
export function backupThreads(source: ChosenSource, store: string, read: CountedSource): BackupThreads {
  if (source.bytes < WORTH_THREADS_BYTES || availableParallelism() < 2)
    return { [Symbol.asyncDispose]: () => Promise.resolve() };
  const rows = rowThreads(1);
  const files: SealThread[] = [];
  return {
    seal: rows.seal,
    sealFiles(start) {
      const thread = sealThread({ ...start, store, source: source.place });
      files.push(thread);
      return {
        async put(file) {
          const put = await thread.put(file);
          read.add(file.sizeBytes);
          return put;
        },
        flush: () => thread.flush(),
      };
    },
    async [Symbol.asyncDispose]() {
      for (const thread of [rows, ...files]) await thread[Symbol.asyncDispose]();
    },
  };
}
