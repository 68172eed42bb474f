import { Worker } from "node:worker_threads";
import { KeepsakeError } from "../../base/index.ts";
import type { RowSealer, SealedRows, SealJob } from "../../history/index.ts";

/** What a worker is told. */
export interface RowRequest {
  readonly id: number;
  readonly job: SealJob;
}

export type RowReply = { readonly id: number } & (
  { readonly sealed: SealedRows } | { readonly failed: string }
);

/** Threads that seal segments beside the one that reads. */
export interface RowWorkers extends AsyncDisposable {
  readonly seal: RowSealer;
}

/** Bounds of a worker's memory: a segment and its lanes fit many times. */
const limits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

/** Starts `count` workers; they end with the process, or when disposed of. */
export function rowWorkers(count: number): RowWorkers {
  const waiting = new Map<number, PromiseWithResolvers<SealedRows>>();
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL("./row-worker.ts", import.meta.url), { resourceLimits: limits });
    worker.unref();
    worker.on("message", (reply: RowReply) => {
      const asked = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (waiting.size === 0) for (const each of workers) each.unref();
      if ("sealed" in reply) asked?.resolve(reply.sealed);
      else asked?.reject(new KeepsakeError("base.unexpected", { details: { what: "row-worker" } }));
    });
    worker.on("error", (cause) => {
      for (const asked of waiting.values()) asked.reject(new KeepsakeError("base.unexpected", { cause }));
      waiting.clear();
    });
    return worker;
  });
  let next = 0;
  return {
    seal(job) {
      const id = next++;
      const asked = Promise.withResolvers<SealedRows>();
      waiting.set(id, asked);
      const worker = workers[id % workers.length]!;
      worker.ref();
      worker.postMessage({ id, job } satisfies RowRequest);
      return asked.promise;
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) await worker.terminate();
    },
  };
}
