export { accountOf, isGroup, serverScheme } from "./names.ts";
export { readPacked } from "./packed.ts";
export { readContent } from "./read.ts";
export type { RowContent, RowContext, RowFile, WeChatRow } from "./row.ts";
