import type { Words } from "../../language.ts";

export const knownColumns: Readonly<Record<"place" | "version" | "leveled", Words>> = {
  place: { en: "Known copy", zh: "已知副本" },
  version: { en: "Version", zh: "版本" },
  leveled: { en: "Made level", zh: "最近一致" },
};
export const server: Words = {
  en: "{server}: {used} of {quota} used.",
  zh: "{server}：已用 {used}，共 {quota}。",
};
export const notReached: Words = { en: "{server}:", zh: "{server}：" };
export const limitedUntil: Words = {
  en: "Until {value} this login reads and changes nothing.",
  zh: "{value} 之前，本设备的登录不能读取或更改任何内容。",
};
export const resetUntil: Words = {
  en: "The login password was reset. If that was not you, take it back before {value}: keepsake login-password {server} --cancel-reset",
  zh: "登录密码已被重设。若非本人操作，请在 {value} 前取消：keepsake login-password {server} --cancel-reset",
};
export const closesIn: Words = {
  en: "The membership ends in {value} days. To stay: keepsake close {server} --take-back",
  zh: "成员身份将在 {value} 天后注销。如需保留：keepsake close {server} --take-back",
};
export const closedFor: Words = {
  en: "The operator ends the membership in {value} days. Copy the vault elsewhere (keepsake copy), and ask the operator.",
  zh: "管理员将在 {value} 天后注销该成员身份。请将保险库复制到别处（keepsake copy），并联系管理员。",
};
export const helpFrom: Words = {
  en: "A helper asked to open your vault, and can from {value} on. To say no: keepsake family {server}",
  zh: "协助人已请求打开你的保险库，{value} 起可打开。如需拒绝：keepsake family {server}",
};
export const waitingDevices: Words = {
  en: "Devices that wait to be approved: {value}. See keepsake devices {server}",
  zh: "等待确认的设备：{value} 台。请查看 keepsake devices {server}",
};
export const unseenEvents: Words = {
  en: "New since you looked last: {value}. See keepsake events {server}",
  zh: "自上次查看以来的新事件：{value} 条。请查看 keepsake events {server}",
};
