import type { CodeEntry } from "./entry.ts";

export type HistoryCode =
  "history.cannot-undo" | "history.diverged" | "history.folder-shrunk" | "history.too-many-for-ever";

export const historyCodes: Readonly<Record<HistoryCode, CodeEntry>> = {
  "history.cannot-undo": {
    en: "The last step cannot be taken back: what it replaced is not there any more, or it was no step of that kind.",
    zh: "上一步无法撤销：它替换掉的内容已不在，或它不是可撤销的操作。",
    exit: 13,
    http: 409,
  },
  "history.diverged": {
    en: "The two copies went different ways. Merge them with `keepsake merge`, then copy again.",
    zh: "两份副本的内容已经分叉。请先用 `keepsake merge` 合并，再复制。",
    exit: 13,
    http: 409,
  },
  "history.too-many-for-ever": {
    en: "More chats are chosen to be kept for ever than this plan allows. Nothing was changed; the details say how many it allows. Choose them anew.",
    zh: "选定永久保留的聊天超过此方案允许的数量。没有做任何改动；允许的数量见详情。请重新选择。",
    exit: 2,
    http: 400,
  },
  "history.folder-shrunk": {
    en: "Much of what this folder held at its last backup is not in it now. Nothing was changed in the vault. Look at the folder; if it is meant to be so, run this again with --accept-shrink.",
    zh: "与上次备份相比，这个文件夹少了许多内容。保险库没有任何改动。请检查该文件夹；如果确实如此，请加上 --accept-shrink 再次运行。",
    exit: 13,
    http: 409,
  },
};
