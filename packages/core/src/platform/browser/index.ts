export { cachedStore, type CachedStore } from "./cache/cache-store.ts";
export type { CacheOptions } from "./cache/run-files.ts";
export { filesSource, type PickedFile } from "./files/files-source.ts";
export { pickedFile } from "./files/picked-file.ts";
export { browserCiphers } from "./foreign-ciphers.ts";
export { browserPrimitives } from "./primitives.ts";
export { browserSqlite } from "./sqlite.ts";
