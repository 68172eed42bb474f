export { browserCiphers } from "./foreign-ciphers.ts";
export { browserPrimitives } from "./primitives.ts";
export { browserSqlite } from "./sqlite.ts";
