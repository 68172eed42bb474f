export {
  detectFormat,
  formatLimits,
  type Detected,
  type Detection,
  type FidelityEntry,
  type FidelityReport,
  type Format,
  type ReadOptions,
  type WriteOptions,
} from "./format.ts";
export { memoryFile, memorySource, memoryTarget, type MemoryTarget } from "./memory.ts";
export {
  isInsidePath,
  isSafePath,
  requireSafePath,
  sourceStamps,
  type FileWriter,
  type Source,
  type SourceStamp,
  type Target,
} from "./source.ts";
export { telegram } from "./telegram/index.ts";
