import type { Words } from "../../language.ts";

export const noNewEvents: Words = {
  en: "Nothing new since you looked last; --all shows everything.",
  zh: "自上次查看以来没有新事件；用 --all 查看全部。",
};
