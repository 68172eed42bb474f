import type { RowSealer, SealedRows, SealJob } from "../../../history/index.ts";
import { Thread } from "./thread.ts";

export type RowRequest = SealJob;
export type RowReply = SealedRows;

/** Threads that seal segments beside the one that reads. */
export interface RowThreads extends AsyncDisposable {
  readonly seal: RowSealer;
}

/** A segment and its lanes fit many times. Most of what is made lives for a row: the more of that fits, the less is moved. */
const limits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 12 };

/** Starts `count` threads; they end with the process, or when disposed of. */
export function rowThreads(count: number): RowThreads {
  const file = new URL("./row-worker.ts", import.meta.url);
  const threads = Array.from({ length: count }, () => new Thread<RowRequest, RowReply>(file, { limits }));
  let next = 0;
  return {
    seal: (job) => threads[next++ % threads.length]!.ask(job, [job.messages.buffer]),
    async [Symbol.asyncDispose]() {
      for (const thread of threads) await thread[Symbol.asyncDispose]();
    },
  };
}
