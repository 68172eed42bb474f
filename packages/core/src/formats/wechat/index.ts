import type { Format } from "../format.ts";
import { detect, read, readMany } from "./read.ts";

/** WeChat in an Apple local backup: read, never written. */
export const wechatIos: Format = { id: "wechat-ios", detect, read, readMany };
