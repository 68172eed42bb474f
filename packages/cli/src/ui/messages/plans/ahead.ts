import type { Words } from "../../language.ts";

export const ahead: Words = {
  en: "If nobody paid any more, files of the oldest years would go to fit the free room, {over} above it now: not before {date}, after several notices, and back from the trash for another 30 days. Messages stay, and {kept} that has no year:",
  zh: "如果不再付费，超出免费空间的 {over} 会从最早年份的文件开始清理：不早于 {date}，事先多次通知，之后 30 天内可从回收站取回。消息和未标年代的 {kept} 会保留：",
};
export const away: Words = {
  en: "In the trash because nobody paid: {objects} packs of files, {size}. Paying again brings all of it back.",
  zh: "因未付费已移入回收站：{objects} 个文件包，共 {size}。重新付费即可全部取回。",
};
export const columns: Readonly<Record<"year" | "goes" | "of", Words>> = {
  year: { en: "Year", zh: "年份" },
  goes: { en: "Would go", zh: "将清理" },
  of: { en: "All files", zh: "文件总量" },
};
