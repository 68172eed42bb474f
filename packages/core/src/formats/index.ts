import { chatlab } from "./chatlab/index.ts";
import { folder, wechatOfficial } from "./folder/index.ts";
import type { Format } from "./format.ts";
import { jsonl } from "./jsonl/index.ts";
import { telegram } from "./telegram/index.ts";
import { wechatIos } from "./wechat/index.ts";

export {
  detectFormat,
  formatLimits,
  type Detected,
  type Detection,
  type FidelityEntry,
  type FidelityReport,
  type Format,
  type ReadOptions,
  type ReadTools,
  type SettleOptions,
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
export { putFile } from "./output.ts";
export { fleetingPlace, isFleeting } from "./tally.ts";
export type { Sqlite } from "../sqlite/index.ts";
export { chatlab, folder, jsonl, telegram, wechatIos, wechatOfficial };

/** Every format that Keepsake knows, for `detectFormat` and for choosing by id. */
export const formats: readonly Format[] = [jsonl, telegram, chatlab, wechatIos, wechatOfficial, folder];
