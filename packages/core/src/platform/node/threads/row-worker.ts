import { sealRows } from "../../../history/index.ts";
import { nodePrimitives } from "../primitives.ts";
import type { RowReply, RowRequest } from "./rows.ts";
import { answer } from "./thread.ts";

/* One worker thread: seals segments, one after the other. */
answer<RowRequest, RowReply>(
  (job) => sealRows(nodePrimitives, job),
  ({ lanes }) => lanes.flatMap((lane) => (lane === null ? [] : [lane.sealed.buffer])),
);
