import type { Proposal } from "@keepsake/core/history";
import type { Words } from "../../language.ts";

export const holds: Words = {
  en: "It holds {messages} messages in {chats} chats, {files} files, {size}.",
  zh: "其中有 {chats} 个聊天、{messages} 条消息、{files} 个文件，共 {size}。",
};
export const stored: Words = {
  en: "Kept by Keepsake it takes {size}: {text} for the messages, {files} for the files. Files that are there several times are kept once: {duplicates} less.",
  zh: "由念存保存只需 {size}：消息占 {text}，文件占 {files}。相同的文件只存一份：少 {duplicates}。",
};
export const took: Words = {
  en: "Reading and sealing all of it took {span} on this machine, {rate} a second: a first backup to a disk of yours takes about as long.",
  zh: "在本机读取并加密全部内容用时 {span}，每秒 {rate}：首次备份到你自己的磁盘大约也是这么久。",
};
export const onAnyLine: Words = {
  en: "Through a line it takes as long as {size} take on it: at 10 Mbit/s {slow}, at 100 Mbit/s {fast}; a restore the same in the other direction.",
  zh: "经网络则取决于上传 {size} 的时间：10 Mbit/s 约 {slow}，100 Mbit/s 约 {fast}；恢复时下载所需时间相同。",
};
export const onLine: Words = {
  en: "On your line to {server}, tried just now, sending all of it takes about {up} ({upRate} a second), and fetching it back {down} ({downRate}).",
  zh: "按刚才测得的到 {server} 的网速，首次上传约需 {up}（每秒 {upRate}），全部取回约需 {down}（{downRate}）。",
};
export const byChat: Words = {
  en: "The chats that take up most, with their part of the price ({plan}, a year):",
  zh: "占用最多的聊天，以及各自分摊的价格（{plan}，每年）：",
};
export const byKind: Words = { en: "By kind of message:", zh: "按消息类型：" };
export const byYear: Words = { en: "By year:", zh: "按年份：" };
export const columns: Readonly<
  Record<"chat" | "kind" | "year" | "messages" | "files" | "size" | "stored" | "price", Words>
> = {
  chat: { en: "Chat", zh: "聊天" },
  kind: { en: "Kind", zh: "类型" },
  year: { en: "Year", zh: "年份" },
  messages: { en: "Messages", zh: "消息" },
  files: { en: "Files", zh: "文件" },
  size: { en: "Size", zh: "大小" },
  stored: { en: "Kept, about", zh: "保存约占" },
  price: { en: "Price", zh: "价格" },
};
export const without: Words = {
  en: "Some of it you may not want to keep. Nothing is left out unless you say so (`keepsake choose`):",
  zh: "有些内容你可能不想保存。除非你选择（`keepsake choose`），否则一律保存：",
};
export const proposal: Readonly<Record<Proposal["what"], Words>> = {
  pushes: { en: "what official accounts push", zh: "公众号推送" },
  silentGroups: { en: "files of groups in which you never wrote", zh: "你从未发言的群里的文件" },
  largeFiles: { en: "files of more than 50 MB", zh: "超过 50 MB 的文件" },
  stickers: { en: "pictures of stickers", zh: "表情包图片" },
};
export const saving: Words = {
  en: "{what}: {size} less to keep; then {plan}, {price} a year",
  zh: "{what}：少存 {size}；届时适合 {plan}，每年 {price}",
};
export const savingSame: Words = {
  en: "{what}: {size} less to keep; the same plan",
  zh: "{what}：少存 {size}；适合的方案不变",
};
export const plans: Words = {
  en: "Plans, for all of it and what a year adds ({growth} in the last one):",
  zh: "方案（按全部内容及每年新增计算，最近一年新增 {growth}）：",
};
export const planColumns: Readonly<Record<"plan" | "price" | "fee" | "suits" | "full", Words>> = {
  plan: { en: "Plan", zh: "方案" },
  price: { en: "A year", zh: "每年" },
  fee: { en: "Of it the store's fee", zh: "其中应用商店抽成" },
  suits: { en: "Room", zh: "空间" },
  full: { en: "Full", zh: "何时用满" },
};
export const enough: Words = { en: "enough", zh: "够用" };
export const tooSmall: Words = { en: "too small", zh: "不够" };
export const notAll: Words = { en: "newest part only", zh: "只含最近的部分" };
export const notSoon: Words = { en: "not in sight", zh: "很久以后" };
export const inYears: Words = { en: "in about {count} years", zh: "约 {count} 年后" };
export const inMonths: Words = { en: "in about {count} months", zh: "约 {count} 个月后" };
export const fits: Words = {
  en: "What fits: {plan}, {price} a year.",
  zh: "适合：{plan}，每年 {price}。",
};
export const fitsFree: Words = {
  en: "What fits: {plan}. You need not pay anything.",
  zh: "适合：{plan}。你不需要付费。",
};
export const fitsNone: Words = {
  en: "No plan has room for all of it. A disk of your own does.",
  zh: "没有方案能容纳全部内容。你自己的磁盘可以。",
};
export const besides: Words = { en: "Beside that:", zh: "对比：" };
export const disks: Words = {
  en: "Two disks of {size} of your own cost about {price}, once. Keepsake writes to them without a plan (`keepsake init FOLDER`), with the same code; a fire or a thief takes both where they lie in one room.",
  zh: "自己的两块 {size} 磁盘约 {price}，一次性。念存无需方案即可写入（`keepsake init 文件夹`），所用代码完全相同；但若放在同一间屋里，火灾或失窃会同时失去两块。",
};
export const phoneCloud: Words = {
  en: "{size} in a phone maker's cloud are about {price} a year. It keeps the phone as a whole, as it is now: not searchable there, and gone with what the phone lost.",
  zh: "手机厂商云空间 {size} 每年约 {price}。它保存的是整部手机当前的状态：不能在其中搜索，手机里丢了的也会随之丢失。",
};
export const roaming: Words = {
  en: "Roaming of messages, as one messenger sells it: {days} days back for {price} a year. What is older is not there.",
  zh: "某聊天软件出售的消息漫游：回溯 {days} 天，每年 {price}。更早的不在其中。",
};
export const reported: Words = {
  en: "What was told of in 2021 and never sold: {iphone} a year on iPhone, {android} on Android, without a word of how much room.",
  zh: "2021 年传闻、从未出售的价格：iPhone 每年 {iphone}，安卓每年 {android}，没有说明容量。",
};
export const listPrices: Words = {
  en: "Prices beside ours are rough figures that we did not check: look them up before you decide.",
  zh: "对比价格只是大致数字，未经我们核实，决定前请自行查证。",
};
