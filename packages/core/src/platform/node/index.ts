export { fileWorker, type FileWorker } from "./file-workers.ts";
export { rowWorkers, type RowWorkers } from "./row-workers.ts";
export { nodePrimitives } from "./primitives.ts";
export { folderSource } from "./folder-source.ts";
export { folderTarget } from "./folder-target.ts";
