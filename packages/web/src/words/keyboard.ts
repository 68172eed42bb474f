import { both } from "../state/language.ts";

export const keyWords = both({
  zh: {
    title: "键盘",
    close: "关闭",
    keys: [
      ["j / k", "下一条、上一条"],
      ["/", "搜索"],
      ["n / N", "搜到的下一条、上一条"],
      ["g d", "跳到日期"],
      ["g h", "首页"],
      ["g c", "聊天"],
      ["g o", "来源"],
      ["g e", "设置"],
      ["Esc", "关闭，或回到聊天列表"],
      ["?", "这张表"],
    ] as readonly (readonly [string, string])[],
  },
  en: {
    title: "Keys",
    close: "Close",
    keys: [
      ["j / k", "next, previous"],
      ["/", "search"],
      ["n / N", "older, newer one of what was found"],
      ["g d", "go to a date"],
      ["g h", "home"],
      ["g c", "chats"],
      ["g o", "sources"],
      ["g e", "settings"],
      ["Esc", "close, or back to the chats"],
      ["?", "this list"],
    ] as readonly (readonly [string, string])[],
  },
});
