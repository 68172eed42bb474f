import type { Proposal } from "@keepsake/core/history";
import type { Aside } from "@keepsake/core/model";
import type { Words } from "../language.ts";

export const holds: Words = {
  en: "To be kept: {messages} messages in {chats} chats, {files} files, {size}.",
  zh: "将会保存：{chats} 个聊天、{messages} 条消息、{files} 个文件，共 {size}。",
};
export const largest: Words = { en: "The chats that take up most:", zh: "占用最多的聊天：" };
export const proposals: Words = {
  en: "What could be left out; all of it is kept unless you say so. Times are for {rate} a second, measured just now on this disk; sizes are those of files:",
  zh: "可以不保存的内容；除非你选择，否则全部保存。时间按刚刚在此磁盘上测得的每秒 {rate} 计算，大小指文件的大小：",
};
export const noProposals: Words = {
  en: "There is nothing here worth leaving out.",
  zh: "这里没有值得略去的内容。",
};
export const proposal: Readonly<Record<Proposal["what"], Words>> = {
  pushes: { en: "What official accounts push", zh: "公众号推送" },
  silentGroups: {
    en: "Files of groups in which you never wrote; their messages stay",
    zh: "你从未发言的群里的文件；消息仍会保存",
  },
  largeFiles: { en: "Files of more than 50 MB; their messages stay", zh: "超过 50 MB 的文件；消息仍会保存" },
  stickers: {
    en: "Pictures of stickers; each is stored once anyway",
    zh: "表情包图片；本来每张也只存一份",
  },
};
export const saving: Words = {
  en: "{messages} messages and {files} files ({size}) less, about {time} less",
  zh: "少 {messages} 条消息、{files} 个文件（{size}），约省时 {time}",
};
export const leaveOut: Words = { en: "Leave that out?", zh: "不保存这些吗？" };
export const acceptNext: Words = {
  en: "To leave something out: run this in a terminal, or add --accept with the names above.",
  zh: "若要略去其中某项：请在终端中运行，或用 --accept 加上面的名称。",
};
export const aside: Words = {
  en: "No history, and not kept: {what}, {files} files, {size}.",
  zh: "不是聊天记录，不会保存：{what}，{files} 个文件，共 {size}。",
};
export const asides: Readonly<Record<Aside["what"], Words>> = {
  moments: { en: "Moments cache", zh: "朋友圈缓存" },
  favourites: { en: "favourites", zh: "收藏" },
  cache: { en: "other cache of the app", zh: "应用的其他缓存" },
};
export const chosen: Words = {
  en: "{id}: {what}. Backups leave it out from now on; what the vault holds stays.",
  zh: "{id}：{what}。今后的备份不再保存这些；保险库中已有的内容不变。",
};
export const removed: Words = {
  en: "{id} is gone: the next backup keeps what it left out.",
  zh: "已取消 {id}：下次备份会保存它此前略去的内容。",
};
export const none: Words = { en: "Nothing is left out.", zh: "没有略去任何内容。" };
export const leftOut: Words = {
  en: "Left out by your choice {id}: {what}; {messages} messages, {files} files, {size}.",
  zh: "按你的选择 {id} 未保存：{what}；{messages} 条消息、{files} 个文件，共 {size}。",
};
/** The parts of which a choice is said. */
export const parts: Readonly<
  Record<"messages" | "files" | "chats" | "chatKinds" | "kinds" | "from" | "until" | "over", Words>
> = {
  messages: { en: "messages with their files", zh: "消息及其文件" },
  files: { en: "files alone", zh: "仅文件" },
  chats: { en: "chats {list}", zh: "聊天 {list}" },
  chatKinds: { en: "kinds of chat {list}", zh: "聊天类型 {list}" },
  kinds: { en: "kinds of message {list}", zh: "消息类型 {list}" },
  from: { en: "from {day}", zh: "自 {day} 起" },
  until: { en: "before {day}", zh: "{day} 之前" },
  over: { en: "over {size}", zh: "超过 {size}" },
};
export const columns: Readonly<Record<"id" | "what" | "messages" | "files" | "size", Words>> = {
  id: { en: "Id", zh: "编号" },
  what: { en: "Left out", zh: "略去的内容" },
  messages: { en: "Messages", zh: "消息" },
  files: { en: "Files", zh: "文件" },
  size: { en: "Size", zh: "大小" },
};
export const chatColumns: Readonly<Record<"chat" | "kind" | "messages" | "files" | "size", Words>> = {
  chat: { en: "Chat", zh: "聊天" },
  kind: { en: "Kind", zh: "类型" },
  messages: { en: "Messages", zh: "消息" },
  files: { en: "Files", zh: "文件" },
  size: { en: "Size", zh: "大小" },
};
