import { both } from "../../state/language.ts";

/** Devices, the recovery card and what happened. */
export const security = both({
  zh: {
    title: "安全",
    card: "恢复卡",
    cardWhy: "请照恢复卡输入 24 个词，确认它还在、还能打开。只在这台设备上核对。",
    cardLast: (day: string) => `上次核对：${day}`,
    cardWords: "恢复口令：24 个词",
    cardCheck: "核对",
    cardRight: "对的，这张恢复卡能打开您的聊天记录。",
    devices: "能打开聊天记录的设备",
    thisOne: "这台",
    revoked: "已移除",
    devicesHint:
      "移除丢失的设备会更换全部钥匙，需要恢复口令：在命令行用 keepsake devices --revoke。已被它下载过的内容无法收回。",
    logins: "已登录的设备",
    lastSeen: (day: string) => `最近使用：${day}`,
    logOut: "退出它的登录",
    events: "发生过什么",
    eventsHint: "每一条都与前一条相连，服务器不能悄悄增删。",
    none: "还没有记录。",
    sampleNo: "示例没有设备和登录。",
    platforms: { cli: "命令行", agent: "代理程序", web: "浏览器", phone: "手机", other: "其他" } as Readonly<
      Record<string, string>
    >,
  },
  en: {
    title: "Security",
    card: "Recovery card",
    cardWhy:
      "Type the 24 words of your recovery card, to be sure that you still have it and that it opens. They are checked on this device alone.",
    cardLast: (day: string) => `Checked last on ${day}`,
    cardWords: "The 24 words",
    cardCheck: "Check",
    cardRight: "Right: this card opens your history.",
    devices: "Devices that open the history",
    thisOne: "this one",
    revoked: "removed",
    devicesHint:
      "Removing a lost device replaces all keys and needs the recovery words: keepsake devices --revoke on the command line. What it has already fetched cannot be taken back.",
    logins: "Devices that are logged in",
    lastSeen: (day: string) => `Last used: ${day}`,
    logOut: "Log it out",
    events: "What happened",
    eventsHint: "Each entry is bound to the one before: the server cannot add or drop one unseen.",
    none: "Nothing yet.",
    sampleNo: "The sample has no devices and no logins.",
    platforms: {
      cli: "command line",
      agent: "agent",
      web: "browser",
      phone: "phone",
      other: "other",
    } as Readonly<Record<string, string>>,
  },
});
