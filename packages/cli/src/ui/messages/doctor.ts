import type { Words } from "../language.ts";

export const node: Words = { en: "Node {version}.", zh: "Node {version}。" };
export const writable: Words = { en: "The store can be written.", zh: "存储可以写入。" };
export const readOnly: Words = {
  en: "The store cannot be written: look at the permissions of the folder, or of the access key.",
  zh: "存储无法写入：请检查文件夹或访问密钥的权限。",
};
export const links: Words = { en: "The store has hard links.", zh: "存储支持硬链接。" };
export const noLinks: Words = {
  en: "The store has no hard links; it works without.",
  zh: "存储不支持硬链接，不影响使用。",
};
export const room: Words = { en: "{size} are free.", zh: "剩余空间 {size}。" };
export const littleRoom: Words = { en: "Only {size} are free.", zh: "剩余空间仅 {size}。" };
export const device: Words = {
  en: "This device may write (devices in all: {n}).",
  zh: "本设备可以写入（共 {n} 台设备）。",
};
export const noDevice: Words = {
  en: "This device may only read; `keepsake keys join` adds it.",
  zh: "本设备只能读取，可用 `keepsake keys join` 加入。",
};
export const password: Words = { en: "A password is set.", zh: "已设置密码。" };
export const noPassword: Words = {
  en: "No password is set: the words and the devices open the vault.",
  zh: "未设置密码：凭恢复口令和设备打开。",
};
export const wordsChecked: Words = {
  en: "The recovery words were checked on {day}.",
  zh: "恢复口令已于 {day} 核对。",
};
export const wordsLong: Words = {
  en: "The recovery words were last checked on {day}: see whether you still have them, with `keepsake keys kit`.",
  zh: "恢复口令上次核对是 {day}：请用 `keepsake keys kit` 确认你仍保有它们。",
};
export const wordsNever: Words = {
  en: "The recovery words were never checked here: do it now with `keepsake keys kit`.",
  zh: "恢复口令从未在本机核对过：请用 `keepsake keys kit` 核对。",
};
export const clock: Words = { en: "The clock goes on from the last version.", zh: "时钟正常。" };
export const clockBehind: Words = {
  en: "The newest version lies in the future: look at this machine's clock.",
  zh: "最新版本的时间在未来：请检查本机时钟。",
};
export const copies: Words = {
  en: "Copies that this device knows of: {n}.",
  zh: "本设备已知的副本：{n} 份。",
};
export const versions: Words = {
  en: "Versions: {n}; the newest is number {head}.",
  zh: "共 {n} 个版本，最新为 {head}。",
};
export const backedUp: Words = { en: "The last backup was on {day}.", zh: "上次备份：{day}。" };
export const oldBackup: Words = {
  en: "The last backup was on {day}: that is long ago.",
  zh: "上次备份是 {day}，时间已久。",
};
export const neverBackedUp: Words = { en: "Nothing was backed up yet.", zh: "还没有备份过。" };
