import type { Words } from "../../language.ts";

type Columns<N extends string> = Readonly<Record<N, Words>>;

export const askName: Words = { en: "Name at this server: ", zh: "在该服务器的名称：" };
export const askInvitation: Words = { en: "Invitation: ", zh: "邀请码：" };
export const signedUp: Words = {
  en: "You are a member of {url} now. Your name there is {name}: write it down, you log in with it on other devices.",
  zh: "你已成为 {url} 的成员。你在那里的名称是 {name}，请记下，在其他设备上登录时需要。",
};
export const whatNext: Words = {
  en: "Put a copy of your vault there with: keepsake copy --to {url}\nOr make a new vault there with: keepsake init {url}",
  zh: "把保险库的副本放到那里：keepsake copy --to {url}\n或在那里新建保险库：keepsake init {url}",
};
export const loggedIn: Words = {
  en: "This device is logged in to {url} as {name}.",
  zh: "本设备已以 {name} 登录 {url}。",
};
export const loggedOut: Words = {
  en: "This device is logged out of {url}. What you stored there stays.",
  zh: "本设备已退出 {url}。你存放在那里的内容不受影响。",
};
export const passwordChanged: Words = {
  en: "The login password is changed. Other devices that were logged out: {n}.",
  zh: "登录密码已更改。已退出登录的其他设备：{n} 台。",
};
export const ended: Words = { en: "Logged out: {n}.", zh: "已退出登录：{n} 台。" };
export const endOthers: Words = {
  en: "Log all other devices out of {url}?",
  zh: "要让其他所有设备退出 {url} 吗？",
};
export const sessionColumns: Columns<"id" | "platform" | "created" | "seen" | "state"> = {
  id: { en: "id", zh: "编号" },
  platform: { en: "kind", zh: "类型" },
  created: { en: "since", zh: "登录于" },
  seen: { en: "last used", zh: "最近使用" },
  state: { en: "", zh: "" },
};
export const thisDevice: Words = { en: "this device", zh: "本设备" };
export const limitedUntil: Words = { en: "may not read until {time}", zh: "{time} 之前不能读取" };
export const room: Words = { en: "Used {used} of {quota}.", zh: "已用 {used}，共 {quota}。" };
export const eventColumns: Columns<"time" | "kind" | "session" | "details"> = {
  time: { en: "when", zh: "时间" },
  kind: { en: "what", zh: "事件" },
  session: { en: "by device", zh: "设备" },
  details: { en: "", zh: "" },
};
export const noCopies: Words = {
  en: "This device knows of one copy only. `keepsake copy --to` makes a second one.",
  zh: "本设备只知道一份副本。可用 `keepsake copy --to` 建立第二份。",
};
export const level: Words = { en: "{place}: level.", zh: "{place}：已一致。" };
export const brought: Words = {
  en: "{place}: brought level, {packs} packs, {size}.",
  zh: "{place}：已补齐，{packs} 个数据包，{size}。",
};
export const taken: Words = {
  en: "{place} was ahead: this store was brought level with it.",
  zh: "{place} 更新，已据此补齐本存储。",
};
export const lacking: Words = {
  en: "{place} is not whole:",
  zh: "{place} 不完整：",
};
export const notLevel: Words = {
  en: "The copy {place} is not level: {reason}",
  zh: "副本 {place} 尚未一致：{reason}",
};
export const invited: Words = {
  en: "Good once, until {time}. Whoever has it signs up with: keepsake login {url} --sign-up --invitation {invitation}",
  zh: "可用一次，{time} 前有效。持有者可这样注册：keepsake login {url} --sign-up --invitation {invitation}",
};
export const quotaSet: Words = { en: "This member may store {size} now.", zh: "该成员现在可存 {size}。" };
export const logColumns: Columns<"time" | "kind" | "who" | "details"> = {
  time: { en: "when", zh: "时间" },
  kind: { en: "what", zh: "操作" },
  who: { en: "by", zh: "操作者" },
  details: { en: "", zh: "" },
};
export const memberCloses: Words = {
  en: "This membership ends in {days} days; its devices and contacts are told each day.",
  zh: "该成员将于 {days} 天后注销，期间每天通知其设备和联系方式。",
};
export const memberKept: Words = { en: "This membership goes on.", zh: "已取消注销该成员。" };
export const memberHeld: Words = {
  en: "Nothing of this member is removed for want of payment or of use, until --release.",
  zh: "在 --release 之前，不会因未付费或闲置移除该成员的任何内容。",
};
export const memberReleased: Words = {
  en: "The hold on this member is ended.",
  zh: "已取消对该成员的保留。",
};
export const memberColumns: Columns<"id" | "created" | "used" | "quota"> = {
  id: { en: "member", zh: "成员" },
  created: { en: "since", zh: "加入于" },
  used: { en: "used", zh: "已用" },
  quota: { en: "may use", zh: "可用" },
};
export const sums: Words = {
  en: "{members} members, {vaults} vaults, {objects} objects, {size}.",
  zh: "共 {members} 位成员、{vaults} 个保险库、{objects} 个对象，{size}。",
};
export const jobFailed: Words = {
  en: "The job {kind} of {time} failed ({code}) and is tried again.",
  zh: "{time} 的任务 {kind} 失败（{code}），将重试。",
};
export const jobGivenUp: Words = {
  en: "The job {kind} of {time} failed again and again ({code}) and was given up.",
  zh: "{time} 的任务 {kind} 多次失败（{code}），已放弃。",
};
export const showCode: Words = {
  en: "On a device that has the vault: keepsake enrol {url} --code '{code}'\nThe code is good for two minutes, once. No secret is in it. Where words have to be typed first, begin there with `--code -`, and come back here for a code when it asks.",
  zh: "在已有保险库的设备上运行：keepsake enrol {url} --code '{code}'\n该代码两分钟内有效，仅可用一次，其中不含任何秘密。如果那边需要先输入恢复口令，请先运行 `--code -`，等它询问代码时再回到这里生成。",
};
export const showDigits: Words = {
  en: "{digits}: the other device must show the same six digits. Say yes there.",
  zh: "{digits}：另一台设备应显示相同的六位数字，请在那里确认。",
};
export const compareDigits: Words = {
  en: "{digits}: does the new device show the same six digits? If not, somebody is in between.",
  zh: "{digits}：新设备显示的六位数字是否相同？若不同，说明有人从中作梗。",
};
export const letIn: Words = {
  en: "This device is in: it is logged in to {url}, and opens and writes the vault there.",
  zh: "本设备已加入：已登录 {url}，可以打开并写入那里的保险库。",
};
export const askEnrolCode: Words = {
  en: "Now begin on the new device (keepsake enrol), and give the code that it shows:\n> ",
  zh: "现在在新设备上运行 keepsake enrol，并输入它显示的代码：\n> ",
};
export const deviceLeftBehind: Words = {
  en: "The new device is in the vault, but could not be told so. Take it out again: keepsake keys revoke {writer}. Then begin anew.",
  zh: "新设备已写入保险库，但未能通知到它。请将其移除：keepsake keys revoke {writer}，然后重新开始。",
};
export const deviceAdded: Words = { en: "The new device is in.", zh: "新设备已加入。" };
export const contactAdded: Words = {
  en: "{masked} is told what happens from now on, and can begin a reset of the login password. It opens nothing.",
  zh: "今后会通知 {masked}，也可用它重设登录密码；它不能打开任何内容。",
};
export const contactRemoved: Words = { en: "Removed; it was told so.", zh: "已移除，并已通知对方。" };
export const contactColumns: Columns<"id" | "contact" | "since"> = {
  id: { en: "id", zh: "编号" },
  contact: { en: "contact", zh: "联系方式" },
  since: { en: "since", zh: "添加于" },
};
