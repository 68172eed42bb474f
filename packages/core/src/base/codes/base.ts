import type { CodeEntry } from "./entry.ts";

export type BaseCode = "base.aborted" | "base.limit" | "base.invalid" | "base.unexpected";

export const baseCodes: Readonly<Record<BaseCode, CodeEntry>> = {
  "base.aborted": {
    en: "Stopped. What was finished is kept; run the same command to go on.",
    zh: "已停止。已完成的部分都已保留，再次运行同一命令即可继续。",
    exit: 130,
    http: 499,
  },
  "base.limit": {
    en: "A limit was passed that no honest data reaches; the item was refused.",
    zh: "超出了正常数据不会达到的上限，该项已被拒绝。",
    exit: 11,
    http: 413,
  },
  "base.invalid": {
    en: "A value is not valid; see the details for which one.",
    zh: "有一个值无效，详情中写明是哪一个。",
    exit: 2,
    http: 400,
  },
  "base.unexpected": {
    en: "Something went wrong that should not have; nothing stored was changed. Please report it.",
    zh: "发生了不该发生的错误，已保存的内容没有改动。请反馈给我们。",
    exit: 1,
    http: 500,
  },
};
