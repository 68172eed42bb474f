import type { Words } from "../../language.ts";

export const columns: Readonly<Record<"id" | "size" | "versions" | "newest" | "note", Words>> = {
  id: { en: "vault", zh: "保险库" },
  size: { en: "size", zh: "大小" },
  versions: { en: "versions", zh: "版本数" },
  newest: { en: "newest", zh: "最新版本" },
  note: { en: "", zh: "" },
};
export const meant: Words = {
  en: "meant here where none is named",
  zh: "本设备未指明时使用",
};
export const none: Words = { en: "There is no vault of yours there.", zh: "那里没有你的保险库。" };
export const copied: Words = {
  en: "Who runs the server made a backup of all that it holds: {time}. What is in it stays sealed.",
  zh: "服务器管理员最近一次备份服务器全部内容：{time}。其中内容仍是加密的。",
};
export const askRemove: Words = {
  en: "Put all of {address} ({size}) into the trash? It can be had back for {days} days. This device knows these other copies: {others}",
  zh: "要把 {address}（{size}）全部移入回收站吗？{days} 天内可恢复。本设备所知的其他副本：{others}",
};
export const askRemoveLast: Words = {
  en: "Put all of {address} ({size}) into the trash? It can be had back for {days} days. This device knows of no other copy: after that it may be gone for good.",
  zh: "要把 {address}（{size}）全部移入回收站吗？{days} 天内可恢复。本设备不知道其他副本，过期后可能彻底消失。",
};
export const removed: Words = {
  en: "In the trash: {n} objects. For {days} days they come back with: keepsake trash {address} --restore-since {since}\nThis device does not keep that copy level any more. Other devices that do would fill it again: log them out there, or run this there as well.",
  zh: "已移入回收站：{n} 个对象。{days} 天内可这样恢复：keepsake trash {address} --restore-since {since}\n本设备不再同步这份副本。仍在同步它的其他设备会重新填充它：请在那些设备上退出登录，或同样运行此命令。",
};
