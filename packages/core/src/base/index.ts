export * from "./bytes.ts";
export * from "./clock.ts";
export * from "./concurrency.ts";
export * from "./errors.ts";
export { codes, type CodeEntry } from "./codes/index.ts";
export * from "./patience.ts";
export * from "./primitives.ts";
export * from "./progress.ts";
export * from "./sleep.ts";
