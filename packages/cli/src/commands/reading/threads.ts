import { availableParallelism } from "node:os";
import { FilesInPlace, type BackupOptions, type FileSealer } from "@keepsake/core/history";
import { rowThreads, sealThread, type RowThreads, type SealThread } from "@keepsake/core/node";
import type { Vault } from "@keepsake/core/vault";
import { isAddress } from "../../device/stores/stores.ts";
import type { ChosenSource, CountedSource } from "./source.ts";

/** A smaller source is read before a thread has started. */
const WORTH_THREADS_BYTES = 8_000_000;

/** What seals in threads of its own, until it is disposed of. */
export interface BackupThreads extends AsyncDisposable, Pick<BackupOptions, "seal" | "sealFiles"> {}

/** Where what is sealed goes: a vault, and the place of its store. */
export interface SealTarget {
  readonly vault: Vault;
  readonly place: string;
  /** Whether the store takes only so much a second: threads of their own would know nothing of that. */
  readonly isLimited?: boolean;
}

/** Threads that seal beside the one that reads, where there is enough to seal and a processor for them. */
export function backupThreads(
  target: SealTarget,
  source: Pick<ChosenSource, "place" | "bytes">,
  read: CountedSource,
): BackupThreads {
  if (target.isLimited === true || source.bytes < WORTH_THREADS_BYTES || availableParallelism() < 2)
    return { [Symbol.asyncDispose]: () => Promise.resolve() };
  let rows: RowThreads | undefined;
  const files: SealThread[] = [];
  const sealFiles: BackupOptions["sealFiles"] = (start) => {
    const thread = sealThread({ ...start, store: target.place, source: source.place });
    files.push(thread);
    return sealerOf(thread, new FilesInPlace(target.vault, start), read);
  };
  return {
    // Started when there is something to seal: most backups find little, or nothing.
    seal: (job) => (rows ??= rowThreads(1)).seal(job),
    // That thread opens the store by itself, which it can do with a folder alone.
    ...(!isAddress(target.place) && { sealFiles }),
    async [Symbol.asyncDispose]() {
      await rows?.[Symbol.asyncDispose]();
      for (const thread of files) await thread[Symbol.asyncDispose]();
    },
  };
}

/**
 * The thread reads files by their paths; what a reader made is sealed here. What the thread has sealed is told even
 * after a stop: it lies in packs, and who does not hear of it seals it again.
 */
function sealerOf(thread: FileSealer, here: FileSealer, read: CountedSource): FileSealer {
  return {
    async put(file, week) {
      if (!read.has(file)) return here.put(file, week);
      read.throwIfStopped();
      const put = await thread.put(file, week);
      read.add(file.sizeBytes);
      return put;
    },
    putParts(file, onPart) {
      if (!read.has(file)) return here.putParts(file, onPart);
      return thread.putParts(file, (part) => {
        onPart(part);
        read.add(part.sizeBytes);
        read.throwIfStopped();
      });
    },
    async flush() {
      await thread.flush();
      await here.flush();
    },
  };
}
