import { both } from "../../state/language.ts";

/** The traffic light. */
export const home = both({
  zh: {
    title: "首页",
    ready: "可以放心换手机了",
    latest: "最近的聊天",
    missing: "还差这几项",
    missingCount: (count: number) => `还差 ${count} 项`,
    kept: (messages: string, files: string) => `已封存 ${messages} 条消息、${files} 个文件`,
    checks: {
      backup: {
        name: "聊天记录",
        ok: (day: string) => `最新一条受保护的消息：${day}`,
        todo: "还没有放入任何聊天记录。",
        old: (day: string) => `上次备份是 ${day}，已超过一个月。`,
        button: "放入聊天记录",
      },
      card: {
        name: "恢复卡",
        ok: (day: string) => `${day} 核对过`,
        todo: "还没有在这里核对过恢复卡。",
        old: (day: string) => `上次核对是 ${day}，已超过一年。还在吗？`,
        button: "核对恢复卡",
      },
      rehearsal: {
        name: "恢复演练",
        ok: (day: string) => `${day} 随机取样恢复，完好无缺`,
        todo: "还没有试过把记录取回来。",
        old: (day: string) => `上次演练是 ${day}，已超过三个月。`,
        button: "试着恢复",
      },
      copy: {
        name: "第二份",
        ok: (day: string) => `${day} 另存过一份`,
        todo: "现在只有服务器上的一份。",
        old: (day: string) => `上次另存是 ${day}，已超过三个月。`,
        button: "另存一份",
      },
    },
    cardWaits: {
      "typed-back": "还没有确认恢复卡已经保存好。在确认之前，那 24 个词只在这个浏览器里。",
      cut: "更换恢复卡时中断了。请照手上的卡核对一次，看哪一张有效。",
      replaced: "另一台设备换了新的恢复卡。如果不是您做的，请立即到“安全”页查看。",
    },
    showCard: "打开恢复卡",
    rehearsing: (messages: string) => `正在取样恢复，已核对 ${messages} 条……`,
    rehearsalFailed: (chats: string) =>
      `有 ${chats} 个聊天没能完好取回。请用另一份副本修复，并告知服务器的管理者。`,
  },
  en: {
    title: "Home",
    ready: "You can change your phone without worry",
    latest: "Latest chats",
    missing: "These are still missing",
    missingCount: (count: number) => `${count} still missing`,
    kept: (messages: string, files: string) => `${messages} messages and ${files} files are sealed`,
    checks: {
      backup: {
        name: "Chat history",
        ok: (day: string) => `Last protected message: ${day}`,
        todo: "No history was put in yet.",
        old: (day: string) => `The last backup was on ${day}, more than a month ago.`,
        button: "Put in a history",
      },
      card: {
        name: "Recovery card",
        ok: (day: string) => `Checked on ${day}`,
        todo: "It was not checked here yet.",
        old: (day: string) => `Last checked on ${day}, more than a year ago. Do you still have it?`,
        button: "Check the card",
      },
      rehearsal: {
        name: "Trial restore",
        ok: (day: string) => `A random sample came back whole on ${day}`,
        todo: "Getting it back was not tried yet.",
        old: (day: string) => `The last trial was on ${day}, more than three months ago.`,
        button: "Try a restore",
      },
      copy: {
        name: "A second copy",
        ok: (day: string) => `Saved on ${day}`,
        todo: "The server has the only copy.",
        old: (day: string) => `Last saved on ${day}, more than three months ago.`,
        button: "Save a copy",
      },
    },
    cardWaits: {
      "typed-back": "Not yet confirmed. Until then the 24 words are in this browser alone.",
      cut: "Making a new card was cut off. Check the card at hand, to know which one counts.",
      replaced: "Another device made a new recovery card. If that was not you, look at Security at once.",
    },
    showCard: "Show the recovery card",
    rehearsing: (messages: string) => `Restoring a sample: ${messages} messages compared …`,
    rehearsalFailed: (chats: string) =>
      `${chats} chats did not come back whole. Repair them from another copy, and tell who runs the server.`,
  },
});
