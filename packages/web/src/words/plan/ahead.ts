import { both } from "../../state/language.ts";

/** What would go for want of payment, told before anything does. */
export const aheadWords = both({
  zh: {
    title: "如果一直不付费，会清理什么",
    why: (over: string, day: string) =>
      `超出免费空间的 ${over} 会从最早年份的文件开始清理，不早于 ${day}；之前会多次通知，之后 30 天内还能从回收站取回。`,
    kept: (size: string) => `消息都留着；没有标年代的 ${size} 也不会因年代清理。`,
    away: (objects: string, size: string) =>
      `已移入回收站：${objects} 个文件包，共 ${size}。重新付费就全部取回。`,
    year: "年份",
    goes: "将清理",
    of: "文件总量",
  },
  en: {
    title: "What would go if nobody paid any more",
    why: (over: string, day: string) =>
      `${over} are above the free room. Files of the oldest years would go until the rest fits, not before ${day}: several notices come first, and for 30 days more all of it comes back from the trash.`,
    kept: (size: string) => `Messages stay, and so does what has no year (${size} with the messages).`,
    away: (objects: string, size: string) =>
      `In the trash: ${objects} packs of files, ${size}. Paying again brings all of it back.`,
    year: "Year",
    goes: "Would go",
    of: "All files",
  },
});
