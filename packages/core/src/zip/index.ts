export { zipLimits } from "./limits.ts";
export { isZip, zipSource } from "./read.ts";
