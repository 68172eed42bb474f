export { browserPrimitives } from "./primitives.ts";
export { browserSqlite } from "./sqlite.ts";
