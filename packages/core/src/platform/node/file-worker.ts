import { parentPort, workerData } from "node:worker_threads";
import { KeepsakeError } from "../../base/index.ts";
import { restoreFiles } from "../../history/index.ts";
import type { FileReply, FileRequest, FileWorkerData } from "./file-workers.ts";
import { folderStore } from "./folder-store.ts";
import { folderTarget } from "./folder-target.ts";
import { nodePrimitives } from "./primitives.ts";

/* One worker thread: restores attachments from a store in a folder, one batch after the other. */
const { store, vaultId, target } = workerData as FileWorkerData;
const vault = { primitives: nodePrimitives, store: folderStore(store), id: vaultId };
const sink = await folderTarget(target);
let before: Promise<void> = Promise.resolve();

parentPort?.on("message", ({ id, jobs }: FileRequest) => {
  before = before.then(async () => {
    const reply = await restoreFiles(vault, jobs, sink).then(
      (failed): FileReply => ({ id, failed }),
      (error: unknown): FileReply => ({ id, code: KeepsakeError.is(error) ? error.code : "base.unexpected" }),
    );
    parentPort?.postMessage(reply);
  });
});
