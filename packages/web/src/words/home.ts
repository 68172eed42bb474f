import { both } from "../state/language.ts";

export const home = both({
  zh: {
    title: "首页",
    nothing: "还没有聊天记录。",
    kept: (messages: string, day: string) => `已保存 ${messages} 条消息，最新一条在 ${day}。`,
  },
  en: {
    title: "Home",
    nothing: "No history yet.",
    kept: (messages: string, day: string) => `${messages} messages are kept, the newest of ${day}.`,
  },
});
