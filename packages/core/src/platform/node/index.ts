export { restoreThread, type RestoreThread } from "./threads/restore-files.ts";
export { rowThreads, type RowThreads } from "./threads/rows.ts";
export { sealThread, type SealThread } from "./threads/seal-files.ts";
export { nodeCiphers } from "./foreign-ciphers.ts";
export { nodePrimitives } from "./primitives.ts";
export { nodeSqlite } from "./sqlite/node-sqlite.ts";
export { folderSource } from "./folder-source.ts";
export { folderTarget, keptTarget, keptThere } from "./folder-target.ts";
