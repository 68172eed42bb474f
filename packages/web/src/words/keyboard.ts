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
      ["g m", "媒体"],
      ["g n", "联系人"],
      ["g y", "回顾"],
      ["g e", "设置"],
      ["← / →", "看图时：上一张、下一张"],
      ["Esc", "关闭，或回到上一层"],
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
      ["g m", "media"],
      ["g n", "people"],
      ["g y", "looking back"],
      ["g e", "settings"],
      ["← / →", "in a picture: the one before, the next"],
      ["Esc", "close, or one step back"],
      ["?", "this list"],
    ] as readonly (readonly [string, string])[],
  },
});
