import type { Stage } from "@keepsake/core/base";
import type { Words } from "../language.ts";

/** The stages of long work, and what is counted in them. */
export const stages: Readonly<Record<Stage | "messages" | "objects" | "files" | "left", Words>> = {
  read: { en: "Reading", zh: "读取" },
  settle: { en: "Waiting until nothing writes there", zh: "等待写入结束" },
  scan: { en: "Looking", zh: "查看" },
  seal: { en: "Sealing", zh: "加密" },
  store: { en: "Storing", zh: "存储" },
  verify: { en: "Checking", zh: "核对" },
  text: { en: "Text", zh: "文字" },
  attachments: { en: "Attachments", zh: "附件" },
  compact: { en: "Compacting", zh: "整理" },
  delete: { en: "Removing", zh: "移除" },
  copy: { en: "Copying", zh: "复制" },
  messages: { en: "{n} messages", zh: "{n} 条消息" },
  objects: { en: "{n} objects", zh: "{n} 个对象" },
  files: { en: "{n} files", zh: "{n} 个文件" },
  left: { en: "{time} left", zh: "剩余 {time}" },
};
