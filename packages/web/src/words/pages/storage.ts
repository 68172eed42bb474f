import { both } from "../../state/language.ts";

export const storage = both({
  zh: {
    title: "空间",
    used: (used: string, quota: string) => `服务器上用了 ${used}，共 ${quota}`,
    trashed: (size: string) => `另有 ${size} 在回收站里，到期自动清空。`,
    scanning: (messages: string) => `正在统计，已看 ${messages} 条……`,
    files: (size: string) => `文件原本共 ${size}。`,
    duplicates: (size: string) => `其中 ${size} 是重复的，只存一份。`,
    plan: "空间不够，或想知道以后会怎样？看看方案",
    byChat: "按聊天",
    byKind: "按类型",
    byYear: "按年份",
    line: (messages: string, files: string) => `${messages} 条，${files} 个文件`,
  },
  en: {
    title: "Storage",
    used: (used: string, quota: string) => `${used} of ${quota} used on the server`,
    trashed: (size: string) => `${size} more lie in the trash, which empties by itself.`,
    scanning: (messages: string) => `Counting: ${messages} messages …`,
    files: (size: string) => `Files come to ${size} as they were sent.`,
    duplicates: (size: string) => `${size} of that are there several times, and kept once.`,
    plan: "Plans, and when it will be full",
    byChat: "By chat",
    byKind: "By kind",
    byYear: "By year",
    line: (messages: string, files: string) => `${messages} messages, ${files} files`,
  },
});
