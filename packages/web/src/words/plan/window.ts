import { both } from "../../state/language.ts";

/** What it means that a plan reaches back only so far. */
export const windowWords = both({
  zh: {
    title: "方案保留多久的记录",
    reaches: (plan: string, days: string, date: string) =>
      `${plan}：保留最近 ${days} 天，即 ${date} 起的记录。`,
    all: (plan: string) => `${plan}：保留全部记录，不限时间，无需处理。`,
    unknown: "服务器没有说明您的方案保留多久的记录，这里不用做什么。",
    old: "您正在看较早的版本。请先回到最新版本，再看这一页。",
    lines: [
      "不会自动移除任何内容，现在和以后都不会：只有您在这里确认，更早的消息才会被遗忘。备份不会这样做，在那之前已存的都在。",
      "时间不详的消息会保留。",
      "遗忘的消息会从所有版本中移除，备份也不会把它们带回来。只要这仍是最后一步，就能撤销，全部恢复；之后一旦有备份或其他改动，就无法再撤销。",
      "文件的空间要在电脑上运行 keepsake prune 才能腾出，最早在一周之后。",
    ],
    keep: "永久保留的聊天",
    keepWhy: (most: string) => `最多 ${most} 个聊天可以永久保留全部消息，由您选择。`,
    keepNone: "这个方案没有可以永久保留的聊天。",
    find: "在聊天中查找",
    noneFound: "没有这个名字的聊天。",
    chosen: (count: string, most: string) => `已选 ${count} 个，最多 ${most} 个`,
    tooMany: (count: string, most: string) =>
      `已选 ${count} 个，这个方案最多 ${most} 个。请取消多出的，留哪些由您决定。`,
    more: (count: string) => `还有 ${count} 个，查找即可看到。`,
    look: "看看有哪些更早的内容",
    looking: (count: string) => `正在查看消息：${count} 条……`,
    older: "更早的内容",
    nothing: "没有更早的内容，无需处理。",
    found: (messages: string, chats: string, date: string) =>
      `${chats} 个聊天中有 ${messages} 条消息早于 ${date}。`,
    files: (files: string, size: string) => `随之移除 ${files} 个文件，共 ${size}。`,
    noFiles: "没有文件随之移除。",
    line: (messages: string, days: string) => `${messages} 条，${days}`,
    lineFiles: (files: string, size: string) => `${files} 个文件，${size}`,
    days: (first: string, last: string) => (first === last ? first : `${first} 至 ${last}`),
    rest: (count: string) => `再看 ${count} 个聊天`,
    onlyHere:
      "服务器上的副本可能是这些消息的唯一一份：手机上可能早已没有，与之同步的其他副本也会一并移除。如需另存，请先操作：",
    takeOut: "导出，或另存一份",
    consent: (messages: string) => `我要遗忘这 ${messages} 条消息，所有版本都不再保留。`,
    forget: (messages: string) => `遗忘 ${messages} 条消息`,
    keepAll: "不改",
    working: "正在移除……",
    forgotten: (messages: string, chats: string) => `已遗忘：${chats} 个聊天中的 ${messages} 条消息。`,
    changed: "期间另一台设备有改动，所以什么也没有做。请再看一次。",
    loosened: "已放宽：下次备份会重新存入来源中仍有的内容。",
    looser: "先前方案的期限更短，备份仍按它略去较早的消息。放宽后，下次备份会重新存入来源中仍有的内容。",
    loosen: "放宽期限",
    loosenSure: "确定放宽",
    isLifted: "先前方案有期限，备份仍按它略去较早的消息。取消后，下次备份会重新存入来源中仍有的内容。",
    lift: "取消期限",
    liftSure: "确定取消",
    saveChoice: "保存这个选择",
    saved: "已保存，您的所有设备都会知道。",
    undoWhy: "最后一步是按方案的期限遗忘。在有其他改动之前可以撤销，全部恢复。",
    undo: "撤销",
    undone: "已撤销，全部恢复了。",
    undoGone: "之后又有了改动，无法再撤销。",
  },
  en: {
    title: "How far back your plan reaches",
    reaches: (plan: string, days: string, date: string) =>
      `${plan}: it reaches ${days} days back, to ${date}.`,
    all: (plan: string) => `${plan}: it reaches back as far as your history does. There is nothing to do.`,
    unknown: "The server does not say how far back your plan reaches. There is nothing to do here.",
    old: "You are looking at an earlier version. Go to the newest one first, then come back here.",
    lines: [
      "Nothing goes by itself, now or later: older messages are forgotten only when you say so here. No backup does it, and all that is stored stays until then.",
      "Messages of which nobody knows the time stay.",
      "What is forgotten leaves every version, and backups do not bring it back. As long as it is the last step it can be undone, and all of it is back; the next backup or other change ends that.",
      "The room of files is freed by keepsake prune on a computer, a week later at the earliest.",
    ],
    keep: "Chats that are kept for ever",
    keepWhy: (most: string) =>
      most === "1"
        ? "One chat of your choice may keep all its messages for ever."
        : `Up to ${most} chats of your choice may keep all their messages for ever.`,
    keepNone: "This plan keeps no chat for ever.",
    find: "Find among the chats",
    noneFound: "No chat of that name.",
    chosen: (count: string, most: string) => `${count} of at most ${most} chosen`,
    tooMany: (count: string, most: string) =>
      `${count} are chosen, and this plan allows ${most}. Take away what is too many: which of them stay is for you to say.`,
    more: (count: string) => `${count} more: find them by their names.`,
    look: "See what is older",
    looking: (count: string) => `Looking through the messages: ${count} …`,
    older: "What is older",
    nothing: "Nothing is older. There is nothing to do.",
    found: (messages: string, chats: string, date: string) =>
      `Messages from before ${date}: ${messages}, of ${chats} ${chats === "1" ? "chat" : "chats"}.`,
    files: (files: string, size: string) => `Files that go with them: ${files}, ${size} together.`,
    noFiles: "No files go with them.",
    line: (messages: string, days: string) =>
      `${messages} ${messages === "1" ? "message" : "messages"}, ${days}`,
    lineFiles: (files: string, size: string) => `${files} ${files === "1" ? "file" : "files"}, ${size}`,
    days: (first: string, last: string) => (first === last ? first : `${first} to ${last}`),
    rest: (count: string) => `Show ${count} more chats`,
    onlyHere:
      "The server's copy may be the only one of these messages: a phone may have lost them long ago, and copies that are brought level with it lose them too. If you want to keep them elsewhere, do that first:",
    takeOut: "Export them, or save a copy",
    consent: (messages: string) => `I want these messages forgotten in every version: ${messages}.`,
    forget: (messages: string) => `Forget ${messages} ${messages === "1" ? "message" : "messages"}`,
    keepAll: "Leave it",
    working: "Taking them out …",
    forgotten: (messages: string, chats: string) =>
      `Forgotten: ${messages} ${messages === "1" ? "message" : "messages"} of ${chats} ${chats === "1" ? "chat" : "chats"}.`,
    changed: "Another device changed something meanwhile, so nothing was done. Look at it again.",
    loosened: "There is room in the rule: the next backup stores again what the sources still have.",
    looser:
      "An earlier plan reached less far, and backups still leave out what is older than that. Once there is room in the rule, the next backup stores again what the sources still have.",
    loosen: "Make room in the rule",
    loosenSure: "Yes, make room",
    isLifted:
      "An earlier plan reached only so far, and backups still leave out what is older. Once its rule is lifted, the next backup stores again what the sources still have.",
    lift: "Lift the rule",
    liftSure: "Yes, lift it",
    saveChoice: "Keep this choice",
    saved: "Your choice is kept, and all your devices know it.",
    undoWhy:
      "The last step was to forget by the plan's window. Until something else changes it can be undone, and all of it is back.",
    undo: "Undo",
    undone: "Undone: all of it is back.",
    undoGone: "Something else has changed since: it cannot be undone any more.",
  },
});
