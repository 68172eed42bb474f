import { both } from "../../state/language.ts";

export const search = both({
  zh: {
    title: "搜索",
    placeholder: "一个字也能搜",
    found: (count: string) => `找到 ${count} 条`,
  },
  en: {
    title: "Search",
    placeholder: "Any text, of one character or more",
    found: (count: string) => `${count} found`,
  },
});
