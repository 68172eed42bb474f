import { workerData } from "node:worker_threads";
import { restoreFiles } from "../../../history/index.ts";
import { folderStore } from "../folder-store.ts";
import { folderTarget } from "../folder-target.ts";
import { nodePrimitives } from "../primitives.ts";
import type { RestoreReply, RestoreRequest, RestoreThreadData } from "./restore-files.ts";
import { answer } from "./thread.ts";

/* One worker thread: restores attachments from a store in a folder, one batch after the other. */
const { store, vaultId, target } = workerData as RestoreThreadData;
const vault = { primitives: nodePrimitives, store: folderStore(store), id: vaultId };
const sink = await folderTarget(target);
let before: Promise<unknown> = Promise.resolve();

answer<RestoreRequest, RestoreReply>((jobs) => {
  const restored = before.then(() => restoreFiles(vault, jobs, sink));
  before = restored.catch(() => undefined);
  return restored;
});
