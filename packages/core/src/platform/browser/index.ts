export { browserCiphers } from "./foreign-ciphers.ts";
export { filesSource, type PickedFile } from "./files-source.ts";
export { browserPrimitives } from "./primitives.ts";
export { browserSqlite } from "./sqlite.ts";
