import type { Words } from "../../language.ts";

export const giveCard: Words = {
  en: "This is your card. Give it, face to face, to whoever may want your help; no secret is in it. They set it with: keepsake family ADDRESS --set 'CARD'",
  zh: "这是你的求助卡，请当面交给可能需要你协助的人，其中不含任何秘密。对方这样设置：keepsake family 地址 --set '求助卡'",
};
export const set: Words = {
  en: "The helper can open your vault {days} days after asking the server to; every day of these you are told, and may say no.",
  zh: "协助人向服务器提出请求 {days} 天后可打开你的保险库；期间每天通知你，你可随时拒绝。",
};
export const notForgotten: Words = {
  en: "The server could not be told to forget the helper before. Remove what `keepsake family ADDRESS` still lists.",
  zh: "未能通知服务器忘记之前的协助人。请移除 `keepsake family 地址` 仍列出的项。",
};
export const started: Words = {
  en: "The wait has begun: the owner is told now and every day, and may say no.",
  zh: "等待期已开始：本人现在及之后每天都会收到通知，并可拒绝。",
};
export const vetoed: Words = {
  en: "You said no: the wait is over and has counted for nothing.",
  zh: "已拒绝：等待期中止，不作数。",
};
export const taken: Words = {
  en: "These 24 words open the other's vault: tell them to the owner, in person. They are kept nowhere.",
  zh: "这 24 个词可打开对方的保险库：请当面告诉本人。它们不保存在任何地方。",
};
export const takenToFile: Words = {
  en: "The 24 words in that file open the other's vault: hand them to the owner, in person, and delete the file. They are kept nowhere else.",
  zh: "该文件中的 24 个词可打开对方的保险库：请当面交给本人，然后删除文件。它们不保存在其他任何地方。",
};
export const reallyRemove: Words = {
  en: "End this help? The helper can then open nothing that is written from now on.",
  zh: "要取消这项协助吗？协助人将不能打开今后写入的内容。",
};
export const removed: Words = { en: "The help is ended.", zh: "已取消协助。" };
export const yours: Words = { en: "yours", zh: "你的" };
export const theirs: Words = { en: "you help", zh: "你协助他人" };
export const states: Readonly<Record<"kept" | "waiting" | "released", Words>> = {
  kept: { en: "nobody asked", zh: "无人请求" },
  waiting: { en: "asked for, open from {day} on", zh: "已请求，{day} 起可打开" },
  released: { en: "the wait is over", zh: "等待期已满" },
};
export const columns: Readonly<Record<"share" | "whose" | "state" | "days" | "told", Words>> = {
  share: { en: "share", zh: "编号" },
  whose: { en: "whose", zh: "归属" },
  state: { en: "state", zh: "状态" },
  days: { en: "days of wait", zh: "等待天数" },
  told: { en: "times the owner was told", zh: "已通知本人次数" },
};
export const none: Words = {
  en: "No help is set up. The helper makes a card with --offer, you set it with --set.",
  zh: "尚未设置家人协助。由协助人用 --offer 生成求助卡，你用 --set 设置。",
};
