import { both } from "../../state/language.ts";

/** The list of chats, and a chat that is read. */
export const chats = both({
  zh: {
    title: "聊天",
    find: "查找聊天",
    noTitle: "没有名字的聊天",
    none: "还没有聊天记录。到“来源”放入第一份。",
    noneFound: "没有这个名字的聊天。",
    choose: "选一个聊天来看。",
    count: (count: string) => `${count} 条`,
    back: "回到聊天列表",
    start: "这是最早的一条",
    end: "这是最新的一条",
    toDate: "跳到日期",
    noMessages: "这个聊天没有消息。",
    versions: (count: number) => `有 ${count} 个版本`,
    untold: "来源没有说明时间",
  },
  en: {
    title: "Chats",
    find: "Find a chat",
    noTitle: "A chat without a name",
    none: "No history yet. Put the first one in under “Sources”.",
    noneFound: "No chat of that name.",
    choose: "Choose a chat to read.",
    count: (count: string) => `${count} messages`,
    back: "Back to the chats",
    start: "This is the first message",
    end: "This is the newest message",
    toDate: "Go to a date",
    noMessages: "This chat has no messages.",
    versions: (count: number) => `${count} versions`,
    untold: "The source gives no time",
  },
});
