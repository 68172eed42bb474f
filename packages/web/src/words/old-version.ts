import { both } from "../state/language.ts";

/** What is said above all pages while a version is looked at that is not the newest. */
export const oldVersion = both({
  zh: {
    old: (day: string) => `您正在看 ${day} 的版本。`,
    newest: "回到最新",
  },
  en: {
    old: (day: string) => `You are looking at the version of ${day}.`,
    newest: "Back to the newest",
  },
});
