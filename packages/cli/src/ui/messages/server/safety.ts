import type { Words } from "../../language.ts";

export const resetBegun: Words = {
  en: "The new login password is set, and this device is logged in. Until {time} it reads and changes nothing at {url}, and any device that was logged in before can take the reset back. With the recovery words it is lifted at once: keepsake access {url} --prove words",
  zh: "已设置新的登录密码，本设备已登录。{time} 之前，本设备在 {url} 不能读取或更改任何内容，之前登录的任一设备都可取消这次重设。用恢复口令可立即解除限制：keepsake access {url} --prove words",
};
export const resetCancelled: Words = {
  en: "The reset is taken back: the old login password is good again. Devices that were logged out: {n}.",
  zh: "已取消重设，原登录密码恢复有效。已退出登录的设备：{n} 台。",
};
export const accessAdded: Words = {
  en: "Added: a login that is limited becomes full by it. It opens nothing.",
  zh: "已添加：受限的登录可用它解除限制。它不能打开任何内容。",
};
export const accessRemoved: Words = { en: "Removed.", zh: "已移除。" };
export const accessProven: Words = {
  en: "This login is not limited any more.",
  zh: "本设备的登录已解除限制。",
};
export const noAccess: Words = {
  en: "There is none yet. `--add words` adds one from the recovery words: after a forgotten login password it spares you seven days.",
  zh: "还没有。用 `--add words` 从恢复口令添加一个：忘记登录密码重设后，可免去七天等待。",
};
export const accessKinds: Readonly<Record<"words" | "device", Words>> = {
  words: { en: "recovery words", zh: "恢复口令" },
  device: { en: "a device of the vault", zh: "保险库的设备" },
};
export const accessColumns: Readonly<Record<"id" | "kind" | "since", Words>> = {
  id: { en: "id", zh: "编号" },
  kind: { en: "comes from", zh: "来自" },
  since: { en: "since", zh: "添加于" },
};
export const yourApp: Words = { en: "your authenticator app", zh: "身份验证器" };
export const askTotp: Words = {
  en: "Code that your authenticator app shows: ",
  zh: "身份验证器显示的验证码：",
};
export const scanTotp: Words = {
  en: "Scan this with an authenticator app, or type the letters into it. Then give the code that it shows.",
  zh: "请用身份验证器扫描，或手动输入上面的字母，然后输入它显示的验证码。",
};
export const totpIs: Readonly<Record<"on" | "off", Words>> = {
  on: {
    en: "The second factor is on: every login asks for the code of your authenticator app.",
    zh: "两步验证已开启：每次登录都需要身份验证器的验证码。",
  },
  off: { en: "The second factor is off.", zh: "两步验证已关闭。" },
};
export const approvalIs: Readonly<Record<"on" | "off", Words>> = {
  on: {
    en: "New logins by password wait for another device, for 72 hours at most: `keepsake devices ADDRESS --approve ID` there.",
    zh: "今后用密码新登录的设备须由其他设备确认，最长等待 72 小时：在其他设备上运行 `keepsake devices 地址 --approve 编号`。",
  },
  off: { en: "New logins by password are full at once.", zh: "今后用密码新登录的设备立即可用。" },
};
export const approved: Words = { en: "The device is approved.", zh: "已确认该设备。" };
export const isLimited: Words = {
  en: "Until {time} this login reads and changes nothing. Another device lifts that with: keepsake devices {url} --approve {session}\nOr the recovery words here: keepsake access {url} --prove words",
  zh: "{time} 之前，本次登录不能读取或更改任何内容。可在其他设备上解除：keepsake devices {url} --approve {session}\n或在此用恢复口令解除：keepsake access {url} --prove words",
};
export const passkeyRemoved: Words = { en: "The passkey is removed.", zh: "已移除该通行密钥。" };
export const passkeyColumns: Readonly<Record<"id" | "since" | "used", Words>> = {
  id: { en: "id", zh: "编号" },
  since: { en: "since", zh: "添加于" },
  used: { en: "last used", zh: "最近使用" },
};
export const noPasskeys: Words = {
  en: "There is none. Passkeys are made in a browser.",
  zh: "还没有。通行密钥在浏览器中添加。",
};
export const trashRestored: Words = {
  en: "Brought back: {n} objects, as they were at {time}. Look at the vault with `keepsake check`; the next backup names its keys to the server again.",
  zh: "已恢复 {n} 个对象，均为 {time} 时的样子。请用 `keepsake check` 查看；下次备份会重新向服务器登记密钥。",
};
export const trashColumns: Readonly<Record<"name" | "size" | "time" | "session", Words>> = {
  name: { en: "object", zh: "对象" },
  size: { en: "size", zh: "大小" },
  time: { en: "removed", zh: "删除于" },
  session: { en: "by device", zh: "设备" },
};
export const trashSum: Words = {
  en: "Removed and still there: {n} objects, {size}.",
  zh: "已删除但仍可恢复：{n} 个对象，{size}。",
};
