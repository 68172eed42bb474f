import { parentPort } from "node:worker_threads";
import { sealRows, type RowSealer } from "../../history/index.ts";
import { nodePrimitives } from "./primitives.ts";
import type { RowReply, RowRequest } from "./row-workers.ts";

/* One worker thread: seals segments, one after the other. */
parentPort?.on("message", ({ id, rows, job }: RowRequest) => {
  const parsed = JSON.parse(rows) as Parameters<RowSealer>[0]["rows"];
  sealRows(nodePrimitives, { ...job, rows: parsed }).then(
    (sealed) => {
      const buffers = [
        sealed.leaves,
        ...sealed.lanes.flatMap((lane) => (lane === null ? [] : [lane.sealed])),
      ];
      parentPort?.postMessage({ id, sealed } satisfies RowReply, [
        ...new Set(buffers.map(({ buffer }) => buffer)),
      ]);
    },
    (error: unknown) => parentPort?.postMessage({ id, failed: String(error) } satisfies RowReply),
  );
});
