import type { Words } from "../../language.ts";

export const room: Words = {
  en: "Room: {used} of {quota} used.",
  zh: "空间：已用 {used}，共 {quota}。",
};
export const weeksGiven: Words = {
  en: "The server is told of which quarter stored files are, and of messages nothing. `keepsake plan {server} --weeks off` ends that.",
  zh: "会告知服务器所存文件属于哪一季；消息不告知。可用 `keepsake plan {server} --weeks off` 关闭。",
};
export const weeksKept: Words = {
  en: "The server is not told how old files are: none is removed for its age.",
  zh: "不告知服务器文件的年代，文件不会因年代被清除。",
};
export const nothingSold: Words = {
  en: "This server sells nothing: its operator gives room.",
  zh: "此服务器不出售方案，空间由管理员分配。",
};
export const noPlan: Words = {
  en: "You have no paid plan here. Nothing is charged. `keepsake plan {server} --buy PLAN --way WAY` begins one.",
  zh: "你在此没有付费方案，不会扣款。可用 `keepsake plan {server} --buy 方案 --way 支付方式` 购买。",
};
export const plans: Words = { en: "Plans, for a year and for a month:", zh: "方案，按年和按月：" };
export const addOns: Words = {
  en: "On top of a plan, bought with --buy like one, for a year and for a month:",
  zh: "方案之上可加购（同样用 --buy），按年和按月：",
};
export const ways: Words = { en: "Ways to pay: {ways}", zh: "支付方式：{ways}" };
export const columns: Readonly<Record<"plan" | "name" | "year" | "month", Words>> = {
  plan: { en: "Plan", zh: "方案" },
  name: { en: "Holds", zh: "内容" },
  year: { en: "A year", zh: "每年" },
  month: { en: "A month", zh: "每月" },
};
export const isTest: Words = {
  en: "TEST: no money moves on this server.",
  zh: "测试：此服务器不发生真实扣款。",
};
export const states: Readonly<Record<string, Words>> = {
  pending: { en: "{plan}: waits to be paid.", zh: "{plan}：等待付款。" },
  trial: { en: "{plan}: a trial, until {date}.", zh: "{plan}：试用至 {date}。" },
  active: { en: "{plan}: paid until {date}.", zh: "{plan}：已付费至 {date}。" },
  canceled: {
    en: "{plan}: paid until {date}, and does not renew. Nothing more is charged.",
    zh: "{plan}：已付费至 {date}，不再续费，也不会再扣款。",
  },
  grace: {
    en: "{plan}: paid until {date}; a charge has not gone through yet. Everything still works.",
    zh: "{plan}：已付费至 {date}，续费尚未成功，目前一切照常。",
  },
  "past-due": {
    en: "{plan}: paid until {date}; nothing new is stored. Reading, restoring and exporting go on.",
    zh: "{plan}：已付费至 {date}，不再存入新内容。阅读、恢复和导出照常。",
  },
  paused: { en: "{plan}: stopped for a while by you.", zh: "{plan}：已由你暂停。" },
  expired: {
    en: "{plan}: ended. Reading, restoring and exporting go on.",
    zh: "{plan}：已到期。阅读、恢复和导出照常。",
  },
  ended: {
    en: "{plan}: paid back, or replaced by another plan.",
    zh: "{plan}：已退款或已更换为其他方案。",
  },
};
export const renews: Words = {
  en: "It renews: {amount} is charged, not before {date}. `keepsake plan {server} --end-renewal` ends that.",
  zh: "会自动续费：{amount}，扣款日不早于 {date}。可用 `keepsake plan {server} --end-renewal` 取消。",
};
export const renewsLater: Words = {
  en: "It renews; you hear of each charge at least five days before. `keepsake plan {server} --end-renewal` ends that.",
  zh: "会自动续费，每次扣款前至少五天会通知你。可用 `keepsake plan {server} --end-renewal` 取消。",
};
export const offered: Words = {
  en: "{plan}: {price}. Taken off: {off}. The store's fee: {fee}. To pay now: {amount}.",
  zh: "{plan}：{price}，减免 {off}，商店手续费 {fee}，现在应付 {amount}。",
};
export const offeredRenewal: Words = {
  en: "It then renews at {amount}, as you chose.",
  zh: "之后按你的选择自动续费，每期 {amount}。",
};
export const offeredLater: Words = {
  en: "That holds for {terms} further terms; each after them costs {amount}.",
  zh: "此价适用于之后 {terms} 期，再往后每期 {amount}。",
};
export const askBuy: Words = { en: "Begin to buy it?", zh: "开始购买吗？" };
export const offeredTrial: Words = {
  en: "{plan} for {days} days for nothing, once for each member. It ends by itself after {date}. Nothing is charged, then or now, and no payment detail is asked for; what you store stays readable.",
  zh: "免费试用 {plan} {days} 天，每位成员一次。{date} 之后自动结束。现在和到期都不扣款，也不需要付款信息；存入的内容仍可读取。",
};
export const askTry: Words = { en: "Begin the trial?", zh: "开始试用吗？" };
export const tried: Words = { en: "The trial has begun.", zh: "试用已开始。" };
export const openPage: Words = { en: "Open this page to pay: {url}", zh: "请打开此页面付款：{url}" };
export const scan: Words = {
  en: "Scan this with the app of {way}:",
  zh: "请用 {way} 扫描：",
};
export const transfer: Words = {
  en: "Transfer {amount} to: {to}\nPurpose: {purpose}\nThe operator confirms it once it has arrived.",
  zh: "请转账 {amount} 至：{to}\n附言：{purpose}\n到账后由管理员确认。",
};
export const elsewhere: Words = {
  en: "This way to pay works in its own app only. Choose another one here.",
  zh: "这种支付方式只能在其应用内使用，请在此选择其他方式。",
};
export const waiting: Words = {
  en: "Waiting until it is paid. Ctrl-C stops waiting, not the payment.",
  zh: "正在等待付款完成。按 Ctrl-C 只停止等待，不影响付款。",
};
export const redeemed: Words = { en: "The code was redeemed.", zh: "兑换成功。" };
export const renewalEnded: Words = {
  en: "It does not renew any more: nothing more is charged.",
  zh: "已取消续费，不会再扣款。",
};
export const refunds: Words = {
  en: "{amount} would be paid back, and the plan would end now. What is stored stays readable.",
  zh: "将退还 {amount}，方案立即结束，已存内容仍可读取。",
};
export const fair: Words = {
  en: "Restoring everything more than {times} times in a year may be slowed down.",
  zh: "一年内完整恢复超过 {times} 次的，恢复速度可能放慢。",
};
export const noRefund: Words = { en: "Nothing is to be paid back.", zh: "没有可退款项。" };
export const askRefund: Words = { en: "End it and have that paid back?", zh: "结束并退款吗？" };
export const refunded: Words = {
  en: "The plan has ended; the money goes back the way it came.",
  zh: "方案已结束，款项将原路退回。",
};
