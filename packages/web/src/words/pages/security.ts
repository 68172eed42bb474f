import { both } from "../../state/language.ts";

/** Devices, the recovery card and what happened. */
export const security = both({
  zh: {
    title: "安全",
    thisOne: "这台",
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
    thisOne: "this one",
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
