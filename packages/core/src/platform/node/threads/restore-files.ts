import type { Bytes } from "../../../base/index.ts";
import type { FailedFile, FileJob } from "../../../history/index.ts";
import { Thread } from "./thread.ts";

/** What the thread is started with: the store's folder, the vault's id, the folder in which files are made. */
export interface RestoreThreadData {
  readonly store: string;
  readonly vaultId: Bytes;
  readonly target: string;
}

export type RestoreRequest = readonly FileJob[];
export type RestoreReply = readonly FailedFile[];

/** A thread that restores attachments beside the one that writes text. */
export interface RestoreThread extends AsyncDisposable {
  /** Restores some files, after those that it was given before; those that it could not. Throws what fails with the target. */
  restore(jobs: RestoreRequest): Promise<RestoreReply>;
}

const limits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };

/** Starts the thread; it ends with the process, or when disposed of. */
export function restoreThread(data: RestoreThreadData): RestoreThread {
  const file = new URL("./restore-worker.ts", import.meta.url);
  const thread = new Thread<RestoreRequest, RestoreReply>(file, { limits, data });
  return {
    restore: (jobs) => thread.ask(jobs),
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}
