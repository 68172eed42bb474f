export { sha256Of } from "./files.ts";
export { imaginePhone, type ImaginedAccount } from "./imagine.ts";
export type { WeChatOptions } from "./plan.ts";
export { packTexts, type Packing } from "./backup/pack.ts";
export { dayLater, writePhone } from "./backup/write.ts";
export { readTools } from "./tools.ts";
