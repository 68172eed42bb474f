import { both } from "../../../state/language.ts";

/** A day of an earlier year, on its page and on the home page. */
export const rememberedWords = both({
  zh: {
    dayTitle: (day: string) => `历年的${day}`,
    inYear: (year: number) => `${year} 年`,
    ago: (years: number) => `${years} 年前`,
    said: (count: string) => `这一天说了 ${count} 条`,
    toChat: "到那一天",
    more: "更多那年今日",
    you: "我",
  },
  en: {
    dayTitle: (day: string) => `${day} in other years`,
    inYear: (year: number) => `${year}`,
    ago: (years: number) => (years === 1 ? "a year ago" : `${years} years ago`),
    said: (count: string) => `${count} messages that day`,
    toChat: "Go to that day",
    more: "More of this day",
    you: "You",
  },
});
