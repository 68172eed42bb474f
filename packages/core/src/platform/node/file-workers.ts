import { Worker } from "node:worker_threads";
import { KeepsakeError, type Bytes, type Code } from "../../base/index.ts";
import type { FailedFile, FileJob } from "../../history/index.ts";

/** What the thread is started with: the store's folder, the vault's id, the folder in which files are made. */
export interface FileWorkerData {
  readonly store: string;
  readonly vaultId: Bytes;
  readonly target: string;
}

export interface FileRequest {
  readonly id: number;
  readonly jobs: readonly FileJob[];
}

export type FileReply = { readonly id: number } & (
  { readonly failed: readonly FailedFile[] } | { readonly code: Code }
);

/** A thread that restores attachments beside the one that writes text. */
export interface FileWorker extends AsyncDisposable {
  /** Restores some files, after those that it was given before; those that it could not. Throws what fails with the target. */
  restore(jobs: readonly FileJob[]): Promise<readonly FailedFile[]>;
}

/** Bounds of the thread's heap; the bytes of files lie outside of it. */
const limits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };

/** Starts the thread; it ends with the process, or when disposed of. */
export function fileWorker(data: FileWorkerData): FileWorker {
  const waiting = new Map<number, PromiseWithResolvers<readonly FailedFile[]>>();
  const worker = new Worker(new URL("./file-worker.ts", import.meta.url), {
    resourceLimits: limits,
    workerData: data,
  });
  worker.unref();
  worker.on("message", (reply: FileReply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) worker.unref();
    if ("failed" in reply) asked?.resolve(reply.failed);
    else asked?.reject(new KeepsakeError(reply.code));
  });
  worker.on("error", (cause) => {
    for (const asked of waiting.values()) asked.reject(new KeepsakeError("base.unexpected", { cause }));
    waiting.clear();
  });
  let next = 0;
  return {
    restore(jobs) {
      const id = next++;
      const asked = Promise.withResolvers<readonly FailedFile[]>();
      waiting.set(id, asked);
      worker.ref();
      worker.postMessage({ id, jobs } satisfies FileRequest);
      return asked.promise;
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
