import { parentPort } from "node:worker_threads";
import { sealRows } from "../../history/index.ts";
import { nodePrimitives } from "./primitives.ts";
import type { RowReply, RowRequest } from "./row-workers.ts";

/* One worker thread: seals segments, one after the other. */
parentPort?.on("message", ({ id, job }: RowRequest) => {
  sealRows(nodePrimitives, job).then(
    (sealed) => {
      const buffers = sealed.lanes.flatMap((lane) => (lane === null ? [] : [lane.sealed.buffer]));
      parentPort?.postMessage({ id, sealed } satisfies RowReply, [...new Set(buffers)]);
    },
    (error: unknown) => parentPort?.postMessage({ id, failed: String(error) } satisfies RowReply),
  );
});
