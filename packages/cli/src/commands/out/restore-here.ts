import { Gate } from "@keepsake/core/base";
import { restoreFiles, type FileSink } from "@keepsake/core/history";
import type { RestoreThread } from "@keepsake/core/node";
import type { Vault } from "@keepsake/core/vault";

/** A store on the network answers late: several batches wait for it at once. */
const BATCHES_AT_ONCE = 4;

/** Restores attachments in this thread, from a store that no other thread can open. */
export function restoreHere(vault: Vault, sink: FileSink, signal: AbortSignal): RestoreThread {
  const gate = new Gate(BATCHES_AT_ONCE);
  return {
    restore: (jobs) => gate.pass(signal, () => restoreFiles(vault, jobs, sink, signal)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
