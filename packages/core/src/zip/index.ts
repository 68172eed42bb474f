export { zipLimits } from "./limits.ts";
export { isZip, zipSource } from "./source/zip-source.ts";
export type { ByteSink } from "./target/entry-output.ts";
export { zipTarget, type ZipTarget, type ZipTargetOptions } from "./target/zip-target.ts";
