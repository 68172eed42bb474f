import { both } from "../state/language.ts";

/** What stands around every page. */
export const frame = both({
  zh: {
    navigation: "页面",
    skip: "跳到正文",
    lock: "锁定",
    leaveSample: "离开示例",
    sampleBanner: "这是编造的示例，其中没有真实的人和聊天。",
    away: "现在连不上服务器，看到的是这个浏览器里保存着的内容。",
    loading: "正在打开……",
    again: "再试一次",
    update: "有新版本。",
    useUpdate: "换用新版本",
  },
  en: {
    navigation: "Pages",
    skip: "Skip to content",
    lock: "Lock",
    leaveSample: "Leave the sample",
    sampleBanner: "This is an invented sample: no real people, no real chats.",
    away: "The server cannot be reached: you see what this browser keeps.",
    loading: "Opening …",
    again: "Try again",
    update: "A new version is there.",
    useUpdate: "Use it",
  },
});

/** What the pages are called. */
export const titles = {
  home: both({ zh: "首页", en: "Home" }),
  chats: both({ zh: "聊天", en: "Chats" }),
  search: both({ zh: "搜索", en: "Search" }),
  sources: both({ zh: "来源", en: "Sources" }),
  media: both({ zh: "媒体", en: "Media" }),
  people: both({ zh: "联系人", en: "People" }),
  lookBack: both({ zh: "回顾", en: "Looking back" }),
  takeOut: both({ zh: "带走", en: "Take out" }),
  versions: both({ zh: "版本", en: "Versions" }),
  storage: both({ zh: "空间", en: "Storage" }),
  plan: both({ zh: "方案", en: "Plan" }),
  security: both({ zh: "安全", en: "Security" }),
  more: both({ zh: "更多", en: "More" }),
  settings: both({ zh: "设置", en: "Settings" }),
  office: both({ zh: "管理台", en: "Operator" }),
};
