import { both } from "../../state/language.ts";

export const settings = both({
  zh: {
    title: "设置",
    language: "语言",
    theme: "外观",
    themes: { auto: "跟随系统", light: "浅色", dark: "深色" },
    size: "字号与按钮",
    sizes: { usual: "标准", large: "长辈版" },
    reading: "聊天的显示方式",
    readings: { flow: "连续滚动", pages: "分页" },
    readingHint: "分页时每页 100 条，整页都在，适合读屏软件。",
    lock: "不用时自动锁定",
    locks: { "5": "5 分钟", "15": "15 分钟", "60": "1 小时", "0": "不锁" } as Readonly<
      Record<string, string>
    >,
    blur: "遮住姓名和内容",
    blurHint: "截图给别人看之前打开。把光标移到文字上会显示原文。",
    leave: "退出这个浏览器",
    leaveWhy:
      "这个浏览器会忘掉登录、钥匙和它保存的内容。聊天记录仍在服务器上；再次打开需要登录名、密码和恢复卡。",
    leaveSure: "退出并忘掉",
    leaveBack: "不退出",
  },
  en: {
    title: "Settings",
    language: "Language",
    theme: "Appearance",
    themes: { auto: "As the system", light: "Light", dark: "Dark" },
    size: "Letters and buttons",
    sizes: { usual: "Usual", large: "Large" },
    reading: "How chats are shown",
    readings: { flow: "One long scroll", pages: "Pages" },
    readingHint: "Pages hold 100 messages each, all of them there at once: good with a screen reader.",
    lock: "Lock by itself when nobody uses it",
    locks: { "5": "5 minutes", "15": "15 minutes", "60": "1 hour", "0": "never" } as Readonly<
      Record<string, string>
    >,
    blur: "Blur names and texts",
    blurHint: "For screenshots that others will see. Point at a text to read it.",
    leave: "Log out of this browser",
    leaveWhy:
      "This browser forgets the login, the key and all that it keeps. Your history stays on the server: name, password and recovery card open it again.",
    leaveSure: "Log out and forget",
    leaveBack: "Stay",
  },
});
