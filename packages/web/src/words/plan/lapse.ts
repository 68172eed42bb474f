import { both } from "../../state/language.ts";

/** What home says when the paid time is over. */
export const lapseWords = both({
  zh: {
    title: "付费的时间已经结束",
    ended: (day: string) => `您的方案到 ${day} 为止。`,
    lapsed: (day: string) =>
      `已存的都在：能看、能搜索、能恢复、能导出，一直免费，至少到 ${day}。只是不能存入超出免费空间的新内容。`,
    within: "您存的内容没有超出免费空间，一切照常。",
    removing:
      "最早几周的文件已移入回收站，30 天后清除；文字都留着。现在恢复或导出，或者重新付费，都能全部取回。",
    returning: "回收站里的文件正在回来。",
    takeOut: "全部恢复或导出",
    choose: "看看方案",
    nearlyFull: "空间快用完了",
    used: (used: string, quota: string) =>
      `服务器上用了 ${used}，共 ${quota}。存满之后，新内容存不进来；已存的都在，不会丢。`,
    whatFills: "看看什么占了空间",
  },
  en: {
    title: "The time that was paid for is over",
    ended: (day: string) => `Your plan was paid to the end of ${day}.`,
    lapsed: (day: string) =>
      `All that you stored is there. You can read, search, restore and export it, free, until ${day} at least. Only what is more than the free room is not stored anew.`,
    within: "What you have stored fits the free room: everything works.",
    removing:
      "Files of the oldest weeks lie in the trash, which is emptied after 30 days; messages stay. Restore or export now, or pay again, and all of it is there.",
    returning: "The files in the trash are coming back.",
    takeOut: "Restore or export all",
    choose: "Look at the plans",
    nearlyFull: "Little room is left",
    used: (used: string, quota: string) =>
      `${used} of ${quota} are used on the server. Once it is full nothing new is stored; all that is there stays.`,
    whatFills: "What fills it",
  },
});
