import type { RowSealer, SealedRows, SealJob } from "../../../history/index.ts";
import { Thread } from "./thread.ts";

export type RowRequest = SealJob;
export type RowReply = SealedRows;

/** Threads that seal segments beside the one that reads. */
export interface RowThreads extends AsyncDisposable {
  readonly seal: RowSealer;
}

/** A segment and its lanes fit many times; one row at a time is more than a text, so that what is young may be little. */
const limits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 6 };

/** Starts `count` threads; they end with the process, or when disposed of. */
export function rowThreads(count: number): RowThreads {
  const file = new URL("./row-worker.ts", import.meta.url);
  const threads = Array.from({ length: count }, () => new Thread<RowRequest, RowReply>(file, { limits }));
  let next = 0;
  return {
    seal: (job) => threads[next++ % threads.length]!.ask(job),
    async [Symbol.asyncDispose]() {
      for (const thread of threads) await thread[Symbol.asyncDispose]();
    },
  };
}
